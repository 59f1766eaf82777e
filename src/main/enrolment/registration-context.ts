import { asDer, fromHex, type DerBytes } from '#shared/bytes.ts';
import { KiltError } from '#shared/errors.ts';
import { parseCertificate } from '#main/pki/x509.ts';
import { CmpClient } from '#main/pki/cmp/client.ts';
import type { CertifiedSigner, Signer } from '#main/pki/signer.ts';
import type {
  JournalledRegistration,
  RegistrationFacts,
  RegistrationJournal,
} from '#main/store/registration-journal.ts';
import type { CertificateTrust } from '#main/trust/certificate-trust.ts';
import type { PinCustody } from '#main/token/pin-custody.ts';
import type { TokenSession } from '#main/token/token-session.ts';
import type { TokenWatch } from '#main/token/token-watch.ts';
import { BankClient } from './bank-client.ts';
import type { BankSystem } from './bank-system.ts';
import type { HttpClient } from './http.ts';
import type { NationalKeys } from './national/national-keys.ts';
import { nationalKeyToGoOnWith, nationalSigner } from './national/national-signer.ts';
import { assertMeantToken, openUserSession } from './user-session.ts';
import type { RegistrationSecrets } from './registration-secrets.ts';

/** What the steps of a registration work with. */
export interface RegistrationServices {
  readonly journal: RegistrationJournal;
  readonly tokens: TokenWatch;
  readonly pins: PinCustody;
  readonly http: (bank: BankSystem) => HttpClient;
  readonly trust: CertificateTrust;
  readonly now: () => Date;
  readonly computerName: string;
  readonly national: NationalKeys;
}

/** One run of one registration: the journal's line, the token it is on, and the secrets typed for this run. */
export class RegistrationContext {
  readonly services: RegistrationServices;
  readonly bank: BankSystem;
  readonly secrets: RegistrationSecrets;
  /** Aborted when the program ends; ends a wait for the CA. */
  readonly signal: AbortSignal;
  readonly cmp: CmpClient;
  readonly bankClient: BankClient;
  readonly #id: string;
  readonly #http: HttpClient;
  readonly #onLearnt: (facts: Partial<RegistrationFacts>) => void;
  readonly #orderedTokenId: string;

  constructor(options: {
    services: RegistrationServices;
    registrationId: string;
    bank: BankSystem;
    tokenId: string;
    secrets: RegistrationSecrets;
    signal: AbortSignal;
    onLearnt: (facts: Partial<RegistrationFacts>) => void;
  }) {
    this.services = options.services;
    this.bank = options.bank;
    this.#orderedTokenId = options.tokenId;
    this.secrets = options.secrets;
    this.signal = options.signal;
    this.#id = options.registrationId;
    this.#onLearnt = options.onLearnt;
    this.#http = options.services.http(options.bank);
    this.cmp = new CmpClient({
      url: options.bank.ca.url,
      post: this.#http.post,
      recipient: options.bank.ca.name,
      anchors: options.bank.ca.anchors,
      now: options.services.now,
    });
    this.bankClient = new BankClient(options.bank, this.#http.post, options.services.now);
  }

  close(): Promise<void> {
    return this.#http.close();
  }

  /** As it stands in the journal now. */
  get registration(): JournalledRegistration {
    return this.services.journal.get(this.#id);
  }

  get facts(): RegistrationFacts {
    return this.registration.facts;
  }

  learn(facts: Partial<RegistrationFacts>): void {
    this.services.journal.learn(this.#id, facts);
    this.#onLearnt(facts);
  }

  /**
   * This registration's token where it is now: while the bank decides it may have been pulled and put in again. Where
   * it is in no reader, the insertion that was meant at first.
   */
  get tokenId(): string {
    const { tokenSerial } = this.registration;
    const present = this.services.tokens.tokens().find(({ info }) => info?.serial === tokenSerial);
    return present?.id ?? this.#orderedTokenId;
  }

  /**
   * Runs `work` with the user logged in, on this registration's token and no other.
   *
   * @throws KiltError `token-swapped`, `pin-needed`, `wrong-pin`, …
   */
  withUser<T>(work: (session: TokenSession) => Promise<T>): Promise<T> {
    return openUserSession(this.services, this.tokenId, this.registration.tokenSerial, work);
  }

  /** A key of the token as signer; each signature is one short session of its own. */
  async tokenSigner(keyId: string): Promise<Signer> {
    // A public key needs no PIN.
    const publicKeyInfo = await this.services.tokens.withSession(this.tokenId, (session) => {
      assertMeantToken(session, this.registration.tokenSerial);
      return session.publicKey(keyId);
    });
    if (!publicKeyInfo) throw new KiltError('key-not-found', { reason: `no key ${keyId}` });
    return this.#signer(keyId, publicKeyInfo);
  }

  certifiedTokenSigner(keyId: string, certificate: DerBytes, chain: readonly DerBytes[]): CertifiedSigner {
    return { ...this.#signer(keyId, parseCertificate(certificate).publicKeyInfo), certificate, chain };
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
      this.services.national.on(token),
      this.bank,
      this.services.now(),
      nationalCertificate === undefined ? undefined : fromBase64(nationalCertificate),
    );
    return nationalSigner(key, this.bank, this.services.trust);
  }

  #signer(keyId: string, publicKeyInfo: DerBytes): Signer {
    return {
      algorithm: 'rsa-sha256',
      publicKeyInfo,
      sign: (data) => this.withUser((session) => session.signSha256(keyId, data)),
    };
  }

  /** The first certificate, once received. */
  signatureCertificate(): { certificate: DerBytes; chain: readonly DerBytes[] } {
    const { signatureCertificate, signatureChain } = this.facts;
    if (signatureCertificate === undefined)
      throw new Error('the signature certificate has not been received');
    return { certificate: fromBase64(signatureCertificate), chain: (signatureChain ?? []).map(fromBase64) };
  }

  signInCertificate(): DerBytes {
    const { signInCertificate } = this.facts;
    if (signInCertificate === undefined) throw new Error('the sign-in certificate has not been received');
    return fromBase64(signInCertificate);
  }
}

export const toBase64 = (bytes: Uint8Array): string => Buffer.from(bytes).toString('base64');
export const fromBase64 = (text: string): DerBytes => asDer(new Uint8Array(Buffer.from(text, 'base64')));
export const transactionIdBytes = (hex: string): Uint8Array => fromHex(hex);
