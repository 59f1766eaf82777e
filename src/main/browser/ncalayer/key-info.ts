import { toHex, type DerBytes } from '#shared/bytes.ts';
import { commonNameOf } from '#main/pki/distinguished-name.ts';
import { parseCertificate } from '#main/pki/x509.ts';
import { fingerprintOf } from '#main/signing/signing-keys.ts';

/** Of a certificate, under the names of NCALayer's `KeyInfo`. Times are milliseconds since 1970, as text. */
export function keyInfo(der: DerBytes): Readonly<Record<string, string>> {
  const certificate = parseCertificate(der);
  const fingerprint = fingerprintOf(certificate);
  return {
    alias: fingerprint,
    keyId: certificate.subjectKeyIdentifier ? toHex(certificate.subjectKeyIdentifier) : fingerprint,
    algorithm: 'RSA',
    subjectCn: certificate.commonName ?? '',
    subjectDn: certificate.subject,
    issuerCn: commonNameOf(certificate.issuerName) ?? '',
    issuerDn: certificate.issuer,
    serialNumber: certificate.serialNumber,
    certNotAfter: String(certificate.notAfter.getTime()),
    certNotBefore: String(certificate.notBefore.getTime()),
    authorityKeyIdentifier: toHex(certificate.authorityKeyIdentifier ?? new Uint8Array()),
    pem: pem('CERTIFICATE', der),
  };
}

/** RFC 7468 §2: lines of 64. */
export function pem(label: string, der: Uint8Array): string {
  const lines = Buffer.from(der)
    .toString('base64')
    .replaceAll(/.{64}(?=.)/g, '$&\n');
  return `-----BEGIN ${label}-----\n${lines}\n-----END ${label}-----\n`;
}
