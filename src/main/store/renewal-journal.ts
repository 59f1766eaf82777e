import { z } from 'zod';
import { renewalStep, type RenewalStep } from '#shared/renewal-views.ts';
import { errorView } from '#shared/views.ts';
import type { KiltDatabase } from './database.ts';
import { enrolmentFacts } from './enrolment-facts.ts';
import { StepJournal, type JournalledWork } from './step-journal.ts';

/** What a renewal has learnt. Public data only. The shared facts are about the new keys. */
export const renewalFacts = enrolmentFacts.extend({
  /** The keys that are replaced. */
  oldSignatureKeyId: z.string(),
  oldSignInKeyId: z.string(),
  /** Base64 DER. */
  oldSignatureCertificate: z.string(),
  /** How the CA is shown that the user may. */
  authentication: z.enum(['old-key', 'id-and-pin']),
  /** The token's record as it was before: with it a record that became unreadable is written again. */
  record: z.unknown(),
  /** The bank was asked how the request stands, without a PIN. */
  said: z
    .object({
      state: z.enum(['accepted', 'issued', 'refused', 'unknown']),
      reason: z.string().optional(),
    })
    .optional(),
  expectedAt: z.string().optional(),
  /** The bank has decided: no certificate. What was made on the token is removed. */
  refusal: errorView.optional(),
  /** Nothing of it is on the token any more. */
  undone: z.boolean().optional(),
});
export type RenewalFacts = z.infer<typeof renewalFacts>;
export type JournalledRenewal = JournalledWork<RenewalStep, RenewalFacts>;

/** The journal of renewals. */
export class RenewalJournal extends StepJournal<RenewalStep, RenewalFacts> {
  constructor(database: KiltDatabase, now: () => Date = () => new Date()) {
    super(database, { kind: 'renewal', step: renewalStep, facts: renewalFacts }, now);
  }

  /** Issuers of new signature certificates, as their authorities sent them along: base64 of DER, each once. */
  knownIssuers(): readonly string[] {
    return [...new Set(this.all().flatMap(({ facts }) => facts.signatureChain ?? []))];
  }

  /** Those of which something may be on the token: nothing else stands in anybody's way. */
  heldOnToken(tokenSerial: string): readonly JournalledRenewal[] {
    return this.unfinishedOnToken(tokenSerial).filter(({ facts }) => facts.undone !== true);
  }
}
