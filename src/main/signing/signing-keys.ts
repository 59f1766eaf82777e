import { createHash } from 'node:crypto';
import type { SigningKeyView } from '#shared/signing-views.ts';
import { readProfiles } from '#main/enrolment/profile-record.ts';
import { DerError } from '#main/pki/asn1.ts';
import { issuerNameOf, subjectNameOf } from '#main/pki/certificate-texts.ts';
import { parseCertificate, type CertificateInfo } from '#main/pki/x509.ts';
import type { ObjectId, TokenObjects } from '#main/token/token-session.ts';

/** A key on a token that may sign documents, with its certificate. */
export interface SigningKey {
  readonly id: ObjectId;
  readonly certificate: CertificateInfo;
  readonly fingerprint: string;
}

/**
 * Keys of a token that may sign documents. On a token with profiles of Kilt's these are the profiles' signature keys and no
 * others: the sign-in key answers challenges only. On a token without one it is every RSA key whose certificate says that
 * it stands for its owner's word (nonRepudiation).
 */
export function signingKeysOn(objects: TokenObjects): readonly SigningKey[] {
  const { records } = readProfiles(objects);
  return objects.certificates.flatMap(({ id, der }) => {
    const isRsaKey = objects.keys.some((key) => key.id === id && key.algorithm === 'rsa');
    const certificate = isRsaKey ? parsedOrUndefined(der) : undefined;
    if (!certificate) return [];
    const isMeant =
      records.length > 0
        ? records.some(({ state, signatureKeyId }) => state === 'registered' && id === signatureKeyId)
        : certificate.keyUsage?.includes('nonRepudiation') === true;
    return isMeant ? [{ id, certificate, fingerprint: fingerprintOf(certificate) }] : [];
  });
}

export const fingerprintOf = ({ der }: CertificateInfo): string =>
  createHash('sha256').update(der).digest('hex');

export const signingKeyView = ({ certificate, fingerprint }: SigningKey, now: Date): SigningKeyView => ({
  fingerprint,
  subjectName: subjectNameOf(certificate),
  issuerName: issuerNameOf(certificate),
  serialNumber: certificate.serialNumber,
  notAfter: certificate.notAfter.toISOString(),
  validity: now < certificate.notBefore ? 'not-yet' : now > certificate.notAfter ? 'expired' : 'valid',
});

function parsedOrUndefined(der: Uint8Array): CertificateInfo | undefined {
  try {
    return parseCertificate(der);
  } catch (error) {
    if (error instanceof DerError) return undefined;
    throw error;
  }
}
