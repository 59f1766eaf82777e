import { wipe, type SecretBytes } from '#shared/bytes.ts';
import type { JournalledRenewal, RenewalFacts, RenewalJournal } from '#main/store/renewal-journal.ts';
import type { LoginAnswer } from '../bank-protocol.ts';
import { EnrolmentContext, type EnrolmentRun, type EnrolmentServices } from '../enrolment-context.ts';

export interface RenewalServices extends EnrolmentServices {
  readonly journal: RenewalJournal;
  /** The bank has answered a sign-in made with the new keys; with what it says beside. */
  readonly onSignedIn: (work: JournalledRenewal, answer: LoginAnswer) => void;
}

/** What was typed and agreed to for one run of a renewal. The token's own PIN is not here: `PinCustody` holds it. */
export interface RenewalSecrets {
  /** The new ПИН, where the old key proves nothing any more. */
  registrationPin?: SecretBytes | undefined;
}

export function forgetRenewalSecrets(secrets: RenewalSecrets): void {
  wipe(secrets.registrationPin);
  delete secrets.registrationPin;
}

/** One run of one renewal. */
export class RenewalContext extends EnrolmentContext {
  readonly secrets: RenewalSecrets;
  readonly #services: RenewalServices;
  readonly #id: string;
  readonly #onLearnt: (facts: Partial<RenewalFacts>) => void;

  constructor(
    options: EnrolmentRun & {
      readonly services: RenewalServices;
      readonly renewalId: string;
      readonly secrets: RenewalSecrets;
      readonly onLearnt: (facts: Partial<RenewalFacts>) => void;
    },
  ) {
    super(options);
    this.#services = options.services;
    this.secrets = options.secrets;
    this.#id = options.renewalId;
    this.#onLearnt = options.onLearnt;
  }

  get work(): JournalledRenewal {
    return this.#services.journal.get(this.#id);
  }

  override get facts(): RenewalFacts {
    return this.work.facts;
  }

  /** The bank has answered a sign-in made with the new keys. */
  signedIn(answer: LoginAnswer): void {
    this.#services.onSignedIn(this.work, answer);
  }

  learn(facts: Partial<RenewalFacts>): void {
    this.#services.journal.learn(this.#id, facts);
    this.#onLearnt(facts);
  }
}
