import { z } from 'zod';
import { decisionFor } from '../cmp/enrolment-rules.ts';
import type { BankRecords } from '../records/bank-records.ts';
import { ApiRefusal } from './api-refusal.ts';

const statusRequest = z.object({
  /** Of the CMP transaction, hexadecimal. */
  transactionId: z.string().regex(/^[0-9a-f]{2,128}$/),
});

/** What has become of a request for a certificate. */
export interface RenewalStatus {
  readonly state: 'accepted' | 'issued' | 'refused' | 'unknown';
  /** ISO 8601: when the officer means to have decided. */
  readonly expectedAt?: string;
  readonly reason?: string;
}

/**
 * `POST /renewals/status`. `issued` says that the certification authority hands the certificate out when it is asked;
 * `unknown` that the bank has never heard of the request, has lost it, or has taken another one in its place.
 *
 * @throws ApiRefusal `request-invalid`
 */
export function renewalStatus(
  { records, approval }: { readonly records: BankRecords; readonly approval: 'auto' | 'manual' },
  body: unknown,
): RenewalStatus {
  const parsed = statusRequest.safeParse(body);
  if (!parsed.success) throw new ApiRefusal(400, 'request-invalid', parsed.error.issues[0]?.message);
  const enrolment = records.enrolment(parsed.data.transactionId);
  const customer = enrolment && records.customer(enrolment.userId);
  if (!customer || enrolment.status === 'superseded') return { state: 'unknown' };
  if (enrolment.status === 'declined') {
    return { state: 'refused', reason: 'the certificate was declined by the customer' };
  }
  if (enrolment.status !== 'requested') return { state: 'issued' };
  switch (decisionFor(customer, approval)) {
    case 'approved':
      return { state: 'issued' };
    case 'refused':
      return { state: 'refused', ...(customer.reason === undefined ? {} : { reason: customer.reason }) };
    case 'held':
      return {
        state: 'accepted',
        ...(customer.expectedAt === undefined ? {} : { expectedAt: customer.expectedAt }),
      };
  }
}
