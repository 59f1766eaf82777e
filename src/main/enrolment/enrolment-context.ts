import { asDer, fromHex, type DerBytes } from '#shared/bytes.ts';
import { KiltError } from '#shared/errors.ts';
import { CmpClient } from '#main/pki/cmp/client.ts';
import type { CertifiedSigner, Signer } from '#main/pki/signer.ts';
import { parseCertificate } from '#main/pki/x509.ts';
import type { EnrolmentFacts } from '#main/store/enrolment-facts.ts';
import type { JournalledWork } from '#main/store/step-journal.ts';
import type { PinCustody } from '#main/token/pin-custody.ts';
import type { TokenSession } from '#main/token/token-session.ts';
import type { TokenWatch } from '#main/token/token-watch.ts';
import type { CertificateTrust } from '#main/trust/certificate-trust.ts';
import { BankClient } from './bank-client.ts';
import type { BankSystem } from './bank-system.ts';
import type { HttpClient } from './http.ts';
import { assertMeantToken, openUserSession } from './user-session.ts';

/** What work needs that gets certificates for keys on a token. */
export interface EnrolmentServices {
  readonly tokens: TokenWatch;
  readonly pins: PinCustody;
  readonly http: (bank: BankSystem) => HttpClient;
  readonly trust: CertificateTrust;
  readonly now: () => Date;
  readonly computerName: string;
}

export interface EnrolmentRun {
  readonly services: EnrolmentServices;
  readonly bank: BankSystem;
  /** Insertion of the token that was meant at first. */
  readonly tokenId: string;
  /** Aborted when the program ends; ends a wait for the CA. */
  readonly signal: AbortSignal;
}

/** One run of such work, registration or renewal: the journal's line, the token it is on, the CA and the bank. */
export abstract class EnrolmentContext {
  readonly services: EnrolmentServices;
  readonly bank: BankSystem;
  readonly signal: AbortSignal;
  readonly cmp: CmpClient;
  readonly bankClient: BankClient;
  readonly #http: HttpClient;
  readonly #orderedTokenId: string;
  #waking = new AbortController();

  constructor({ services, bank, tokenId, signal }: EnrolmentRun) {
    this.services = services;
    this.bank = bank;
    this.signal = signal;
    this.#orderedTokenId = tokenId;
    this.#http = services.http(bank);
    this.cmp = new CmpClient({
      url: bank.ca.url,
      post: this.#http.post,
      recipient: bank.ca.name,
      anchors: bank.ca.anchors,
      now: services.now,
    });
    this.bankClient = new BankClient(bank, this.#http.post, services.now);
  }

  close(): Promise<void> {
    return this.#http.close();
  }

  /** As it stands in the journal now. */
  abstract get work(): JournalledWork<string, EnrolmentFacts>;

  /** Writes to the journal in the middle of a step. */
  abstract learn(facts: Partial<EnrolmentFacts>): void;

  get facts(): EnrolmentFacts {
    return this.work.facts;
  }

  /** Aborted by {@link wake}: the CA is asked now, whenever it is due. */
  get waking(): AbortSignal {
    return this.#waking.signal;
  }

  /** Ends the pause before the CA is asked again: the user wants to know now. */
  wake(): void {
    this.#waking.abort();
    this.#waking = new AbortController();
  }

  /**
   * The work's token where it is now: while the bank decides it may have been pulled and put in again. Where it is in no
   * reader, the insertion that was meant at first.
   */
  get tokenId(): string {
    const { tokenSerial } = this.work;
    const present = this.services.tokens.tokens().find(({ info }) => info?.serial === tokenSerial);
    return present?.id ?? this.#orderedTokenId;
  }

  /**
   * Runs `work` with the user logged in, on the token that is meant and no other.
   *
   * @throws KiltError `token-swapped`, `pin-needed`, `wrong-pin`, …
   */
  withUser<T>(work: (session: TokenSession) => Promise<T>): Promise<T> {
    return openUserSession(this.services, this.tokenId, this.work.tokenSerial, work);
  }

  /** A key of the token as signer; each signature is one short session of its own. */
  async tokenSigner(keyId: string): Promise<Signer> {
    // A public key needs no PIN.
    const publicKeyInfo = await this.services.tokens.withSession(this.tokenId, (session) => {
      assertMeantToken(session, this.work.tokenSerial);
      return session.publicKey(keyId);
    });
    if (!publicKeyInfo) throw new KiltError('key-not-found', { reason: `no key ${keyId}` });
    return this.#signer(keyId, publicKeyInfo);
  }

  certifiedTokenSigner(keyId: string, certificate: DerBytes, chain: readonly DerBytes[]): CertifiedSigner {
    return { ...this.#signer(keyId, parseCertificate(certificate).publicKeyInfo), certificate, chain };
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

  /** The key of the first certificate, which asks for the second and speaks for the customer from then on. */
  signatureSigner(): CertifiedSigner {
    const { certificate, chain } = this.signatureCertificate();
    return this.certifiedTokenSigner(this.facts.signatureKeyId, certificate, chain);
  }

  signInSigner(): CertifiedSigner {
    const { chain } = this.signatureCertificate();
    return this.certifiedTokenSigner(this.facts.signInKeyId, this.signInCertificate(), chain);
  }
}

export const toBase64 = (bytes: Uint8Array): string => Buffer.from(bytes).toString('base64');
export const fromBase64 = (text: string): DerBytes => asDer(new Uint8Array(Buffer.from(text, 'base64')));
export const transactionIdBytes = (hex: string): Uint8Array => fromHex(hex);
