import { Button, makeStyles, tokens } from '@fluentui/react-components';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { ActDrawing, OtpCardDrawing, UsbStickDrawing } from '../drawings/paper-drawings.tsx';
import { Screen } from '../frame/screen.tsx';
import { StepsList } from './steps-list.tsx';

const useStyles = makeStyles({
  list: {
    listStyleType: 'none',
    margin: '12px 0 20px',
    padding: 0,
    display: 'grid',
    gridTemplateColumns: 'repeat(auto-fit, minmax(140px, 1fr))',
    gap: '20px',
    maxWidth: '560px',
  },
  item: { display: 'grid', gap: '8px', alignContent: 'start' },
  note: { color: tokens.colorNeutralForeground2 },
});

/** Step 1: what will happen and what to have at hand. */
export function WelcomeStep({
  notice,
  needsKeyFile,
  onNext,
  onCancel,
}: {
  notice: ReactNode;
  needsKeyFile: boolean;
  onNext: () => void;
  onCancel: () => void;
}) {
  const styles = useStyles();
  const { t } = useTranslation();
  return (
    <Screen
      wide
      title={t('wizard.welcome.title')}
      beside={<StepsList current="welcome" />}
      onSubmit={onNext}
      onCancel={onCancel}
      actions={
        <>
          <Button appearance="primary" type="submit">
            {t('common.next')}
          </Button>
          <Button onClick={onCancel}>{t('common.cancel')}</Button>
        </>
      }
    >
      {notice}
      <p>{t('wizard.welcome.text')}</p>
      <p>{t('wizard.welcome.prepare')}</p>
      <ul className={styles.list}>
        <li className={styles.item}>
          <ActDrawing label={t('fields.userId')} />
          {t('wizard.welcome.act')}
        </li>
        <li className={styles.item}>
          <OtpCardDrawing label={t('fields.registrationPin')} />
          {t('wizard.welcome.card')}
        </li>
        {needsKeyFile && (
          <li className={styles.item}>
            <UsbStickDrawing />
            {t('wizard.welcome.stick')}
          </li>
        )}
      </ul>
      <p className={styles.note}>{t('wizard.welcome.time')}</p>
    </Screen>
  );
}
