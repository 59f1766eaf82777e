import { Link, makeStyles, tokens } from '@fluentui/react-components';
import { LockClosed16Regular } from '@fluentui/react-icons/svg/lock-closed';
import { useTranslation } from 'react-i18next';
import type { ObstacleWords } from '../administration/obstacle-words.ts';

const useStyles = makeStyles({
  note: {
    display: 'grid',
    gridTemplateColumns: '16px minmax(0, 1fr)',
    columnGap: '6px',
    color: tokens.colorNeutralForeground2,
    '& > svg': { marginBlockStart: '2px' },
  },
});

/** Why a button does nothing now, and the login that would change it. */
export function ObstacleNote({
  id,
  words,
  onLogIn,
}: {
  id: string;
  words: ObstacleWords;
  onLogIn: () => void;
}) {
  const styles = useStyles();
  const { t } = useTranslation();
  return (
    <span className={styles.note}>
      <LockClosed16Regular aria-hidden />
      <span>
        <span id={id}>{words.text}</span>
        {words.logInAs !== undefined && (
          <>
            {' '}
            <Link as="button" inline onClick={onLogIn}>
              {t('controlPanel.logIn')}
            </Link>
          </>
        )}
      </span>
    </span>
  );
}
