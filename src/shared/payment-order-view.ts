import { z } from 'zod';

/** What the documents of this type call themselves, in their member `type`. */
export const paymentOrderType = 'application/vnd.kilt-demo.payment-order+json';

const line = (longest: number) => z.string().min(1).max(longest);
/** Business or individual identification number: 12 digits. */
const identificationNumber = z.string().regex(/^\d{12}$/);
/** IBAN of Kazakhstan: `KZ`, two check digits, three of the bank, thirteen of the account. */
const account = z.string().regex(/^KZ\d{2}[A-Z0-9]{16}$/);

/**
 * A payment order of the demo bank, as a JSON document and as it is shown. Strict: a member that nothing shows could not be
 * seen before it is signed.
 */
export const paymentOrder = z.strictObject({
  type: z.literal(paymentOrderType),
  number: line(20),
  /** `2026-11-26` */
  date: z.iso.date(),
  payer: z.strictObject({ name: line(200), bin: identificationNumber, iik: account }),
  payee: z.strictObject({
    name: line(200),
    bin: identificationNumber,
    iik: account,
    /** Bank identification code (БИК). */
    bik: z.string().regex(/^[A-Z0-9]{8}$/),
  }),
  /** Tenge with two decimals, `1250000.00`. */
  amount: z.string().regex(/^(?:0|[1-9]\d{0,14})\.\d{2}$/),
  currency: z.literal('KZT'),
  /** Purpose code (КНП): three digits. */
  purposeCode: z.string().regex(/^\d{3}$/),
  purpose: line(480),
});
export type PaymentOrder = z.infer<typeof paymentOrder>;
