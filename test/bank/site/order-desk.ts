import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { z } from 'zod';
import { ApiRefusal } from '../api/api-refusal.ts';
import { holderOf, type ApiSettings } from '../api/customer-certificate.ts';
import { Journal } from '../records/journal.ts';
import { checkOrderSignature, OrderSignatureError } from './order-signature.ts';
import {
  accountOf,
  orderDocument,
  orderForm,
  paymentOrder,
  paymentOrderType,
  type PaymentOrder,
} from './payment-order.ts';

const acceptedOrder = z.object({
  at: z.iso.datetime(),
  userId: z.string(),
  order: paymentOrder,
  /** The very bytes that were signed, and the CMS over them. */
  document: z.base64(),
  signature: z.base64(),
});
export type AcceptedOrder = z.infer<typeof acceptedOrder>;

interface Draft {
  readonly userId: string;
  readonly order: PaymentOrder;
  readonly document: Uint8Array;
}

/** An order waits for its signature as long as somebody may read it. */
const mostDrafts = 200;

/**
 * Payment orders: drawn up by the bank from what the customer filled in, and accepted with a signature of the customer's
 * signature key over the document that the bank has kept. Accepted ones are on the disk before the answer leaves.
 */
export class OrderDesk {
  readonly #settings: ApiSettings;
  readonly #journal: Journal<AcceptedOrder>;
  readonly #accepted: AcceptedOrder[] = [];
  readonly #drafts = new Map<string, Draft>();
  #numbers = 0;

  constructor(dataDir: string, settings: ApiSettings) {
    this.#settings = settings;
    this.#journal = Journal.open(join(dataDir, 'orders.jsonl'), acceptedOrder, (order) => this.#take(order));
  }

  /** @throws ApiRefusal `request-invalid` with the names of the fields that are wrong */
  draw(userId: string, body: unknown): { orderId: string; document: Uint8Array; name: string } {
    const filled = orderForm.safeParse(body);
    if (!filled.success) {
      const fields = filled.error.issues.map(({ path }) => String(path[0] ?? ''));
      throw new ApiRefusal(400, 'request-invalid', [...new Set(fields)].join(' '));
    }
    const customer = this.#settings.records.customer(userId);
    if (!customer) throw new ApiRefusal(403, 'user-unknown');
    const form = filled.data;
    const order: PaymentOrder = {
      type: paymentOrderType,
      number: String(++this.#numbers),
      date: this.#settings.now().toISOString().slice(0, 10),
      payer: {
        name: customer.organisation === '' ? customer.name : customer.organisation,
        bin: customer.iin,
        iik: accountOf(userId),
      },
      payee: { name: form.payeeName, bin: form.payeeBin, iik: form.payeeIik, bik: form.payeeBik },
      amount: form.amount,
      currency: 'KZT',
      purposeCode: form.knp,
      purpose: form.purpose,
    };
    const orderId = randomBytes(16).toString('base64url');
    const document = orderDocument(order);
    this.#drafts.set(orderId, { userId, order, document });
    const [oldest] = this.#drafts.keys();
    if (this.#drafts.size > mostDrafts && oldest !== undefined) this.#drafts.delete(oldest);
    return { orderId, document, name: `order-${order.number}.json` };
  }

  /**
   * @param cms detached signature over the document of {@link draw}, DER
   * @throws ApiRefusal `order-unknown`, `signature-invalid`, `certificate-…`
   */
  accept(userId: string, orderId: string, cms: Uint8Array): AcceptedOrder {
    const draft = this.#drafts.get(orderId);
    if (draft?.userId !== userId) throw new ApiRefusal(404, 'order-unknown');
    let certificate: Uint8Array;
    try {
      certificate = checkOrderSignature(cms, draft.document);
    } catch (error) {
      if (!(error instanceof OrderSignatureError)) throw error;
      throw new ApiRefusal(403, 'signature-invalid', error.message);
    }
    const signer = holderOf(this.#settings, certificate, 'signature');
    if (signer.userId !== userId) throw new ApiRefusal(403, 'certificate-unknown');
    const accepted: AcceptedOrder = {
      at: this.#settings.now().toISOString(),
      userId,
      order: draft.order,
      document: Buffer.from(draft.document).toString('base64'),
      signature: Buffer.from(cms).toString('base64'),
    };
    this.#journal.append(accepted);
    this.#take(accepted);
    this.#drafts.delete(orderId);
    return accepted;
  }

  /** Newest first. */
  acceptedOf(userId: string): readonly AcceptedOrder[] {
    return this.#accepted.filter((order) => order.userId === userId).toReversed();
  }

  accepted(): readonly AcceptedOrder[] {
    return this.#accepted;
  }

  close(): void {
    this.#journal.close();
  }

  #take(order: AcceptedOrder): void {
    this.#accepted.push(order);
    this.#numbers = Math.max(this.#numbers, Number(order.order.number));
  }
}
