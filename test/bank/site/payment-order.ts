import { z } from 'zod';

/**
 * A payment order as this bank has it signed: a JSON document (UTF-8, {@link paymentOrderType}) whose every member is shown
 * to the one who signs. Kilt knows the form and shows it as a payment order; any other JSON it would show as text.
 */
export const paymentOrderType = 'application/vnd.kilt-demo.payment-order+json';

/** БИН or ИИН: twelve digits. */
const identificationNumber = z.string().regex(/^\d{12}$/);
/** ИИК: `KZ`, two check digits, three of the bank, thirteen of the account (ISO 13616). */
const iban = z.string().regex(/^KZ\d{2}[0-9A-Z]{16}$/);
const bankIdentifier = z.string().regex(/^[A-Z]{6}[A-Z0-9]{2}$/);
const name = z.string().trim().min(1).max(120);

/** What the customer fills in. */
export const orderForm = z.strictObject({
  payeeName: name,
  payeeBin: identificationNumber,
  payeeIik: iban.refine(checkDigitsFit),
  payeeBik: bankIdentifier,
  /** Tenge, with a point and two digits. */
  amount: z.string().regex(/^[1-9]\d{0,11}\.\d{2}$/),
  /** Код назначения платежа: three digits. */
  knp: z.string().regex(/^\d{3}$/),
  purpose: z.string().trim().min(1).max(420),
});
export type OrderForm = z.infer<typeof orderForm>;

export const paymentOrder = z.strictObject({
  type: z.literal(paymentOrderType),
  number: z.string(),
  /** YYYY-MM-DD. */
  date: z.iso.date(),
  payer: z.strictObject({ name, bin: identificationNumber, iik: iban }),
  payee: z.strictObject({ name, bin: identificationNumber, iik: iban, bik: bankIdentifier }),
  amount: z.string(),
  currency: z.literal('KZT'),
  /** КНП. */
  purposeCode: z.string(),
  purpose: z.string(),
});
export type PaymentOrder = z.infer<typeof paymentOrder>;

/** The bytes that are signed: members in the order above, two spaces deep. */
export const orderDocument = (order: PaymentOrder): Uint8Array =>
  new Uint8Array(Buffer.from(`${JSON.stringify(order, undefined, 2)}\n`));

/** ISO 13616: read as a number with letters as 10 to 35, the rearranged account leaves 1 when divided by 97. */
function checkDigitsFit(account: string): boolean {
  return remainderOf(account.slice(4) + account.slice(0, 4)) === 1;
}

const remainderOf = (text: string): number =>
  Array.from(text).reduce(
    (rest, sign) => Number(`${String(rest)}${String(Number.parseInt(sign, 36))}`) % 97,
    0,
  );

/** An account of this bank: always the same for the same customer. */
export function accountOf(userId: string): string {
  const digits = Array.from(userId).reduce(
    (sum, sign) => (sum * 31n + BigInt(sign.codePointAt(0) ?? 0)) % 10n ** 13n,
    7n,
  );
  const body = `999${digits.toString().padStart(13, '0')}`;
  const check = 98 - remainderOf(`${body}KZ00`);
  return `KZ${String(check).padStart(2, '0')}${body}`;
}
