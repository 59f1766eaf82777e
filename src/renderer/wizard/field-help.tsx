import { makeStyles, tokens } from '@fluentui/react-components';
import { useTranslation } from 'react-i18next';
import type { BankView, Language } from '#shared/views.ts';
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

/**
 * Fields at the left; at the right, for the field one is in, a picture of where its value is printed, and the bank's own
 * words for it where it has some.
 */
export function WithFieldHelp({
  subject,
  bank,
  children,
}: {
  subject: HelpSubject;
  bank: Pick<BankView, 'help'> | undefined;
  children: React.ReactNode;
}) {
  const styles = useStyles();
  const { t, i18n } = useTranslation();
  const ofBank = bank?.help?.[subject]?.[i18n.language as Language];
  return (
    <div className={styles.row}>
      {children}
      <figure className={styles.help}>
        {subject === 'userId' && <ActDrawing label={t('fields.userId')} />}
        {subject === 'registrationPin' && <OtpCardDrawing label={t('fields.registrationPin')} />}
        {subject === 'keyFile' && <UsbStickDrawing />}
        <figcaption>{ofBank ?? t(`wizard.data.help.${subject}`)}</figcaption>
      </figure>
    </div>
  );
}
