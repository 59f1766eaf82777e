/** Certificates and names: the door to `certificate`, `certificate-path`, `distinguished-name`, `signature`. */
export {
  certificatesFromPem,
  certificateToPem,
  keyUsages,
  parseCertificate,
  type CertificateInfo,
  type KeyUsage,
} from './certificate.ts';
export { verifyPath, type PathAnswer, type PathFailure, type PathUsage } from './certificate-path.ts';
export { distinguishedName, escapeAttributeValue, nameText, sameName } from './distinguished-name.ts';
export { verifySignature, type SignatureCheck } from './signature.ts';
