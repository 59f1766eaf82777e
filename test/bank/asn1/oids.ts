/** Object identifiers the bank meets, by their names in the standards. */
export const oids = {
  // RFC 8017, RFC 5754
  sha256WithRsa: '1.2.840.113549.1.1.11',
  sha384WithRsa: '1.2.840.113549.1.1.12',
  sha512WithRsa: '1.2.840.113549.1.1.13',
  sha1: '1.3.14.3.2.26',
  sha256: '2.16.840.1.101.3.4.2.1',
  sha384: '2.16.840.1.101.3.4.2.2',
  sha512: '2.16.840.1.101.3.4.2.3',
  // RFC 9810 §5.1.3.1 and the MACs it allows (RFC 9481 §6.2)
  passwordBasedMac: '1.2.840.113533.7.66.13',
  hmacSha1: '1.3.6.1.5.5.8.1.2',
  hmacWithSha1: '1.2.840.113549.2.7',
  hmacWithSha256: '1.2.840.113549.2.9',
  hmacWithSha384: '1.2.840.113549.2.10',
  hmacWithSha512: '1.2.840.113549.2.11',
  // RFC 4211 §6.1
  registrationToken: '1.3.6.1.5.5.7.5.1.1',
  // RFC 4211 §6.5
  oldCertificateId: '1.3.6.1.5.5.7.5.1.5',
  // X.520, RFC 4519
  commonName: '2.5.4.3',
  serialNumber: '2.5.4.5',
  country: '2.5.4.6',
  organisation: '2.5.4.10',
  userId: '0.9.2342.19200300.100.1.1',
  // Extensions of certificates: RFC 5280 §4.2.1
  subjectKeyIdentifier: '2.5.29.14',
  keyUsage: '2.5.29.15',
  basicConstraints: '2.5.29.19',
  authorityKeyIdentifier: '2.5.29.35',
  // CRLs and their entries: RFC 5280 §5.2, §5.3
  crlNumber: '2.5.29.20',
  reasonCode: '2.5.29.21',
  // OCSP: RFC 6960 §4
  ocspBasic: '1.3.6.1.5.5.7.48.1.1',
  ocspNonce: '1.3.6.1.5.5.7.48.1.2',
  // Extended key usages: RFC 5280 §4.2.1.12, RFC 6402 §2.10
  serverAuth: '1.3.6.1.5.5.7.3.1',
  clientAuth: '1.3.6.1.5.5.7.3.2',
  emailProtection: '1.3.6.1.5.5.7.3.4',
  cmcCa: '1.3.6.1.5.5.7.3.27',
  // PKCS#12 (RFC 7292) and PKCS#5 (RFC 8018)
  data: '1.2.840.113549.1.7.1',
  encryptedData: '1.2.840.113549.1.7.6',
  shroudedKeyBag: '1.2.840.113549.1.12.10.1.2',
  certificateBag: '1.2.840.113549.1.12.10.1.3',
  x509Certificate: '1.2.840.113549.1.9.22.1',
  friendlyName: '1.2.840.113549.1.9.20',
  localKeyId: '1.2.840.113549.1.9.21',
  pbeSha1TripleDes: '1.2.840.113549.1.12.1.3',
  pbeSha1Rc2With40Bits: '1.2.840.113549.1.12.1.6',
  pbes2: '1.2.840.113549.1.5.13',
  pbkdf2: '1.2.840.113549.1.5.12',
  aes256Cbc: '2.16.840.1.101.3.4.1.42',
} as const;
