import { z } from 'zod';
import { KiltError } from '#shared/errors.ts';

const hex = z.string().regex(/^(?:[0-9a-f]{2})+$/);
const base64 = z.base64();

/**
 * Where a CMP transaction stands, as JSON for the journal: with it and with the credentials, which are not in it, the
 * transaction goes on after a restart. Holds no secret.
 */
export const cmpTransaction = z.object({
  version: z.literal(1),
  kind: z.enum(['ir', 'cr', 'kur']),
  phase: z.enum(['waiting', 'issued']),
  transactionId: hex,
  certReqId: z.number().int(),
  /** DER Name asked for; the sender of messages that a MAC protects. */
  subject: base64,
  /** SubjectPublicKeyInfo that the certificate must hold. */
  publicKeyInfo: base64,
  /** senderNonce of the request: after polling, the CA may answer to it instead of the last pollReq (RFC 9483 §4.4). */
  firstNonce: hex,
  /** senderNonce of the CA's last message: goes back to it as recipNonce. */
  peerNonce: hex,
  /** Of the issued certificate, with the hash of its signature algorithm (RFC 4210 §5.3.18). */
  certHash: hex.optional(),
});
export type CmpTransaction = z.infer<typeof cmpTransaction>;

/** @throws KiltError `internal` when the journal's record is not a transaction in this phase */
export function readTransaction(state: unknown, phase: CmpTransaction['phase']): CmpTransaction {
  const read = cmpTransaction.safeParse(state);
  const incomplete = phase === 'issued' && read.data?.certHash === undefined;
  if (!read.success || read.data.phase !== phase || incomplete) {
    throw new KiltError('internal', { reason: `no ${phase} CMP transaction in the journal` });
  }
  return read.data;
}
