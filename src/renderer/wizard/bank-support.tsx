import { makeStyles, tokens } from '@fluentui/react-components';
import { useTranslation } from 'react-i18next';
import type { BankView } from '#shared/views.ts';

const useStyles = makeStyles({
  support: {
    margin: '20px 0 0',
    color: tokens.colorNeutralForeground2,
    overflowWrap: 'anywhere',
    fontVariantNumeric: 'tabular-nums',
  },
});

/** Where the bank's customers get help, to call or to copy: Kilt opens no page but the one after sign-in. */
export function BankSupport({ bank }: { bank: BankView }) {
  const styles = useStyles();
  const { t } = useTranslation();
  const { phone, site } = bank.support ?? {};
  const where = [phone, site].filter((one) => one !== undefined).join(' · ');
  if (where === '') return null;
  return <p className={`${styles.support} selectable`}>{t('wizard.support', { where })}</p>;
}
