import { Button, makeStyles, tokens } from '@fluentui/react-components';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { BankView, Language, TokenView } from '#shared/views.ts';
import { ActDrawing, OtpCardDrawing, UsbStickDrawing } from '../drawings/paper-drawings.tsx';
import { TokenDrawing } from '../drawings/token-drawing.tsx';
import { Screen } from '../frame/screen.tsx';
import { Notice } from '../messages/notice.tsx';
import { BankChoice } from './bank-choice.tsx';
import { bankFit, misfitText } from './bank-fit.ts';
import { confirmationNumber, StepsList } from './steps-list.tsx';

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
  // As high as the papers beside it.
  token: { height: '100px', display: 'flex', alignItems: 'center', justifyContent: 'center' },
  note: { color: tokens.colorNeutralForeground2 },
});

/** Step 1: what will happen, in which system, and what to have at hand for it. */
export function WelcomeStep({
  notice,
  banks,
  bank,
  token,
  keepsPin,
  onChooseBank,
  onNext,
  onCancel,
}: {
  notice: ReactNode;
  /** In the order in which they are offered. */
  banks: readonly BankView[];
  /** The chosen one, or the only one. */
  bank: BankView | undefined;
  token: TokenView | undefined;
  /** Other profiles are on it. */
  keepsPin: boolean;
  onChooseBank: (bankId: string) => void;
  onNext: () => void;
  onCancel: () => void;
}) {
  const styles = useStyles();
  const { t, i18n } = useTranslation();
  const fit = bank && bankFit(bank, token);
  const needs = bank?.authentication;
  return (
    <Screen
      wide
      title={t('wizard.welcome.title')}
      beside={<StepsList current="welcome" keepsPin={keepsPin} />}
      onSubmit={() => {
        if (fit === 'fits') onNext();
      }}
      onCancel={onCancel}
      actions={
        <>
          <Button appearance="primary" type="submit" disabled={fit !== 'fits'}>
            {t('common.next')}
          </Button>
          <Button onClick={onCancel}>{t('common.cancel')}</Button>
        </>
      }
    >
      {notice}
      {bank === undefined && (
        <Notice intent="error" title={t('wizard.data.noBanks')}>
          <p>{t('wizard.data.noBanksText')}</p>
        </Notice>
      )}
      {bank !== undefined && fit !== undefined && fit !== 'fits' && (
        <Notice
          intent="warning"
          title={t('wizard.banks.noneFits', { bank: bank.name[i18n.language as Language] })}
        >
          <p>{misfitText(bank, fit, t)}</p>
          <p>{t('wizard.banks.obtainNational')}</p>
        </Notice>
      )}
      <p>{t('wizard.welcome.text')}</p>
      {keepsPin && <p>{t('wizard.welcome.otherProfiles', { name: token?.label ?? '' })}</p>}
      {banks.length > 1 && (
        <BankChoice banks={banks} token={token} bankId={bank?.id ?? ''} onChoose={onChooseBank} />
      )}
      {fit === 'fits' && (
        <>
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
            {needs === 'national-signature' && (
              <li className={styles.item}>
                <div className={styles.token}>
                  <TokenDrawing width={128} />
                </div>
                {t('wizard.welcome.national')}
              </li>
            )}
            {needs === 'initial-key' && (
              <li className={styles.item}>
                <UsbStickDrawing />
                {t('wizard.welcome.stick')}
              </li>
            )}
          </ul>
          <p className={styles.note}>{t('wizard.welcome.time', { step: confirmationNumber(keepsPin) })}</p>
        </>
      )}
    </Screen>
  );
}
