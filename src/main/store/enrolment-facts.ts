import { z } from 'zod';
import { errorView } from '#shared/views.ts';

/** A JSON-able record of one CMP transaction; its shape belongs to `pki/cmp`. */
const transactionState = z.unknown();

/** What any work learns that gets two certificates for two new keys on a token. Public data only. */
export const enrolmentFacts = z.object({
  /** Identifiers of the new keys and certificates on the token. */
  signatureKeyId: z.string(),
  signInKeyId: z.string(),
  /** CMP transaction identifiers, chosen before the first request so that a repeated one is recognised; hex. */
  signatureTransactionId: z.string(),
  signInTransactionId: z.string(),
  signatureTransaction: transactionState.optional(),
  signInTransaction: transactionState.optional(),
  /** Base64 DER. */
  signatureCertificate: z.string().optional(),
  signatureChain: z.array(z.string()).optional(),
  signInCertificate: z.string().optional(),
  /** Set while the CA asks to come back later. */
  waitingUntil: z.string().optional(),
  /** The pause that the CA named with it, in seconds: bounds the wait where the clock was set back. */
  waitingSeconds: z.number().optional(),
  /** Why the last attempt to ask was in vain; absent when the CA could be asked. */
  waitingTrouble: errorView.optional(),
  /** The CA has been told that the first certificate is accepted: nothing stands on what proved who asks any more. */
  signatureConfirmed: z.boolean().optional(),
  customerName: z.string().optional(),
  registeredAt: z.string().optional(),
});
export type EnrolmentFacts = z.infer<typeof enrolmentFacts>;
