/** Object identifiers of the national certification authority's certificates, as published certificates carry them. */
export const oids = {
  /** Public key GOST 34.310-2004, its curve (CryptoPro-A) and its signature with GOST 34.311-95. */
  gost34310: '1.2.398.3.10.1.1.1.1',
  gost34310SetA: '1.2.398.3.10.1.1.1.1.1',
  gost34310WithGost34311: '1.2.398.3.10.1.1.1.2',
  /** Parameters of GOST 34.311-95. */
  gost34311Parameters: '1.2.398.3.10.1.3.1.1.0',
  /** Certificate policies: the root's and the authority's own. */
  rootPolicy: '1.2.398.3.1.2',
  authorityPolicy: '1.2.398.3.3.2',
  /** Extended key usage: the owner is a person; an organisation, and in it the head. */
  person: '1.2.398.3.3.4.1.1',
  organisation: '1.2.398.3.3.4.1.2',
  head: '1.2.398.3.3.4.1.2.1',

  // RFC 8017
  rsaEncryption: '1.2.840.113549.1.1.1',
  sha256WithRsa: '1.2.840.113549.1.1.11',
  // RFC 5280 §4.2.1
  subjectKeyIdentifier: '2.5.29.14',
  keyUsage: '2.5.29.15',
  basicConstraints: '2.5.29.19',
  certificatePolicies: '2.5.29.32',
  authorityKeyIdentifier: '2.5.29.35',
  extendedKeyUsage: '2.5.29.37',
  clientAuth: '1.3.6.1.5.5.7.3.2',
  emailProtection: '1.3.6.1.5.5.7.3.4',
  // X.520
  commonName: '2.5.4.3',
  surname: '2.5.4.4',
  serialNumber: '2.5.4.5',
  country: '2.5.4.6',
  organizationName: '2.5.4.10',
  organizationalUnit: '2.5.4.11',
  givenName: '2.5.4.42',
} as const;
