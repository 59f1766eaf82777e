import { X509Certificate } from 'node:crypto';
import { equalBytes, toHex, wipe } from '#shared/bytes.ts';
import type { Authority } from '../authority/authority.ts';
import { certificateParts } from '../authority/certificate.ts';
import { attemptFingerprint, unsealPin } from '../authority/sealed-pin.ts';
import type { BankRecords } from '../records/bank-records.ts';
import type { Customer } from '../records/entries.ts';
import { readCertificateRequest } from './certificate-request.ts';
import { isLocked } from './enrolment-rules.ts';
import { nationalHolder, type NationalHolder } from './national-holder.ts';
import { bodyType, type PkiMessage } from './pki-message.ts';
import { isPasswordBased, macFits, passwordBasedMac, readPasswordBasedMac } from './protection.ts';
import { CmpRefusal, sharedTexts } from './refusal.ts';
import { signerKey } from './signer-key.ts';

/** Who sent a message, proved by its protection. */
export type Sender =
  | { readonly by: 'pin' | 'initial-key' | 'national-signature'; readonly customer: Customer }
  | {
      readonly by: 'signature' | 'sign-in';
      readonly customer: Customer;
      /** Transaction in which the signer's certificate was issued. */
      readonly enrolment: string;
      /** DER. */
      readonly certificate: Uint8Array;
    };

interface Desk {
  readonly records: BankRecords;
  readonly authority: Authority;
  /** Certificates of the national authority whose signatures the bank takes, DER. */
  readonly nationalIssuers: readonly Uint8Array[];
  readonly now: () => Date;
}

/**
 * Establishes who sent a message.
 *
 * By password-based MAC: senderKID is the user ID and the secret is the ПИН. By signature: the signer's certificate
 * must be the exact one this bank has issued to a customer, or a NUC signature of the customer of whom the message
 * speaks; and valid today.
 *
 * @throws CmpRefusal. A wrong ПИН is written down before this throws.
 */
export function authenticate(desk: Desk, message: PkiMessage): Sender {
  const { protection, protectionAlgorithm } = message;
  if (!protection || !protectionAlgorithm) {
    throw new CmpRefusal('badMessageCheck', 'message is not protected', { signed: true });
  }
  return isPasswordBased(protectionAlgorithm)
    ? { by: 'pin', customer: customerByMac(desk, message, protection, protectionAlgorithm) }
    : customerBySignature(desk, message, protection, protectionAlgorithm);
}

function customerByMac(
  { records, authority, now }: Desk,
  message: PkiMessage,
  protection: Uint8Array,
  algorithm: NonNullable<PkiMessage['protectionAlgorithm']>,
): Customer {
  const parameters = readPasswordBasedMac(algorithm);
  const customer = records.customer(new TextDecoder().decode(message.senderKeyId));
  // An unknown ID is answered like a wrong ПИН: nobody learns here which IDs exist.
  if (!customer) throw new CmpRefusal('badMessageCheck', sharedTexts.pinWrong, { signed: true });
  refuseIfLocked(customer);
  const pin = unsealPin(customer.sealedPin, customer.userId, authority.sealingKey);
  try {
    if (macFits(passwordBasedMac(parameters, pin, message.protectedPart), protection)) {
      forgetWrongAttempts({ records, now }, customer);
      return customer;
    }
  } finally {
    wipe(pin);
  }
  const attempt = attemptFingerprint(authority.sealingKey, message.protectedPart, protection);
  throw wrongPin({ records, now }, customer, attempt);
}

