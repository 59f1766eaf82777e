import { createHash, randomBytes } from 'node:crypto';
import {
  bitString,
  bitStringBytes,
  context,
  der,
  generalizedTime,
  integer,
  membersOf,
  namedBits,
  octetString,
  oid,
  readDer,
  sequence,
  set,
  tags,
  utf8String,
} from '../asn1/der.ts';
import { oids } from '../asn1/oids.ts';
import { rulesOf } from '../gost/dialects.ts';
import { signGost, type GostKeyPair } from '../gost/key-pair.ts';
import { certificateParts, type SubjectFields } from './certificate.ts';

/** What the bank certifies with GOST keys: its own CAs and initial keys. Customers' tokens get RSA certificates. */
export type GostCertificateKind = 'root' | 'issuing' | 'initial-key';

export interface GostIssuer {
  readonly key: GostKeyPair;
  /** DER. Absent while the issuer signs its own certificate. */
  readonly certificate?: Uint8Array;
}

/** Bits of KeyUsage (RFC 5280 §4.2.1.3). */
const usage = { digitalSignature: 0, keyCertSign: 5, cRLSign: 6 } as const;
const trueValue = der(tags.boolean, Uint8Array.of(0xff));

const critical = (type: string, value: Uint8Array): Uint8Array =>
  sequence(oid(type), trueValue, octetString(value));

function basicExtensions(kind: GostCertificateKind): readonly Uint8Array[] {
  const isCa = kind !== 'initial-key';
  const constraints = isCa ? [trueValue, ...(kind === 'issuing' ? [integer(0)] : [])] : [];
  const bits = isCa ? [usage.keyCertSign, usage.cRLSign] : [usage.digitalSignature];
  return [
    critical(oids.basicConstraints, sequence(...constraints)),
    critical(oids.keyUsage, namedBits(...bits)),
  ];
}

/** Name, DER. */
function subjectName(fields: SubjectFields): Uint8Array {
  const attribute = (type: string, value: Uint8Array) => set(sequence(oid(type), value));
  const printable = (text: string) => der(tags.printable, Buffer.from(text, 'ascii'));
  const { country, organisation, commonName, userId, serialNumber } = fields;
  return sequence(
    ...(country ? [attribute(oids.country, printable(country))] : []),
    ...(organisation ? [attribute(oids.organisation, utf8String(organisation))] : []),
    attribute(oids.commonName, utf8String(commonName)),
    ...(userId ? [attribute(oids.userId, utf8String(userId))] : []),
    ...(serialNumber ? [attribute(oids.serialNumber, printable(serialNumber))] : []),
  );
}

/** KISC identifies a key by 32 bytes of GOST hash, everybody else by 20 of SHA-1. */
function keyIdentifier({ dialect }: GostKeyPair, publicKey: Uint8Array): Uint8Array {
  const bits = bitStringBytes(membersOf(readDer(publicKey), tags.sequence)[1]);
  return dialect === 'gamma-2004'
    ? rulesOf(dialect).hash().update(bits).digest()
    : createHash('sha1').update(bits).digest();
}

/** Signs a certificate in the dialect of the issuer's key. Returns its DER. */
export function issueGostCertificate(
  order: {
    readonly kind: GostCertificateKind;
    readonly subject: SubjectFields;
    /** SubjectPublicKeyInfo, DER, of the issuer's dialect. */
    readonly publicKey: Uint8Array;
    readonly notBefore: Date;
    readonly notAfter: Date;
    /** Content of the serial number's INTEGER, written as it is; else the issuer gives one. */
    readonly serial?: Uint8Array;
  },
  issuer: GostIssuer,
): Uint8Array {
  const { signatureAlgorithm, certificates } = rulesOf(issuer.key.dialect);
  const subject = subjectName(order.subject);
  const identifier = keyIdentifier(issuer.key, order.publicKey);
  const parent = issuer.certificate && certificateParts(issuer.certificate);
  // KISC's serial numbers are key identifiers of 32 bytes, taken as they come: half of them are negative.
  const serial =
    order.serial ?? (issuer.key.dialect === 'gamma-2004' ? shortest(identifier) : positive(randomBytes(16)));
  const content = sequence(
    context(0, integer(2)),
    der(tags.integer, serial),
    signatureAlgorithm,
    parent?.subject ?? subject,
    sequence(generalizedTime(order.notBefore), generalizedTime(order.notAfter)),
    subject,
    order.publicKey,
    context(
      3,
      sequence(
        ...basicExtensions(order.kind),
        sequence(oid(oids.subjectKeyIdentifier), octetString(octetString(identifier))),
        sequence(
          oid(oids.authorityKeyIdentifier),
          octetString(sequence(der(0x80, parent?.keyIdentifier ?? identifier))),
        ),
      ),
    ),
  );
  return sequence(content, signatureAlgorithm, bitString(signGost(issuer.key, certificates, content)));
}

/** An INTEGER's content without the leading bytes that DER forbids (X.690 §8.3.2). */
function shortest(content: Uint8Array): Uint8Array {
  const [first, second = 0] = content;
  const redundant =
    content.length > 1 && ((first === 0 && second < 0x80) || (first === 0xff && second >= 0x80));
  return redundant ? shortest(content.subarray(1)) : content;
}

function positive(bytes: Uint8Array): Uint8Array {
  bytes[0] = ((bytes[0] ?? 0) & 0x7f) | 0x40;
  return bytes;
}
