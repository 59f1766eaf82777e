import { paymentOrder, paymentOrderType, type PaymentOrder } from '#shared/payment-order-view.ts';
import { parseStrictJson, StrictJsonError } from '#main/pki/strict-json.ts';

/** No payment order is longer; any JSON above it is not even looked at. */
const longestText = 16 * 1024;

/**
 * The payment order that a text is, if it is one to the last member; anything else is shown as the text it is. What a bank
 * reads in it is then what stands in the form: no member twice, and none that the form does not show.
 */
export function paymentOrderIn(text: string): PaymentOrder | undefined {
  if (text.length > longestText || !text.includes(paymentOrderType)) return undefined;
  try {
    const read = paymentOrder.safeParse(parseStrictJson(text));
    return read.success ? read.data : undefined;
  } catch (error) {
    if (error instanceof StrictJsonError) return undefined;
    throw error;
  }
}
