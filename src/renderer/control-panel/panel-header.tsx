import { Button, makeStyles, mergeClasses, tokens } from '@fluentui/react-components';
import { PersonAvailable20Filled } from '@fluentui/react-icons/svg/person-available';
import { PersonProhibited20Regular } from '@fluentui/react-icons/svg/person-prohibited';
import { useTranslation } from 'react-i18next';
import type { PanelView } from '#shared/control-panel-views.ts';
import { formatTime } from '#shared/texts/formats.ts';
import { TokenDrawing } from '../drawings/token-drawing.tsx';
import { areFew } from '../fields/few-attempts.ts';
import { pinOf, pinRoles } from './pin-role.ts';

const useStyles = makeStyles({
  header: {
    display: 'grid',
    gridTemplateColumns: 'auto minmax(0, 1fr) auto',
    alignItems: 'center',
    columnGap: '20px',
    padding: '10px 16px',
    borderRadius: tokens.borderRadiusXLarge,
    backgroundColor: tokens.colorNeutralBackground3,
    '@media (forced-colors: active)': { border: '1px solid CanvasText' },
    '@media (max-width: 640px)': { gridTemplateColumns: 'minmax(0, 1fr)', rowGap: '10px' },
  },
  title: { display: 'flex', flexWrap: 'wrap', alignItems: 'baseline', columnGap: '16px' },
  name: {
    margin: 0,
    fontSize: tokens.fontSizeBase500,
    lineHeight: tokens.lineHeightBase500,
    fontWeight: tokens.fontWeightSemibold,
    overflowWrap: 'anywhere',
  },
  line: {
    display: 'flex',
    flexWrap: 'wrap',
    columnGap: '16px',
    color: tokens.colorNeutralForeground2,
    fontVariantNumeric: 'tabular-nums',
  },
  blocked: { color: tokens.colorStatusDangerForeground3, fontWeight: tokens.fontWeightSemibold },
  few: { color: tokens.colorStatusWarningForeground3, fontWeight: tokens.fontWeightSemibold },
  rights: {
    display: 'grid',
    gridTemplateColumns: '20px minmax(0, 1fr)',
    columnGap: '8px',
    marginBlockStart: '4px',
  },
  loggedIn: { fontWeight: tokens.fontWeightSemibold },
  loggedInIcon: { color: tokens.colorBrandForeground1 },
  until: { color: tokens.colorNeutralForeground2 },
  buttons: { display: 'grid', gap: '8px', '& > button': { minWidth: '152px', whiteSpace: 'nowrap' } },
});

/** The token, who is logged in on it, «Ввести PIN-код…» or «Выйти», and «Информация…», which needs nobody's rights. */
export function PanelHeader({
  panel,
  loginRef,
  leaving,
  onLogIn,
  onLogOut,
  onInformation,
}: {
  panel: PanelView;
  loginRef: (button: HTMLElement | null) => void;
  leaving: boolean;
  onLogIn: () => void;
  onLogOut: () => void;
  onInformation: (opener: HTMLElement) => void;
}) {
  const styles = useStyles();
  const { t } = useTranslation();
  const { information, rights } = panel;
  // Before a format is finished the token has nobody who could log in.
  const hasPins = information.layout !== 'half-formatted';
  return (
    <section className={styles.header} aria-label={t('controlPanel.tokenList')}>
      <TokenDrawing width={84} />
      <div>
        <div className={styles.title}>
          <h2 className={mergeClasses(styles.name, 'selectable')}>
            {information.label?.trim() || t('controlPanel.noName')}
          </h2>
          <div className={mergeClasses(styles.line, 'selectable')}>
            <span>{t('controlPanel.serial', { serial: information.serial })}</span>
            <span>{t('controlPanel.serialDecimal', { decimal: information.serialDecimal })}</span>
          </div>
        </div>
        {hasPins && (
          <div className={styles.line}>
            {pinRoles.map((role) => {
              const { blocked, attemptsLeft: left, maxAttempts } = pinOf(information, role);
              if (blocked)
                return (
                  <span key={role} className={styles.blocked}>
                    {t(`controlPanel.blockedPin.${role}`)}
                  </span>
                );
              return left === null || maxAttempts === null ? null : (
                <span key={role} className={mergeClasses(areFew(left) && left < maxAttempts && styles.few)}>
                  {t(`controlPanel.attemptsOf.${role}`, { left, max: maxAttempts })}
                </span>
              );
            })}
          </div>
        )}
        {hasPins && (
          <div className={styles.rights}>
            {rights === null ? (
              <PersonProhibited20Regular aria-hidden />
            ) : (
              <PersonAvailable20Filled aria-hidden className={styles.loggedInIcon} />
            )}
            <div>
              <span role="status" className={styles.loggedIn}>
                {rights === null
                  ? t('controlPanel.rights.none')
                  : t(`controlPanel.rights.${rights.role}`, { time: formatTime(new Date(rights.since)) })}
              </span>
              {/* One line more or less would move everything below at every login. */}
              <div className={styles.until}>
                {t(rights === null ? 'controlPanel.rights.noneText' : 'controlPanel.rights.until')}
              </div>
            </div>
          </div>
        )}
      </div>
      <div className={styles.buttons}>
        {hasPins && (
          <Button
            ref={loginRef}
            appearance={rights === null ? 'primary' : 'secondary'}
            disabledFocusable={leaving}
            onClick={rights === null ? onLogIn : onLogOut}
          >
            {t(rights === null ? 'controlPanel.logIn' : 'controlPanel.logOut')}
          </Button>
        )}
        <Button
          onClick={(event) => {
            onInformation(event.currentTarget);
          }}
        >
          {t('controlPanel.information.button')}
        </Button>
      </div>
    </section>
  );
}
