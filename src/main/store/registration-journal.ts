import { z } from 'zod';
import { registrationStep, type RegistrationStep } from '#shared/views.ts';
import type { KiltDatabase } from './database.ts';
import { enrolmentFacts } from './enrolment-facts.ts';
import { StepJournal, type JournalledWork, type StepLine } from './step-journal.ts';

export { doneSteps } from './step-journal.ts';
export type { WorkState as RegistrationState } from './step-journal.ts';

/** What a registration has learnt. Public data only. */
export const registrationFacts = enrolmentFacts.extend({
  /** The NUC signature's certificate, where one authenticates; base64 DER. */
  nationalCertificate: z.string().optional(),
  /** The token holds other profiles already: its name and its PIN stay as they are. */
  keepsPin: z.boolean().optional(),
  /**
   * What is needed to ask the CA again lies on the token (decision 015): written before and after each change of it.
   * `not-kept`: there was no room, or no token.
   */
  credentialsOnToken: z.enum(['writing', 'kept', 'not-kept', 'removing', 'removed']).optional(),
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
