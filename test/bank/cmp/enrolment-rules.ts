import type { Purpose } from '../records/bank-event.ts';
import type { Customer, Decision, Enrolment } from '../records/entries.ts';
import { CmpRefusal } from './refusal.ts';

/** Wrong ПИН in a row after which the registration data are locked. */
export const wrongPinLimit = 5;

export const isLocked = (customer: Customer): boolean => customer.wrongAttempts.length >= wrongPinLimit;

/** What the officer says about a customer's requests; one decision is for both keys. */
export function decisionFor(customer: Customer, approval: 'auto' | 'manual'): Decision {
  return customer.decision ?? (customer.hold || approval === 'manual' ? 'held' : 'approved');
}

export interface RequestedKey {
  readonly transactionId: string;
  readonly userId: string;
  readonly purpose: Purpose;
  /** SubjectPublicKeyInfo, base64. */
  readonly publicKey: string;
  /** See {@link Enrolment.basis}. */
  readonly basis: string | undefined;
  /** How many ПИНs the customer has been given. */
  readonly pinNumber: number;
}

/** What becomes of a request for a certificate, given what is already known. */
export type Course =
  /** Never seen. Older requests for other keys, not confirmed, fall away. */
  | { readonly kind: 'new'; readonly supersedes: readonly string[] }
  /** Seen: the client died before it read the answer, and asks again. */
  | { readonly kind: 'again'; readonly enrolment: Enrolment }
  /** Seen in another transaction, which the client has forgotten. */
  | { readonly kind: 'continued'; readonly enrolment: Enrolment };

/** The three requests for a certificate (RFC 9483 §4.1.1–3), told from what they are for and what signed them. */
export const requestKind = ({ purpose, basis }: Pick<Enrolment, 'purpose' | 'basis'>): 'ir' | 'cr' | 'kur' =>
  purpose === 'sign-in' ? 'cr' : basis === undefined ? 'ir' : 'kur';

/**
 * A customer gets one signature and one sign-in certificate for one ПИН, and one more of each on the basis of every
 * signature certificate. The same key again is answered the same; a different key may take the place of one that was
 * never confirmed, and is refused once one is. A customer whose certificates have ended begins again with a new ПИН.
 *
 * @throws CmpRefusal `transactionIdInUse`, `duplicateCertReq`
 */
export function courseOf(
  request: RequestedKey,
  inTransaction: Enrolment | undefined,
  ofCustomer: readonly Enrolment[],
): Course {
  if (inTransaction) {
    const same =
      inTransaction.userId === request.userId &&
      inTransaction.purpose === request.purpose &&
      inTransaction.basis === request.basis &&
      inTransaction.publicKey === request.publicKey &&
      inTransaction.status !== 'superseded';
    if (!same) throw new CmpRefusal('transactionIdInUse', 'transaction belongs to another request');
    return { kind: 'again', enrolment: inTransaction };
  }
  const alive = ofCustomer.filter(
    ({ purpose, basis, status }) =>
      purpose === request.purpose && basis === request.basis && status !== 'superseded',
  );
  const sameKey = alive.find((enrolment) => enrolment.publicKey === request.publicKey);
  if (sameKey) return { kind: 'continued', enrolment: sameKey };
  const finished = alive.filter(
    ({ status, pinNumber }) =>
      status === 'confirmed' && (request.basis !== undefined || pinNumber === request.pinNumber),
  );
  if (finished.length > 0) {
    const what = requestKind(request) === 'kur' ? 'key update' : 'registration';
    throw new CmpRefusal('duplicateCertReq', `${what} is finished with another key`);
  }
  const unconfirmed = alive.filter(({ status }) => status !== 'confirmed');
  return { kind: 'new', supersedes: unconfirmed.map(({ transactionId }) => transactionId) };
}
