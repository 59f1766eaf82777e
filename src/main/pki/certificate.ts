import { asDer, equalBytes, toHex, type DerBytes } from '#shared/bytes.ts';
import { readAlgorithm, type AlgorithmIdentifier } from './algorithm-identifier.ts';
import {
  DerError,
  DerReader,
  members,
  parseDer,
  parseSequence,
  readBoolean,
  readNamedBits,
  readOid,
  readSmallInteger,
  readTime,
  readWholeBytes,
  tag,
  type DerValue,
} from './asn1.ts';
import { commonNameOf, nameText } from './distinguished-name.ts';
import { oids } from './oids.ts';

/** Bits of KeyUsage in their order (RFC 5280 §4.2.1.3). */
export const keyUsages = [
  'digitalSignature',
  'nonRepudiation',
  'keyEncipherment',
  'dataEncipherment',
  'keyAgreement',
  'keyCertSign',
  'cRLSign',
  'encipherOnly',
  'decipherOnly',
] as const;
export type KeyUsage = (typeof keyUsages)[number];

/** What a certificate says (RFC 5280 §4.1). Nothing in it is proven until {@link verifyPath} has looked at it. */
export interface CertificateInfo {
  readonly der: DerBytes;
  /** The signed part, as received. */
  readonly tbs: DerBytes;
  /** RFC 4514 text. */
  readonly subject: string;
  readonly subjectName: DerBytes;
  readonly issuer: string;
  readonly issuerName: DerBytes;
  readonly commonName: string | undefined;
  /**
   * Lower-case hexadecimal of the number's bytes without a leading sign byte. KISC numbers have 32 bytes and may be
   * negative; those appear as the bytes they are encoded in. The same number is the same text however it is encoded.
   */
  readonly serialNumber: string;
  /** The INTEGER as encoded. */
  readonly serialNumberDer: DerBytes;
  readonly notBefore: Date;
  readonly notAfter: Date;
  /** SubjectPublicKeyInfo as received. */
  readonly publicKeyInfo: DerBytes;
  readonly keyUsage: readonly KeyUsage[] | undefined;
  /** Object identifiers. */
  readonly extendedKeyUsage: readonly string[] | undefined;
  /** Object identifiers of the policies it was issued under (RFC 5280 §4.2.1.4). */
  readonly certificatePolicies: readonly string[] | undefined;
  readonly basicConstraints: { readonly ca: boolean; readonly pathLength: number | undefined } | undefined;
  readonly subjectKeyIdentifier: Uint8Array | undefined;
  readonly authorityKeyIdentifier: Uint8Array | undefined;
  /** Object identifiers of the extensions that must be understood. */
  readonly criticalExtensions: readonly string[];
  /** All extensions by their object identifiers, as received. */
  readonly extensions: ReadonlyMap<string, Extension>;
  readonly signatureAlgorithm: AlgorithmIdentifier;
  readonly signature: Uint8Array;
}

/** One extension of a certificate, a CRL or one of its entries (RFC 5280 §4.1). */
export interface Extension {
  readonly critical: boolean;
  /** What its OCTET STRING holds. */
  readonly value: Uint8Array;
}

/** Reads an Extensions structure. @throws DerError */
export function readExtensions(wrapper: DerValue | undefined): ReadonlyMap<string, Extension> {
  const extensions = new Map<string, Extension>();
  if (!wrapper) return extensions;
  for (const { content } of members(wrapper, tag.sequence)) {
    const reader = new DerReader(content);
    const type = reader.oid();
    const critical = reader.optional(tag.boolean);
    const value = reader.octets();
    reader.end();
    if (extensions.has(type)) throw new DerError('an extension stands twice');
    extensions.set(type, { critical: critical !== undefined && readBoolean(critical), value });
  }
  return extensions;
}

function readBasicConstraints(value: Uint8Array): CertificateInfo['basicConstraints'] {
  const reader = parseSequence(value);
  const ca = reader.optional(tag.boolean);
  const pathLength = reader.optional(tag.integer);
  reader.end();
  const length = pathLength && readSmallInteger(pathLength);
  if (length !== undefined && length < 0) throw new DerError('a negative path length');
  return { ca: ca !== undefined && readBoolean(ca), pathLength: length };
}

function readKeyUsage(value: Uint8Array): readonly KeyUsage[] {
  const bits = parseDer(value);
  if (bits.tag !== tag.bitString) throw new DerError('not a KeyUsage');
  return readNamedBits(bits).flatMap((bit) => keyUsages[bit] ?? []);
}

function readCertificatePolicies(value: Uint8Array): readonly string[] {
  // PolicyInformation: the identifier, and qualifiers that nobody is bound by.
  return members(parseSequenceValue(value), tag.sequence).map(({ content }) => new DerReader(content).oid());
}

function readAuthorityKeyIdentifier(value: Uint8Array): Uint8Array | undefined {
  return parseSequence(value).optional(tag.contextPrimitive(0))?.content;
}

