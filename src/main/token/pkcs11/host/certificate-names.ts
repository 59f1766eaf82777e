import { contextTag, DerError, readElement, readElements } from '../../pkcs15/der.ts';

/** What PKCS#11 wants to be told of a certificate beside the certificate, each in DER (v2.40 §4.6.3). */
export interface CertificateNames {
  readonly subject: Uint8Array;
  readonly issuer: Uint8Array;
  readonly serialNumber: Uint8Array;
}

/** From TBSCertificate (RFC 5280 §4.1). @throws DerError */
export function certificateNames(certificate: Uint8Array): CertificateNames {
  const [toBeSigned] = readElements(readElement(certificate).content);
  const fields = toBeSigned === undefined ? [] : readElements(toBeSigned.content);
  const [serialNumber, , issuer, , subject] = fields[0]?.tag === contextTag(0) ? fields.slice(1) : fields;
  if (serialNumber === undefined || issuer === undefined || subject === undefined)
    throw new DerError('a certificate that ends early');
  return { subject: subject.raw, issuer: issuer.raw, serialNumber: serialNumber.raw };
}
