import { randomBytes, X509Certificate } from 'node:crypto';
import forge from 'node-forge';
import {
  contextTag,
  expectTag,
  insideOf,
  membersOf,
  oidText,
  readDer,
  tags,
  type DerValue,
} from '../asn1/der.ts';
import { oids } from '../asn1/oids.ts';

/**
 * The kinds of certificate the demo bank signs. Key usages follow the manuals' two keys: a signature key for
 * documents and a sign-in key for challenges.
 */
export type CertificateKind =
  'root' | 'issuing' | 'cmp-server' | 'tls-server' | 'initial-key' | 'signature' | 'sign-in';

/** A subject as the bank's records have it; printed in this order. */
export interface SubjectFields {
  readonly country?: string;
  readonly organisation?: string;
  readonly commonName: string;
  readonly userId?: string;
  /** For a person the IIN, written `IIN…` as Kazakh certificates do. */
  readonly serialNumber?: string;
}

/** PKCS#8 PEM and the certificate that goes with it. */
export interface IssuerKey {
  readonly privateKeyPem: string;
  /** DER. Absent while the issuer signs its own certificate. */
  readonly certificate?: Uint8Array;
}

export interface CertificateOrder {
  readonly kind: CertificateKind;
  readonly subject: SubjectFields;
  /** SubjectPublicKeyInfo, DER, RSA. */
  readonly publicKey: Uint8Array;
  readonly notBefore: Date;
  readonly notAfter: Date;
}

const certificateAuthority = (pathLength?: number): object[] => [
  {
    name: 'basicConstraints',
    critical: true,
    cA: true,
    ...(pathLength === undefined ? {} : { pathLenConstraint: pathLength }),
  },
  { name: 'keyUsage', critical: true, keyCertSign: true, cRLSign: true },
];

const endEntity = (usage: object, extended: object | undefined): object[] => [
  { name: 'basicConstraints', critical: true, cA: false },
  { name: 'keyUsage', critical: true, ...usage },
  ...(extended ? [{ name: 'extKeyUsage', ...extended }] : []),
];

function extensionsOf(kind: CertificateKind): object[] {
  switch (kind) {
    case 'root':
      return certificateAuthority();
    case 'issuing':
      return certificateAuthority(0);
    case 'cmp-server':
      return endEntity({ digitalSignature: true }, { [oids.cmcCa]: true });
    case 'tls-server':
      return [
        ...endEntity({ digitalSignature: true, keyEncipherment: true }, { serverAuth: true }),
        {
          name: 'subjectAltName',
          altNames: [
            { type: 7, ip: '127.0.0.1' },
            { type: 2, value: 'localhost' },
          ],
        },
      ];
    case 'initial-key':
      return endEntity({ digitalSignature: true }, undefined);
    case 'signature':
      return endEntity({ digitalSignature: true, nonRepudiation: true }, { emailProtection: true });
    case 'sign-in':
      return endEntity({ digitalSignature: true }, { clientAuth: true });
  }
}

function nameAttributes(subject: SubjectFields): forge.pki.CertificateField[] {
  // forge's typings know the text types only as `Type.UTF8`; PrintableString is its default.
  const utf8 = { valueTagClass: forge.asn1.Type.UTF8 };
  const fields: object[] = [];
  if (subject.country) fields.push({ shortName: 'C', value: subject.country });
  if (subject.organisation) fields.push({ shortName: 'O', value: subject.organisation, ...utf8 });
  fields.push({ shortName: 'CN', value: subject.commonName, ...utf8 });
  if (subject.userId) fields.push({ type: oids.userId, value: subject.userId, ...utf8 });
  if (subject.serialNumber) fields.push({ type: oids.serialNumber, value: subject.serialNumber });
  return fields;
}

const binary = (bytes: Uint8Array): string => Buffer.from(bytes).toString('binary');
const bytesOf = (text: string): Uint8Array => new Uint8Array(Buffer.from(text, 'binary'));

/** 16 random bytes, positive and of full length. */
function randomSerial(): string {
  const serial = randomBytes(16);
  serial[0] = ((serial[0] ?? 0) & 0x7f) | 0x40;
  return serial.toString('hex');
}

/** Signs a certificate (sha256WithRSAEncryption). Returns its DER. */
export function issueCertificate(order: CertificateOrder, issuer: IssuerKey): Uint8Array {
  const certificate = forge.pki.createCertificate();
  certificate.serialNumber = randomSerial();
  certificate.publicKey = forge.pki.publicKeyFromAsn1(forge.asn1.fromDer(binary(order.publicKey)));
  certificate.validity.notBefore = order.notBefore;
  certificate.validity.notAfter = order.notAfter;
  const subject = nameAttributes(order.subject);
  certificate.setSubject(subject);
  let issuerKeyIdentifier = certificate.generateSubjectKeyIdentifier();
  if (issuer.certificate) {
    const parent = forge.pki.certificateFromAsn1(forge.asn1.fromDer(binary(issuer.certificate)));
    certificate.setIssuer(parent.subject.attributes);
    issuerKeyIdentifier = parent.generateSubjectKeyIdentifier();
  } else {
    certificate.setIssuer(subject);
  }
  certificate.setExtensions([
    ...extensionsOf(order.kind),
    { name: 'subjectKeyIdentifier' },
    { name: 'authorityKeyIdentifier', keyIdentifier: issuerKeyIdentifier.getBytes() },
  ]);
  certificate.sign(forge.pki.privateKeyFromPem(issuer.privateKeyPem), forge.md.sha256.create());
  return bytesOf(forge.asn1.toDer(forge.pki.certificateToAsn1(certificate)).getBytes());
}

/** What CMP and the records need of a certificate and `node:crypto` does not say. */
export interface CertificateParts {
  /** Name, DER. */
  readonly subject: Uint8Array;
  readonly issuer: Uint8Array;
  /** INTEGER, DER. */
  readonly serialNumber: Uint8Array;
  /** SubjectPublicKeyInfo, DER. */
  readonly publicKey: Uint8Array;
  /** subjectKeyIdentifier, which every certificate made here has. */
  readonly keyIdentifier: Uint8Array;
}

/** Takes a certificate apart. @throws DerError */
export function certificateParts(certificate: Uint8Array): CertificateParts {
  const [tbs] = membersOf(readDer(certificate));
  if (!tbs) throw new RangeError('certificate without content');
  // TBSCertificate (RFC 5280 §4.1): [0] version, serial, signature, issuer, validity, subject, public key, …
  const [, serialNumber, , issuer, , subject, publicKey, ...options] = membersOf(tbs);
  if (!serialNumber || !issuer || !subject || !publicKey) throw new RangeError('certificate is cut short');
  const extensions = options.find(({ tag }) => tag === contextTag(3));
  return {
    subject: subject.whole,
    issuer: issuer.whole,
    serialNumber: serialNumber.whole,
    publicKey: publicKey.whole,
    keyIdentifier: keyIdentifierIn(extensions),
  };
}

function keyIdentifierIn(extensions: DerValue | undefined): Uint8Array {
  for (const extension of extensions ? membersOf(insideOf(extensions), tags.sequence) : []) {
    const fields = membersOf(extension, tags.sequence);
    if (oidText(fields[0]) !== oids.subjectKeyIdentifier) continue;
    return expectTag(readDer(expectTag(fields.at(-1), tags.octetString).content), tags.octetString).content;
  }
  throw new RangeError('certificate without key identifier');
}

/** PEM text of a certificate, with a final newline. */
export const certificatePem = (certificate: Uint8Array): string =>
  new X509Certificate(certificate).toString();
