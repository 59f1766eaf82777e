import type { DerBytes, SecretBytes } from '#shared/bytes.ts';
import { KiltError } from '#shared/errors.ts';
import { assertMeantToken } from '#main/enrolment/user-session.ts';
import type { CertifiedSigner } from '#main/pki/signer.ts';
import type { KnownToken, TokenWatch } from '#main/token/token-watch.ts';
import { intermediatesAbove } from './known-issuers.ts';
import type { KeySubject } from './receipts.ts';
import { signingKeysOn, type SigningKey } from './signing-keys.ts';

/** A key that can be opened once for a batch: one login, one session. */
export interface BatchKey {
  readonly signer: Pick<CertifiedSigner, 'algorithm' | 'certificate' | 'chain'>;
  readonly subject: KeySubject;
  /** @throws KiltError when nothing could be signed at all */
  readonly withKey: (work: (sign: CertifiedSigner['sign']) => Promise<void>) => Promise<void>;
}

/** Which key on which token, and the PIN for it, which stays the caller's to wipe. */
export interface TokenKeyChoice {
  readonly tokenId: string;
  readonly pin: SecretBytes;
  /** Of the certificate; undefined: the only one there is. */
  readonly fingerprint?: string | undefined;
}

/** Longest value that fits the one command that carries a PIN. */
const longestPin = 249;

/**
 * A token's key, before anything is sent to the token.
 *
 * @throws KiltError `key-not-found`, `signing-certificate-ended` {notBefore, notAfter}, `input-invalid` {field: `pin`},
 *   and as the token could not be read
 */
export function tokenBatchKey(
  { tokenId, pin, fingerprint }: TokenKeyChoice,
  services: {
    readonly tokens: TokenWatch;
    readonly issuers: () => readonly DerBytes[];
    readonly now: () => Date;
  },
): BatchKey {
  const { token, keys } = signingKeysOfToken(services.tokens, tokenId);
  const found = fingerprint === undefined ? keys[0] : keys.find((key) => key.fingerprint === fingerprint);
  if (!found) throw new KiltError('key-not-found', { reason: 'signature certificate' });
  checkValidity(found, services.now());
  const stored = (token.objects?.certificates ?? []).map(({ der }) => der);
  const { minLength } = token.info.userPin;
  if (pin.length < Math.max(1, minLength ?? 1) || pin.length > longestPin)
    throw new KiltError('input-invalid', { field: 'pin' });
  return {
    signer: {
      algorithm: 'rsa-sha256',
      certificate: found.certificate.der,
      chain: intermediatesAbove(found.certificate, [...services.issuers(), ...stored]),
    },
    subject: { tokenSerial: token.info.serial, tokenLabel: token.info.label, role: 'user' },
    withKey: (work) =>
      services.tokens.withSession(token.id, async (session) => {
        assertMeantToken(session, token.info.serial);
        await session.login('user', pin);
        await work((data) => session.signSha256(found.id, data));
      }),
  };
}

/** Keys of a token that may sign documents. @throws KiltError as the token could not be read */
export function signingKeysOfToken(
  tokens: TokenWatch,
  tokenId: string,
): {
  readonly token: KnownToken & Required<Pick<KnownToken, 'info'>>;
  readonly keys: readonly SigningKey[];
} {
  const token = tokens.tokens().find(({ id }) => id === tokenId);
  if (!token?.info) throw token?.error ?? new KiltError('token-removed');
  if (token.info.layout === 'half-formatted') throw new KiltError('format-interrupted');
  if (!token.objects) throw token.error ?? new KiltError('token-removed');
  return { token: { ...token, info: token.info }, keys: signingKeysOn(token.objects) };
}

function checkValidity({ certificate }: SigningKey, now: Date): void {
  const { notBefore, notAfter } = certificate;
  if (now < notBefore || now > notAfter) {
    throw new KiltError('signing-certificate-ended', {
      notBefore: notBefore.toISOString(),
      notAfter: notAfter.toISOString(),
    });
  }
}
