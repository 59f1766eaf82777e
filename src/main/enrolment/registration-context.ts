import { KiltError } from '#shared/errors.ts';
import type { CertifiedSigner } from '#main/pki/signer.ts';
import type {
  JournalledRegistration,
  RegistrationFacts,
  RegistrationJournal,
} from '#main/store/registration-journal.ts';
import {
  EnrolmentContext,
  fromBase64,
  type EnrolmentRun,
  type EnrolmentServices,
} from './enrolment-context.ts';
import type { NationalKeys } from './national/national-keys.ts';
import { nationalKeyToGoOnWith, nationalSigner } from './national/national-signer.ts';
import type { RegistrationSecrets } from './registration-secrets.ts';

/** What the steps of a registration work with. */
export interface RegistrationServices extends EnrolmentServices {
  readonly journal: RegistrationJournal;
  readonly national: NationalKeys;
}

/** One run of one registration, with the secrets typed for this run. */
export class RegistrationContext extends EnrolmentContext {
  readonly secrets: RegistrationSecrets;
  readonly #services: RegistrationServices;
  readonly #id: string;
  readonly #onLearnt: (facts: Partial<RegistrationFacts>) => void;

  constructor(
    options: EnrolmentRun & {
      readonly services: RegistrationServices;
      readonly registrationId: string;
      readonly secrets: RegistrationSecrets;
      readonly onLearnt: (facts: Partial<RegistrationFacts>) => void;
    },
  ) {
    super(options);
    this.#services = options.services;
    this.secrets = options.secrets;
    this.#id = options.registrationId;
    this.#onLearnt = options.onLearnt;
  }

  get work(): JournalledRegistration {
    return this.registration;
  }

  get registration(): JournalledRegistration {
    return this.#services.journal.get(this.#id);
  }

  override get facts(): RegistrationFacts {
    return this.registration.facts;
  }

  learn(facts: Partial<RegistrationFacts>): void {
    this.#services.journal.learn(this.#id, facts);
    this.#onLearnt(facts);
  }

  /**
   * The NUC signature on this registration's token, which authenticates the user to the CA.
   *
   * @throws KiltError `token-removed`, `token-swapped`, `national-signature-missing`, `national-signature-unusable`,
   *   `revocation-unknown`
   */
  async nationalSigner(): Promise<CertifiedSigner> {
    const token = this.services.tokens.tokens().find(({ id }) => id === this.tokenId);
    if (!token) throw new KiltError('token-removed');
    if (token.info?.serial !== this.registration.tokenSerial) throw new KiltError('token-swapped');
    const { nationalCertificate } = this.facts;
    const key = nationalKeyToGoOnWith(
      this.#services.national.on(token),
      this.bank,
      this.services.now(),
      nationalCertificate === undefined ? undefined : fromBase64(nationalCertificate),
    );
    return nationalSigner(key, this.bank, this.services.trust);
  }
}