function customerBySignature(
  { records, authority, nationalIssuers, now }: Desk,
  message: PkiMessage,
  protection: Uint8Array,
  algorithm: NonNullable<PkiMessage['protectionAlgorithm']>,
): Sender {
  // The signer's certificate comes first (RFC 9483 §3.3).
  const certificate = message.extraCertificates[0];
  if (!certificate) throw new CmpRefusal('badMessageCheck', 'certificate of the signer is missing');
  const known = records.certificate(certificate);
  const parts = certificateParts(certificate);
  const national = known ? undefined : nationalHolder(nationalIssuers, certificate);
  const key = national ?? signerKey(authority, certificate);
  const isIssued = 'issuedHere' in key ? known && known.status !== 'withdrawn' && key.issuedHere() : true;
  if (!isIssued) throw new CmpRefusal('signerNotTrusted', 'signer is not a customer of this bank');
  if (message.senderKeyId && !equalBytes(message.senderKeyId, parts.keyIdentifier)) {
    throw new CmpRefusal('badMessageCheck', 'senderKID is not that of the signer');
  }
  if (!message.sender || !equalBytes(message.sender.whole, parts.subject)) {
    throw new CmpRefusal('badMessageCheck', 'sender is not the subject of the signer');
  }
  if (!key.signed(algorithm, message.protectedPart, protection)) {
    throw new CmpRefusal('badMessageCheck', 'signature of the message is wrong');
  }
  const x509 = new X509Certificate(certificate);
  const today = now().getTime();
  if (today < Date.parse(x509.validFrom) || today > Date.parse(x509.validTo)) {
    throw new CmpRefusal('signerNotTrusted', 'certificate of the signer has expired');
  }
  if (national) return { by: 'national-signature', customer: customerOf(records, message, national) };
  const customer = known && records.customer(known.userId);
  if (!customer) throw new CmpRefusal('signerNotTrusted', 'signer is not a customer of this bank');
  if (known.role === 'initial-key') return { by: known.role, customer };
  return { by: known.role, customer, enrolment: known.transactionId, certificate };
}

/**
 * Whom a message under a NUC signature is about: an `ir` asks for a user ID, later messages belong to its transaction.
 * The signature must be that customer's own. An unknown ID is answered like somebody else's.
 */
function customerOf(records: BankRecords, message: PkiMessage, { iin }: NationalHolder): Customer {
  const { type, value } = message.body;
  const userId =
    type === bodyType.ir
      ? readCertificateRequest(value).userId
      : records.enrolment(toHex(message.transactionId ?? new Uint8Array()))?.userId;
  const customer = userId === undefined ? undefined : records.customer(userId);
  if (customer?.iin !== iin) {
    throw new CmpRefusal('notAuthorized', 'user ID is not that of the holder of the signature');
  }
  return customer;
}

function refuseIfLocked(customer: Customer): void {
  if (isLocked(customer)) throw new CmpRefusal('notAuthorized', sharedTexts.pinLocked, { signed: true });
}

function wrongPin(
  { records, now }: Pick<Desk, 'records' | 'now'>,
  customer: Customer,
  attempt: string,
): CmpRefusal {
  // A client that repeats one message, because it lost the answer, has still tried once.
  if (!customer.wrongAttempts.includes(attempt)) {
    records.record({ kind: 'pin-wrong', at: now().toISOString(), userId: customer.userId, attempt });
  }
  const after = records.customer(customer.userId);
  return after && isLocked(after)
    ? new CmpRefusal('notAuthorized', sharedTexts.pinLocked, { signed: true })
    : new CmpRefusal('badMessageCheck', sharedTexts.pinWrong, { signed: true });
}

function forgetWrongAttempts({ records, now }: Pick<Desk, 'records' | 'now'>, customer: Customer): void {
  if (customer.wrongAttempts.length > 0) {
    records.record({ kind: 'pin-right', at: now().toISOString(), userId: customer.userId });
  }
}

/**
 * Checks the ПИН that travels as registration token beside the signature of an initial key or of the NUC.
 *
 * @throws CmpRefusal when it is missing, wrong or locked
 */
export function checkRegistrationToken(
  { records, authority, now }: Pick<Desk, 'records' | 'authority' | 'now'>,
  customer: Customer,
  transactionId: Uint8Array,
  token: string | undefined,
): void {
  if (!customer.pinRequired) return;
  refuseIfLocked(customer);
  if (token === undefined) throw new CmpRefusal('notAuthorized', 'registration token is missing');
  const attempted = new TextEncoder().encode(token);
  const pin = unsealPin(customer.sealedPin, customer.userId, authority.sealingKey);
  try {
    if (macFits(pin, attempted)) {
      forgetWrongAttempts({ records, now }, customer);
      return;
    }
    const attempt = attemptFingerprint(authority.sealingKey, transactionId, attempted);
    throw wrongPin({ records, now }, customer, attempt);
  } finally {
    wipe(pin);
    wipe(attempted);
  }
}
