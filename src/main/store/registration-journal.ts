import { z } from 'zod';
import { errorView, registrationStep, type RegistrationStep } from '#shared/views.ts';
import type { KiltDatabase } from './database.ts';
import { StepJournal, type JournalledWork, type StepLine } from './step-journal.ts';

export { doneSteps } from './step-journal.ts';
export type { WorkState as RegistrationState } from './step-journal.ts';

/** A JSON-able record of one CMP transaction; its shape belongs to `pki/cmp`. */
const transactionState = z.unknown();

/** What a registration has learnt. Public data only. */
export const registrationFacts = z.object({
  /** Key and certificate identifiers on the token. */
  signatureKeyId: z.string(),
  signInKeyId: z.string(),
  /** CMP transaction identifiers, chosen before the first request so that a repeated one is recognised; hex. */
  signatureTransactionId: z.string(),
  signInTransactionId: z.string(),
  signatureTransaction: transactionState.optional(),
  signInTransaction: transactionState.optional(),
  /** The NUC signature's certificate, where one authenticates; base64 DER. */
  nationalCertificate: z.string().optional(),
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
  /**
   * What is needed to ask the CA again lies on the token (decision 015): written before and after each change of it.
   * `not-kept`: there was no room, or no token.
   */
  credentialsOnToken: z.enum(['writing', 'kept', 'not-kept', 'removing', 'removed']).optional(),
  /** The CA has been told that the first certificate is accepted: nothing stands on the registration data any more. */
  signatureConfirmed: z.boolean().optional(),
  customerName: z.string().optional(),
  registeredAt: z.string().optional(),
});
export type RegistrationFacts = z.infer<typeof registrationFacts>;

export type JournalLine = StepLine<RegistrationStep>;
export type JournalledRegistration = JournalledWork<RegistrationStep, RegistrationFacts>;

/** The journal of registrations. */
export class RegistrationJournal extends StepJournal<RegistrationStep, RegistrationFacts> {
  constructor(database: KiltDatabase, now: () => Date = () => new Date()) {
    super(database, { kind: 'registration', step: registrationStep, facts: registrationFacts }, now);
  }

  /** Issuers of signature certificates, as their authorities sent them along: base64 of DER, each once. */
  knownIssuers(): readonly string[] {
    return [...new Set(this.all().flatMap(({ facts }) => facts.signatureChain ?? []))];
  }

  /** Corrects a mistyped user ID before the CA has issued anything; the token's record is then written again. */
  correctUser(id: string, userId: string, label: string): void {
    this.rename(id, userId, label, 'token-prepared');
  }
}
