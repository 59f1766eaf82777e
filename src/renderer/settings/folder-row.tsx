import { Button, makeStyles, tokens } from '@fluentui/react-components';
import { FolderOpen20Regular } from '@fluentui/react-icons/svg/folder-open';
import { useTranslation } from 'react-i18next';

const useStyles = makeStyles({
  row: {
    display: 'grid',
    gridTemplateColumns: 'minmax(0, 1fr) auto',
    alignItems: 'center',
    gap: '4px 16px',
    marginBlockEnd: '16px',
    '@media (max-width: 640px)': { gridTemplateColumns: 'minmax(0, 1fr)', justifyItems: 'start' },
  },
  path: { overflowWrap: 'anywhere', color: tokens.colorNeutralForeground2 },
  hint: {
    color: tokens.colorNeutralForeground3,
    fontSize: tokens.fontSizeBase200,
    lineHeight: tokens.lineHeightBase200,
  },
  button: { whiteSpace: 'nowrap' },
});

/** A folder of Kilt's: where it is, what lies in it, and a button that shows it in the system's file manager. */
export function FolderRow({
  name,
  path,
  hint,
  openLabel,
  onOpen,
}: {
  name: string;
  path: string;
  hint?: string;
  /** For screen readers: which folder. */
  openLabel: string;
  onOpen: () => void;
}) {
  const styles = useStyles();
  const { t } = useTranslation();
  return (
    <div className={styles.row}>
      <div>
        <div>{name}</div>
        <div className={`${styles.path} selectable`}>{path}</div>
        {hint !== undefined && <div className={styles.hint}>{hint}</div>}
      </div>
      <Button
        className={styles.button}
        icon={<FolderOpen20Regular aria-hidden />}
        aria-label={openLabel}
        onClick={onOpen}
      >
        {t('settings.openFolder')}
      </Button>
    </div>
  );
}
