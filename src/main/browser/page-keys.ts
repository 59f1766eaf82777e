import type { SecretBytes } from '#shared/bytes.ts';
import type { ConsentKeyView } from '#shared/consent-views.ts';
import { KiltError } from '#shared/errors.ts';
import type { Presence } from '#shared/views.ts';
import { signInMessage } from '#main/enrolment/sign-in-message.ts';
import { assertMeantToken } from '#main/enrolment/user-session.ts';
import type { AuditSubject } from '#main/store/audit-log.ts';
import type { TokenWatch } from '#main/token/token-watch.ts';
import type { TokenSession } from '#main/token/token-session.ts';
import { consentKeyView, offeredKeys, type KeyPurpose, type OfferedKey } from './offered-keys.ts';
import type { Origin } from './origin.ts';

/** A key as the consent window names it. */
export interface ChosenKey {
  readonly tokenId: string;
  readonly fingerprint: string;
}

export interface PageKeysServices {
  readonly tokens: TokenWatch;
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
   * The sign-in key's word for a site and a nonce: it is bound to the site, and signs no byte that the page has chosen.
   *
   * @throws KiltError `signing-certificate-ended`, `input-invalid` {field: `pin`} without a try; `wrong-pin`,
   *   `pin-blocked`, `token-…`
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

/** Whose key it is, for the audit. */
export const pageSubject = (key: OfferedKey): Pick<AuditSubject, 'tokenSerial' | 'tokenLabel' | 'role'> => ({
  tokenSerial: key.token.info.serial,
  tokenLabel: key.token.info.label,
  role: 'user',
});
