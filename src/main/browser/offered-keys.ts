import type { ConsentKeyView } from '#shared/consent-views.ts';
import { issuerNameOf, subjectNameOf } from '#main/pki/certificate-texts.ts';
import { DerError } from '#main/pki/asn1.ts';
import { parseCertificate, type CertificateInfo } from '#main/pki/x509.ts';
import { readProfiles } from '#main/enrolment/profile-record.ts';
import { fingerprintOf, signingKeysOn } from '#main/signing/signing-keys.ts';
import type { KnownToken } from '#main/token/token-watch.ts';
import type { ObjectId, TokenInfo, TokenObjects } from '#main/token/token-session.ts';

export type KeyPurpose = 'signature' | 'sign-in' | 'any';

/** A key on a token that a request of a page may be answered with, if the user says so. */
export interface OfferedKey {
  readonly token: KnownToken & { readonly info: TokenInfo; readonly objects: TokenObjects };
  readonly id: ObjectId;
  readonly purpose: 'signature' | 'sign-in';
  readonly certificate: CertificateInfo;
  readonly fingerprint: string;
}

/** id-kp-clientAuth, RFC 5280 §4.2.1.12. */
const clientAuthentication = '1.3.6.1.5.5.7.3.2';

/** Keys for a purpose on all tokens in the readers. A key is for one purpose only. */
export function offeredKeys(tokens: readonly KnownToken[], purpose: KeyPurpose): readonly OfferedKey[] {
  return tokens.flatMap((token) => {
    const { info, objects } = token;
    if (!info || !objects || info.layout === 'half-formatted') return [];
    const whole = { ...token, info, objects };
    const signature = purpose === 'sign-in' ? [] : signingKeysOn(objects);
    const signIn = purpose === 'signature' ? [] : signInKeysOn(objects);
    return [
      ...signature.map((key): OfferedKey => ({ ...key, token: whole, purpose: 'signature' })),
      ...signIn.map((key): OfferedKey => ({ ...key, token: whole, purpose: 'sign-in' })),
    ];
  });
}

/**
 * The sign-in keys of the profiles on a token. On a token without one: keys whose certificate says that they authenticate
 * their owner, and not that they stand for his word (nonRepudiation).
 */
function signInKeysOn(
  objects: TokenObjects,
): readonly Pick<OfferedKey, 'id' | 'certificate' | 'fingerprint'>[] {
  const { records } = readProfiles(objects);
  return objects.certificates.flatMap(({ id, der }) => {
    const isRsaKey = objects.keys.some((key) => key.id === id && key.algorithm === 'rsa');
    const certificate = isRsaKey ? parsedOrNone(der) : undefined;
    if (!certificate) return [];
    const { keyUsage, extendedKeyUsage } = certificate;
    const isMeant =
      records.length > 0
        ? records.some(({ state, signInKeyId }) => state === 'registered' && id === signInKeyId)
        : keyUsage?.includes('nonRepudiation') !== true &&
          extendedKeyUsage?.includes(clientAuthentication) === true;
    return isMeant ? [{ id, certificate, fingerprint: fingerprintOf(certificate) }] : [];
  });
}

function parsedOrNone(der: Uint8Array): CertificateInfo | undefined {
  try {
    return parseCertificate(der);
  } catch (error) {
    if (error instanceof DerError) return undefined;
    throw error;
  }
}

export function consentKeyView(key: OfferedKey, now: Date): ConsentKeyView {
  const { certificate, token } = key;
  const { notBefore, notAfter } = certificate;
  const { attemptsLeft, blocked, minLength } = token.info.userPin;
  return {
    tokenId: token.id,
    tokenName: token.info.label ?? token.info.serial,
    fingerprint: key.fingerprint,
    purpose: key.purpose,
    subjectName: subjectNameOf(certificate),
    issuerName: issuerNameOf(certificate),
    notAfter: notAfter.toISOString(),
    validity: now < notBefore ? 'not-yet' : now > notAfter ? 'expired' : 'valid',
    attemptsLeft,
    pinBlocked: blocked,
    minPinLength: minLength,
  };
}