function readSubjectKeyIdentifier(value: Uint8Array): Uint8Array {
  const octets = parseDer(value);
  if (octets.tag !== tag.octetString) throw new DerError('not a SubjectKeyIdentifier');
  return octets.content;
}

/**
 * KISC's numbers are 32 bytes of a hash. A CA that writes such bytes as they come breaks DER's rule of the shortest form
 * in one certificate of 256, and its customer would be told that a good key file is wrong. So that rule, which nothing
 * here relies on, is not asked for.
 *
 * @throws DerError
 */
export function readSerialNumber({ content }: Pick<DerValue, 'content'>): string {
  if (content.length === 0) throw new DerError('an INTEGER without content');
  let start = 0;
  for (; start + 1 < content.length; start++) {
    const [first, second = 0] = content.subarray(start, start + 2);
    if (first !== 0 && !(first === 0xff && second >= 0x80)) break;
  }
  return toHex(content.subarray(start));
}

/**
 * Reads a certificate. Strict in what it relies on (framing, validity, extensions named in {@link CertificateInfo}),
 * indifferent to the rest.
 *
 * @throws DerError for anything that is not a certificate in DER
 */
export function parseCertificate(der: Uint8Array): CertificateInfo {
  const certificate = parseSequence(der);
  const tbs = certificate.next(tag.sequence);
  const signatureAlgorithm = readAlgorithm(certificate.next(tag.sequence));
  const signature = readWholeBytes(certificate.next(tag.bitString));
  certificate.end();

  const fields = new DerReader(tbs.content);
  fields.optional(tag.context(0)); // version: what it allows is decided by which fields follow
  const serialNumber = fields.next(tag.integer);
  const innerAlgorithm = fields.next(tag.sequence);
  if (!equalBytes(innerAlgorithm.der, signatureAlgorithm.der)) {
    throw new DerError('two signature algorithms in one certificate');
  }
  const issuerName = fields.next(tag.sequence).der;
  const validity = fields.sequence();
  const notBefore = readTime(validity.any());
  const notAfter = readTime(validity.any());
  validity.end();
  const subjectName = fields.next(tag.sequence).der;
  const publicKeyInfo = fields.next(tag.sequence).der;
  fields.optional(tag.contextPrimitive(1)); // issuerUniqueID, subjectUniqueID: obsolete
  fields.optional(tag.contextPrimitive(2));
  const extensions = readExtensions(fields.optionalExplicit(3));
  fields.end();

  const extension = <T>(type: string, read: (value: Uint8Array) => T): T | undefined => {
    const found = extensions.get(type);
    return found && read(found.value);
  };
  return {
    der: asDer(der),
    tbs: tbs.der,
    subject: nameText(subjectName),
    subjectName,
    issuer: nameText(issuerName),
    issuerName,
    commonName: commonNameOf(subjectName),
    serialNumber: readSerialNumber(serialNumber),
    serialNumberDer: serialNumber.der,
    notBefore,
    notAfter,
    publicKeyInfo,
    keyUsage: extension(oids.keyUsage, readKeyUsage),
    extendedKeyUsage: extension(oids.extendedKeyUsage, (value) =>
      members(parseSequenceValue(value), tag.oid).map(readOid),
    ),
    certificatePolicies: extension(oids.certificatePolicies, readCertificatePolicies),
    basicConstraints: extension(oids.basicConstraints, readBasicConstraints),
    subjectKeyIdentifier: extension(oids.subjectKeyIdentifier, readSubjectKeyIdentifier),
    authorityKeyIdentifier: extension(oids.authorityKeyIdentifier, readAuthorityKeyIdentifier),
    criticalExtensions: [...extensions].flatMap(([type, { critical }]) => (critical ? type : [])),
    extensions,
    signatureAlgorithm,
    signature,
  };
}

function parseSequenceValue(bytes: Uint8Array): DerValue {
  const value = parseDer(bytes);
  if (value.tag !== tag.sequence) throw new DerError('not a SEQUENCE');
  return value;
}

const pemBlock = /-----BEGIN CERTIFICATE-----([A-Za-z0-9+/=\s]+)-----END CERTIFICATE-----/g;

/** DER of every certificate in a PEM text (RFC 7468); text around the blocks is ignored. */
export const certificatesFromPem = (pem: string): readonly DerBytes[] =>
  Array.from(pem.matchAll(pemBlock), ([, base64 = '']) => asDer(Buffer.from(base64, 'base64')));

/** PEM of one certificate, 64 characters a line (RFC 7468). */
export const certificateToPem = (der: Uint8Array): string =>
  `-----BEGIN CERTIFICATE-----\n${
    Buffer.from(der)
      .toString('base64')
      .match(/.{1,64}/g)
      ?.join('\n') ?? ''
  }\n-----END CERTIFICATE-----\n`;
