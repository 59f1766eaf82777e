import { makeStyles, tokens } from '@fluentui/react-components';
import { useTranslation } from 'react-i18next';
import { ActDrawing, OtpCardDrawing, UsbStickDrawing } from '../drawings/paper-drawings.tsx';
import type { HelpSubject } from './registration-data-fields.tsx';

const useStyles = makeStyles({
  row: {
    display: 'grid',
    gridTemplateColumns: 'minmax(0, 440px) minmax(140px, 200px)',
    columnGap: '32px',
    rowGap: '16px',
    alignItems: 'start',
    '@media (max-width: 960px)': { gridTemplateColumns: 'minmax(0, 1fr)' },
  },
  help: {
    display: 'grid',
    gap: '8px',
    margin: 0,
    color: tokens.colorNeutralForeground2,
    fontSize: tokens.fontSizeBase200,
    lineHeight: tokens.lineHeightBase200,
    '@media (max-width: 960px)': {
      gridTemplateColumns: '150px minmax(0, 1fr)',
      alignItems: 'center',
      columnGap: '16px',
      order: -1,
      minHeight: '96px',
    },
  },
});

/** Fields at the left; at the right, for the field one is in, a picture of where its value is printed. */
export function WithFieldHelp({ subject, children }: { subject: HelpSubject; children: React.ReactNode }) {
  const styles = useStyles();
  const { t } = useTranslation();
  return (
    <div className={styles.row}>
      {children}
      <figure className={styles.help}>
        {subject === 'userId' && <ActDrawing label={t('fields.userId')} />}
        {subject === 'registrationPin' && <OtpCardDrawing label={t('fields.registrationPin')} />}
        {subject === 'keyFile' && <UsbStickDrawing />}
        <figcaption>{t(`wizard.data.help.${subject}`)}</figcaption>
      </figure>
    </div>
  );
}
