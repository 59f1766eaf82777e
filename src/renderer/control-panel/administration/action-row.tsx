import { Button, Link, makeStyles, mergeClasses, tokens } from '@fluentui/react-components';
import { CheckmarkCircle16Filled } from '@fluentui/react-icons/svg/checkmark-circle';
import { LockClosed16Regular } from '@fluentui/react-icons/svg/lock-closed';
import { Warning16Filled } from '@fluentui/react-icons/svg/warning';
import { useEffect, useId, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { useDestructiveStyles } from '../destructive-styles.ts';
import type { PinRole } from '../pin-role.ts';
import type { ObstacleWords } from './obstacle-words.ts';

const useStyles = makeStyles({
  row: {
    display: 'grid',
    gridTemplateColumns: '24px minmax(0, 1fr) auto',
    alignItems: 'center',
    columnGap: '14px',
    minHeight: '60px',
    boxSizing: 'border-box',
    padding: '5px 12px 5px 16px',
    borderTop: `1px solid ${tokens.colorNeutralStroke2}`,
    ':first-child': { borderTopStyle: 'none' },
    '@media (max-width: 640px)': { gridTemplateColumns: 'minmax(0, 1fr)', rowGap: '8px' },
  },
  icon: {
    color: tokens.colorNeutralForeground2,
    display: 'grid',
    '@media (max-width: 640px)': { display: 'none' },
  },
  name: { margin: 0, fontSize: tokens.fontSizeBase300, lineHeight: tokens.lineHeightBase300 },
  text: { margin: 0, color: tokens.colorNeutralForeground2 },
  note: { display: 'grid', gridTemplateColumns: '16px minmax(0, 1fr)', columnGap: '6px' },
  noteIcon: { marginBlockStart: '2px' },
  obstacle: { color: tokens.colorNeutralForeground2 },
  warning: { color: tokens.colorStatusWarningForeground3, fontWeight: tokens.fontWeightSemibold },
  done: { color: tokens.colorStatusSuccessForeground1, fontWeight: tokens.fontWeightSemibold },
  link: { fontWeight: tokens.fontWeightRegular },
  button: { minWidth: '168px', whiteSpace: 'nowrap' },
});

/**
 * One action: its name, one sentence, its button. A button that does nothing now says why, and leads to the login that
 * would change it. What was done last is told in place of the sentence, so that nothing moves.
 */
export function ActionRow({
  icon,
  name,
  text,
  button,
  obstacle,
  warning,
  done,
  destructive = false,
  onChoose,
  onLogIn,
  takeFocus,
}: {
  icon: ReactNode;
  name: string;
  text: string;
  button: string;
  obstacle?: ObstacleWords | undefined;
  warning?: string | undefined;
  done?: string | undefined;
  destructive?: boolean;
  onChoose: (opener: HTMLElement) => void;
  /** `undefined` as role: either may. */
  onLogIn: (role: PinRole | undefined, returnTo: HTMLElement | null) => void;
  /** Asked when the row appears. */
  takeFocus?: () => boolean;
}) {
  const styles = useStyles();
  const destructiveStyles = useDestructiveStyles();
  const { t } = useTranslation();
  const id = useId();
  const { logInAs } = obstacle ?? {};
  useEffect(() => {
    if (takeFocus?.() === true) document.getElementById(`${id}button`)?.focus();
  }, [takeFocus, id]);
  return (
    <li className={styles.row}>
      <span aria-hidden className={styles.icon}>
        {icon}
      </span>
      <div>
        <h3 id={`${id}name`} className={styles.name}>
          {name}
        </h3>
        <div role="status">
          {done !== undefined && (
            <Note icon={<CheckmarkCircle16Filled aria-hidden />} className={styles.done}>
              {done}
            </Note>
          )}
        </div>
        {done === undefined && <p className={styles.text}>{text}</p>}
        {warning !== undefined && (
          <Note icon={<Warning16Filled aria-hidden />} className={styles.warning}>
            {warning}
          </Note>
        )}
        {obstacle !== undefined && (
          <Note icon={<LockClosed16Regular aria-hidden />} className={styles.obstacle}>
            <span id={`${id}obstacle`}>{obstacle.text}</span>
            {logInAs !== undefined && (
              <>
                {' '}
                <Link
                  as="button"
                  inline
                  className={styles.link}
                  aria-describedby={`${id}name`}
                  onClick={() => {
                    onLogIn(logInAs === 'any' ? undefined : logInAs, document.getElementById(`${id}button`));
                  }}
                >
                  {t('controlPanel.logIn')}
                </Link>
              </>
            )}
          </Note>
        )}
      </div>
      <Button
        id={`${id}button`}
        className={mergeClasses(
          styles.button,
          destructive && obstacle === undefined && destructiveStyles.button,
        )}
        appearance="outline"
        // Can be reached all the same: what it says about itself is the answer to why it does nothing.
        disabledFocusable={obstacle !== undefined}
        aria-labelledby={`${id}button ${id}name`}
        aria-describedby={obstacle === undefined ? undefined : `${id}obstacle`}
        onClick={(event) => {
          if (obstacle === undefined) onChoose(event.currentTarget);
        }}
      >
        {button}
      </Button>
    </li>
  );
}

function Note({ icon, className, children }: { icon: ReactNode; className?: string; children: ReactNode }) {
  const styles = useStyles();
  return (
    <div className={mergeClasses(styles.note, className)}>
      <span className={styles.noteIcon}>{icon}</span>
      <span>{children}</span>
    </div>
  );
}
