/** Object identifiers in use, by the names their standards give them. */
export const oids = {
  // RFC 8017, RFC 5758
  rsaEncryption: '1.2.840.113549.1.1.1',
  sha1WithRSA: '1.2.840.113549.1.1.5',
  sha256WithRSA: '1.2.840.113549.1.1.11',
  sha384WithRSA: '1.2.840.113549.1.1.12',
  sha512WithRSA: '1.2.840.113549.1.1.13',
  ecdsaWithSHA256: '1.2.840.10045.4.3.2',
  ecdsaWithSHA384: '1.2.840.10045.4.3.3',
  ecdsaWithSHA512: '1.2.840.10045.4.3.4',

  // FIPS 180, RFC 8018, RFC 4210 §5.1.3.1
  sha1: '1.3.14.3.2.26',
  sha256: '2.16.840.1.101.3.4.2.1',
  sha384: '2.16.840.1.101.3.4.2.2',
  sha512: '2.16.840.1.101.3.4.2.3',
  hmacWithSHA1: '1.2.840.113549.2.7',
  hmacWithSHA224: '1.2.840.113549.2.8',
  hmacWithSHA256: '1.2.840.113549.2.9',
  hmacWithSHA384: '1.2.840.113549.2.10',
  hmacWithSHA512: '1.2.840.113549.2.11',
  /** id-HMAC-SHA1 of RFC 4210: another name of hmacWithSHA1. */
  hmacSHA1: '1.3.6.1.5.5.8.1.2',

  // Attributes of names: RFC 4519, RFC 4514 §3
  commonName: '2.5.4.3',
  surname: '2.5.4.4',
  serialNumber: '2.5.4.5',
  country: '2.5.4.6',
  locality: '2.5.4.7',
  state: '2.5.4.8',
  street: '2.5.4.9',
  organization: '2.5.4.10',
  organizationalUnit: '2.5.4.11',
  title: '2.5.4.12',
  givenName: '2.5.4.42',
  domainComponent: '0.9.2342.19200300.100.1.25',
  userId: '0.9.2342.19200300.100.1.1',
  emailAddress: '1.2.840.113549.1.9.1',

  // Extensions: RFC 5280 §4.2
  subjectKeyIdentifier: '2.5.29.14',
  keyUsage: '2.5.29.15',
  subjectAltName: '2.5.29.17',
  basicConstraints: '2.5.29.19',
  certificatePolicies: '2.5.29.32',
  authorityKeyIdentifier: '2.5.29.35',
  extendedKeyUsage: '2.5.29.37',
  serverAuth: '1.3.6.1.5.5.7.3.1',
  clientAuth: '1.3.6.1.5.5.7.3.2',
  emailProtection: '1.3.6.1.5.5.7.3.4',
  /** id-kp-cmcCA and id-kp-cmcRA (RFC 6402 §2.10): may answer for the CA in CMP (RFC 9483 §1.7). */
  cmcCA: '1.3.6.1.5.5.7.3.27',
  cmcRA: '1.3.6.1.5.5.7.3.28',

  // PKCS#10, PKCS#9
  extensionRequest: '1.2.840.113549.1.9.14',

  // CMP and CRMF: RFC 4210 §5.1.3.1, RFC 4211 §6
  passwordBasedMac: '1.2.840.113533.7.66.13',
  registrationToken: '1.3.6.1.5.5.7.5.1.1',
  oldCertificateId: '1.3.6.1.5.5.7.5.1.5',
  implicitConfirm: '1.3.6.1.5.5.7.4.13',

  // PKCS#7, PKCS#12 (RFC 7292 §4), PKCS#5 (RFC 8018)
  data: '1.2.840.113549.1.7.1',
  encryptedData: '1.2.840.113549.1.7.6',
  keyBag: '1.2.840.113549.1.12.10.1.1',
  shroudedKeyBag: '1.2.840.113549.1.12.10.1.2',
  certBag: '1.2.840.113549.1.12.10.1.3',
  x509Certificate: '1.2.840.113549.1.9.22.1',
  pbeSha1And3KeyTripleDes: '1.2.840.113549.1.12.1.3',
  pbeSha1And2KeyTripleDes: '1.2.840.113549.1.12.1.4',
  pbeSha1And128BitRc2: '1.2.840.113549.1.12.1.5',
  pbeSha1And40BitRc2: '1.2.840.113549.1.12.1.6',
  pbes2: '1.2.840.113549.1.5.13',
  pbkdf2: '1.2.840.113549.1.5.12',
  desEde3Cbc: '1.2.840.113549.3.7',
  aes128Cbc: '2.16.840.1.101.3.4.1.2',
  aes192Cbc: '2.16.840.1.101.3.4.1.22',
  aes256Cbc: '2.16.840.1.101.3.4.1.42',

  // GOST in Kazakhstan: NCA, 34.10-2015 and the older 34.310-2004 with 34.311-95
  gostKz2015Key256: '1.2.398.3.10.1.1.2.1',
  gostKz2015Key256A: '1.2.398.3.10.1.1.2.1.1',
  gostKz2015Key512: '1.2.398.3.10.1.1.2.2',
  gostKz2015Key512A: '1.2.398.3.10.1.1.2.2.1',
  gostKz2015Signature256: '1.2.398.3.10.1.1.2.3.1',
  gostKz2015Signature512: '1.2.398.3.10.1.1.2.3.2',
  gostKz2004Key: '1.2.398.3.10.1.1.1.1',
  gostKz2004KeyA: '1.2.398.3.10.1.1.1.1.1',
  gostKz2004Signature: '1.2.398.3.10.1.1.1.2',
  // Gamma Technologies, in certificates of KISC
  gostGammaKeyA: '1.3.6.1.4.1.6801.1.5.8',
  gostGammaSignature: '1.3.6.1.4.1.6801.1.2.2',
  // GOST in Russia: RFC 9215 §2, RFC 4357 §10, RFC 7836 appendix A, RFC 9337 §7.3
  gostRu2012Key256: '1.2.643.7.1.1.1.1',
  gostRu2012Key512: '1.2.643.7.1.1.1.2',
  gostRu2012Signature256: '1.2.643.7.1.1.3.2',
  gostRu2012Signature512: '1.2.643.7.1.1.3.3',
  gostCryptoProA: '1.2.643.2.2.35.1',
  gostCryptoProXchA: '1.2.643.2.2.36.0',
  gostTc26Key256A: '1.2.643.7.1.2.1.1.1',
  gostTc26Key256B: '1.2.643.7.1.2.1.1.2',
  gostTc26Key512A: '1.2.643.7.1.2.1.2.1',
  streebog256: '1.2.643.7.1.1.2.2',
  streebog512: '1.2.643.7.1.1.2.3',
  hmacStreebog256: '1.2.643.7.1.1.4.1',
  hmacStreebog512: '1.2.643.7.1.1.4.2',
  gost28147: '1.2.643.2.2.21',
  gost28147CryptoProA: '1.2.643.2.2.31.1',
  gost28147Tc26Z: '1.2.643.7.1.2.5.1.1',
} as const;
