import type { DerBytes, SecretBytes } from '#shared/bytes.ts';
import type { ConsentKeyView } from '#shared/consent-views.ts';
import { KiltError } from '#shared/errors.ts';
import type { Presence } from '#shared/views.ts';
import { signInMessage } from '#main/enrolment/sign-in-message.ts';
import { assertMeantToken } from '#main/enrolment/user-session.ts';
import { intermediatesAbove } from '#main/signing/known-issuers.ts';
import type { TokenWatch } from '#main/token/token-watch.ts';
import type { TokenSession } from '#main/token/token-session.ts';
import { consentKeyView, offeredKeys, type KeyPurpose, type OfferedKey } from './offered-keys.ts';
import type { Origin } from './origin.ts';

/** A key as the consent window names it. */
export interface ChosenKey {
  readonly tokenId: string;
  readonly fingerprint: string;
}

/** A key that is open for as long as one card session goes on. */
export interface OpenKey {
  readonly certificate: DerBytes;
  /** Issuers of the certificate, nearest first; may be empty. */
  readonly chain: readonly DerBytes[];
  /** RSASSA-PKCS1-v1_5 with SHA-256. */
  sign(data: Uint8Array): Promise<Uint8Array>;
}

export interface PageKeysServices {
  readonly tokens: TokenWatch;
  /** Certificates of authorities that are known: to lead from a signer to its root. */
  readonly issuers: () => readonly DerBytes[];
  readonly now: () => Date;
}

/** Longest value that fits the one command that carries a PIN. */
const longestPin = 249;

/** The keys on the tokens, as requests of pages may use them. */
export class PageKeys {
  readonly #services: PageKeysServices;

  constructor(services: PageKeysServices) {
    this.#services = services;
  }

  presence(): Presence {
    return this.#services.tokens.presence();
  }

  /** Whether a token is in a reader that could be read. */
  hasToken(): boolean {
    return this.#services.tokens.tokens().some(({ info }) => info !== undefined);
  }

  offered(purpose: KeyPurpose): ConsentKeyView[] {
    const now = this.#services.now();
    return offeredKeys(this.#services.tokens.tokens(), purpose).map((key) => consentKeyView(key, now));
  }

  onChange(listener: () => void): () => void {
    return this.#services.tokens.onChange(listener);
  }

  /** @throws KiltError `key-not-found`: the token has gone, or the key is not for this purpose */
  find(chosen: ChosenKey, purpose: KeyPurpose): OfferedKey {
    const found = offeredKeys(this.#services.tokens.tokens(), purpose).find(
      ({ token, fingerprint }) => token.id === chosen.tokenId && fingerprint === chosen.fingerprint,
    );
    if (!found) throw new KiltError('key-not-found', { reason: 'certificate for a page' });
    return found;
  }

  /**
   * Opens the signature key once: one VERIFY and one session for all that `work` signs.
   *
   * @throws KiltError `signing-certificate-ended`, `input-invalid` {field: `pin`} without a try; `wrong-pin`,
   *   `pin-blocked`, `token-…`
   */
  withSignatureKey<T>(key: OfferedKey, pin: SecretBytes, work: (open: OpenKey) => Promise<T>): Promise<T> {
    if (key.purpose !== 'signature')
      throw new KiltError('key-not-found', { reason: 'signature certificate' });
    const stored = key.token.objects.certificates.map(({ der }) => der);
    const chain = intermediatesAbove(key.certificate, [...this.#services.issuers(), ...stored]);
    return this.#withKey(key, pin, (session) =>
      work({
        certificate: key.certificate.der,
        chain,
        sign: (data) => session.signSha256(key.id, data),
      }),
    );
  }

  /**
   * The sign-in key's word for a site and a nonce: it is bound to the site, and signs no byte that the page has chosen.
   *
   * @throws KiltError as {@link withSignatureKey}
   */
  signIn(key: OfferedKey, pin: SecretBytes, origin: Origin, nonce: Uint8Array): Promise<Uint8Array> {
    if (key.purpose !== 'sign-in') throw new KiltError('key-not-found', { reason: 'sign-in certificate' });
    return this.#withKey(key, pin, (session) => session.signSha256(key.id, signInMessage(origin, nonce)));
  }

  async #withKey<T>(
    key: OfferedKey,
    pin: SecretBytes,
    work: (session: TokenSession) => Promise<T>,
  ): Promise<T> {
    const { notBefore, notAfter } = key.certificate;
    const now = this.#services.now();
    if (now < notBefore || now > notAfter) {
      throw new KiltError('signing-certificate-ended', {
        notBefore: notBefore.toISOString(),
        notAfter: notAfter.toISOString(),
      });
    }
    const { serial, userPin } = key.token.info;
    if (pin.length < Math.max(1, userPin.minLength ?? 1) || pin.length > longestPin)
      throw new KiltError('input-invalid', { field: 'pin' });
    return this.#services.tokens.withSession(key.token.id, async (session) => {
      assertMeantToken(session, serial);
      await session.login('user', pin);
      return work(session);
    });
  }
}

/** Names a certificate in the audit. */
export const certificateName = ({ certificate }: OfferedKey): string => certificate.serialNumber;
