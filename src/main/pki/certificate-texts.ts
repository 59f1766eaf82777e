import type { CertificateInfo } from './certificate.ts';
import { commonNameOf } from './distinguished-name.ts';

/** Whose certificate it is, in a few words: the common name, else the whole name (RFC 4514). */
export const subjectNameOf = ({ commonName, subject }: CertificateInfo): string => commonName ?? subject;

/** Who has issued it, in a few words: the common name, else the whole name (RFC 4514). */
export const issuerNameOf = ({ issuerName, issuer }: CertificateInfo): string =>
  commonNameOf(issuerName) ?? issuer;

/** What every view of a certificate tells of it; times as ISO 8601. */
export const certificateTexts = (certificate: CertificateInfo) => ({
  subjectName: subjectNameOf(certificate),
  subject: certificate.subject,
  issuerName: issuerNameOf(certificate),
  issuer: certificate.issuer,
  serialNumber: certificate.serialNumber,
  notBefore: certificate.notBefore.toISOString(),
  notAfter: certificate.notAfter.toISOString(),
});
