import { makeStyles, tokens } from '@fluentui/react-components';
import { useId } from 'react';
import { useTranslation } from 'react-i18next';
import type { PaymentOrder } from '#shared/payment-order-view.ts';
import { formatDate, formatDecimal } from '#shared/texts/formats.ts';
import { Facts } from '../messages/facts.tsx';

const useStyles = makeStyles({
  form: {
    margin: '0 0 12px',
    padding: '12px 16px',
    border: `1px solid ${tokens.colorNeutralStroke2}`,
    borderRadius: tokens.borderRadiusMedium,
    backgroundColor: tokens.colorNeutralBackground2,
  },
  head: {
    display: 'flex',
    flexWrap: 'wrap',
    justifyContent: 'space-between',
    alignItems: 'baseline',
    columnGap: '24px',
    marginBlockEnd: '12px',
  },
  title: { margin: 0, fontSize: tokens.fontSizeBase400, lineHeight: tokens.lineHeightBase400 },
  amount: {
    margin: 0,
    fontSize: tokens.fontSizeBase500,
    lineHeight: tokens.lineHeightBase500,
    fontWeight: tokens.fontWeightSemibold,
    fontVariantNumeric: 'tabular-nums',
  },
  side: { margin: '12px 0 4px', fontSize: tokens.fontSizeBase300, fontWeight: tokens.fontWeightSemibold },
});

/** A payment order as a form: every member of the document, and nothing else. */
export function PaymentOrderForm({ order }: { order: PaymentOrder }) {
  const styles = useStyles();
  const { t } = useTranslation();
  const title = useId();
  const { payer, payee } = order;
  return (
    <section className={`${styles.form} selectable`} aria-labelledby={title}>
      <div className={styles.head}>
        <h3 id={title} className={styles.title}>
          {t('signing.preview.paymentOrder.title', { number: order.number })}
        </h3>
        <p className={styles.amount}>{`${formatDecimal(order.amount)} ${order.currency}`}</p>
      </div>
      <Facts
        facts={[
          [t('signing.preview.paymentOrder.date'), formatDate(new Date(`${order.date}T00:00`))],
          [t('signing.preview.paymentOrder.purposeCode'), order.purposeCode],
          [t('signing.preview.paymentOrder.purpose'), order.purpose],
        ]}
      />
      <h4 className={styles.side}>{`${t('signing.preview.paymentOrder.payer')}: ${payer.name}`}</h4>
      <Facts
        facts={[
          [t('signing.preview.paymentOrder.bin'), payer.bin],
          [t('signing.preview.paymentOrder.iik'), payer.iik],
        ]}
      />
      <h4 className={styles.side}>{`${t('signing.preview.paymentOrder.payee')}: ${payee.name}`}</h4>
      <Facts
        facts={[
          [t('signing.preview.paymentOrder.bin'), payee.bin],
          [t('signing.preview.paymentOrder.iik'), payee.iik],
          [t('signing.preview.paymentOrder.bik'), payee.bik],
        ]}
      />
    </section>
  );
}
