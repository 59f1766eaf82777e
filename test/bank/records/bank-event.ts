import { z } from 'zod';

/**
 * What can happen in the bank. The journal holds these and nothing else; the state of the bank is what follows from
 * them in order ({@link BankRecords}).
 */
const base64 = z.base64();
/** Hexadecimal, as Kilt shows it. */
export const nationalSerial = z.string().regex(/^(?:[0-9a-f]{2}){1,20}$/);
const transactionId = z.string().regex(/^[0-9a-f]{2,128}$/);
export const purpose = z.enum(['signature', 'sign-in']);
export type Purpose = z.infer<typeof purpose>;

/** Of CRLReason (RFC 5280 §5.3.1) what this bank has use for. `certificateHold` suspends. */
export const revocationReason = z.enum([
  'unspecified',
  'keyCompromise',
  'affiliationChanged',
  'superseded',
  'cessationOfOperation',
  'certificateHold',
]);
export type RevocationReason = z.infer<typeof revocationReason>;

/** A certificate that no longer holds. */
export interface Revocation {
  /** INTEGER, DER. */
  readonly serialNumber: Uint8Array;
  /** ISO 8601. */
  readonly since: string;
  readonly reason: RevocationReason;
}

export const bankEvent = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('customer-admitted'),
    at: z.iso.datetime(),
    userId: z.string(),
    name: z.string(),
    organisation: z.string(),
    iin: z.string(),
    sealedPin: base64,
    pinRequired: z.boolean(),
    hold: z.boolean(),
    /** Absent: the customer's NUC signature authenticates, and nothing that the bank has made. */
    initialCertificate: base64.optional(),
  }),
  z.object({ kind: z.literal('pin-renewed'), at: z.iso.datetime(), userId: z.string(), sealedPin: base64 }),
  z.object({ kind: z.literal('pin-wrong'), at: z.iso.datetime(), userId: z.string(), attempt: z.string() }),
  z.object({ kind: z.literal('pin-right'), at: z.iso.datetime(), userId: z.string() }),
  z.object({
    kind: z.literal('decided'),
    at: z.iso.datetime(),
    userId: z.string(),
    decision: z.enum(['approved', 'held', 'refused']),
    reason: z.string().optional(),
    /** With `held`: when the officer means to have decided. */
    expectedAt: z.iso.datetime().optional(),
  }),
  /** The bank wants the customer to make new keys out of turn, and says why. */
  z.object({
    kind: z.literal('renewal-demanded'),
    at: z.iso.datetime(),
    userId: z.string(),
    reason: z.string(),
  }),
  z.object({ kind: z.literal('renewal-demand-withdrawn'), at: z.iso.datetime(), userId: z.string() }),
  z.object({
    kind: z.literal('certificate-requested'),
    at: z.iso.datetime(),
    transactionId,
    userId: z.string(),
    purpose,
    publicKey: base64,
    /** The enrolment whose certificate signed the request; absent for a first certificate. */
    basis: transactionId.optional(),
  }),
  /** The same customer asks for the same key in a new transaction. */
  z.object({
    kind: z.literal('request-repeated'),
    at: z.iso.datetime(),
    transactionId,
    first: transactionId,
  }),
  z.object({ kind: z.literal('request-superseded'), at: z.iso.datetime(), transactionId }),
  /** The bank has lost a request, as if it had never come. */
  z.object({ kind: z.literal('request-forgotten'), at: z.iso.datetime(), transactionId }),
  z.object({
    kind: z.literal('certificate-issued'),
    at: z.iso.datetime(),
    transactionId,
    certificate: base64,
  }),
  z.object({ kind: z.literal('certificate-confirmed'), at: z.iso.datetime(), transactionId }),
  z.object({
    kind: z.literal('certificate-revoked'),
    at: z.iso.datetime(),
    certificate: base64,
    reason: revocationReason,
  }),
  /** A suspension was lifted. */
  z.object({ kind: z.literal('certificate-reinstated'), at: z.iso.datetime(), certificate: base64 }),
  /** By the demo national authority: of a NUC signature. */
  z.object({
    kind: z.literal('national-revoked'),
    at: z.iso.datetime(),
    serialNumber: nationalSerial,
    reason: revocationReason,
  }),
  z.object({
    kind: z.literal('national-reinstated'),
    at: z.iso.datetime(),
    serialNumber: nationalSerial,
  }),
  z.object({ kind: z.literal('certificate-declined'), at: z.iso.datetime(), transactionId }),
  z.object({
    kind: z.literal('registered'),
    at: z.iso.datetime(),
    registrationId: z.string(),
    jti: z.string(),
    userId: z.string(),
    signatureCertificate: base64,
    signInCertificate: base64,
  }),
  /** New keys stand beside the registered ones until the first sign-in that is made with them. */
  z.object({
    kind: z.literal('renewed'),
    at: z.iso.datetime(),
    renewalId: z.string(),
    jti: z.string(),
    userId: z.string(),
    signatureCertificate: base64,
    signInCertificate: base64,
  }),
  z.object({
    kind: z.literal('signed-in'),
    at: z.iso.datetime(),
    sessionId: z.string(),
    userId: z.string(),
    /** With which certificate. */
    signInCertificate: base64.optional(),
  }),
]);
export type BankEvent = z.infer<typeof bankEvent>;
