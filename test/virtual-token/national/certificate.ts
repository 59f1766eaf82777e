import { createHash, randomBytes } from 'node:crypto';

import {
  bitString,
  context,
  der,
  generalizedTime,
  namedBits,
  octetString,
  oid,
  sequence,
  set,
  tags,
  utf8String,
} from '#test/bank/asn1/der.ts';

import type { IssuingKey } from './issuing-key.ts';
import { oids } from './oids.ts';

/** One attribute a line of a name, in the order in which they stand. */
export type Name = readonly (readonly [type: keyof typeof oids, value: string])[];

export interface CertificateOrder {
  readonly kind: 'root' | 'issuing' | 'authentication' | 'signing';
  /** Whose certificate it is; a person's where absent. */
  readonly owner?: 'person' | 'organisation' | undefined;
  readonly subject: Name;
  readonly issuer: Name;
  /** SubjectPublicKeyInfo, DER. */
  readonly publicKey: Uint8Array;
  /** The same of the issuer. */
  readonly issuerPublicKey: Uint8Array;
  readonly notBefore: Date;
  readonly notAfter: Date;
}

const VERSION_3 = Uint8Array.of(2);
const SERIAL_BYTES = 20;
/** KeyUsage bits (RFC 5280 §4.2.1.3). */
const usage = {
  digitalSignature: 0,
  nonRepudiation: 1,
  keyEncipherment: 2,
  keyCertSign: 5,
  crlSign: 6,
} as const;
/** UTCTime is for dates before 2050 (RFC 5280 §4.1.2.5). */
const UTC_TIME = 0x17;
const LAST_YEAR_OF_UTC_TIME = 2049;
const TRUE = Uint8Array.of(0xff);

/** An X.509 certificate (RFC 5280 §4.1), DER. */
export function issueCertificate(order: CertificateOrder, key: IssuingKey): Uint8Array {
  const content = sequence(
    context(0, der(tags.integer, VERSION_3)),
    der(tags.integer, newSerial()),
    key.algorithm,
    nameOf(order.issuer),
    sequence(time(order.notBefore), time(order.notAfter)),
    nameOf(order.subject),
    order.publicKey,
    context(3, sequence(...extensionsOf(order))),
  );
  return sequence(content, key.algorithm, bitString(key.sign(content)));
}

/** Positive, of full length. */
function newSerial(): Uint8Array {
  const serial = new Uint8Array(randomBytes(SERIAL_BYTES));
  serial[0] = ((serial[0] ?? 0) & 0x7f) | 0x40;
  return serial;
}

/** Country and serial number are PrintableString (X.520), the rest is UTF-8. */
function nameOf(name: Name): Uint8Array {
  const printable: readonly (keyof typeof oids)[] = ['country', 'serialNumber'];
  return sequence(
    ...name.map(([type, value]) => {
      const text = printable.includes(type) ? der(tags.printable, Buffer.from(value)) : utf8String(value);
      return set(sequence(oid(oids[type]), text));
    }),
  );
}

function time(at: Date): Uint8Array {
  if (at.getUTCFullYear() > LAST_YEAR_OF_UTC_TIME) return generalizedTime(at);
  const digits = at.toISOString().replace(/\D/g, '').slice(2, 14);
  return der(UTC_TIME, Buffer.from(`${digits}Z`));
}

function extensionsOf({ kind, owner, publicKey, issuerPublicKey }: CertificateOrder): Uint8Array[] {
  const isAuthority = kind === 'root' || kind === 'issuing';
  return [
    extension('basicConstraints', constraintsOf(kind), true),
    extension('keyUsage', namedBits(...keyUsageOf(kind)), true),
    ...(isAuthority ? [] : [extension('extendedKeyUsage', extendedKeyUsageOf(kind, owner))]),
    extension(
      'certificatePolicies',
      sequence(sequence(oid(isAuthority ? oids.rootPolicy : oids.authorityPolicy))),
    ),
    extension('subjectKeyIdentifier', octetString(keyIdentifier(publicKey))),
    extension(
      'authorityKeyIdentifier',
      // keyIdentifier [0] IMPLICIT OCTET STRING.
      sequence(der(0x80, keyIdentifier(issuerPublicKey))),
    ),
  ];
}

const extension = (name: keyof typeof oids, value: Uint8Array, critical = false): Uint8Array =>
  sequence(oid(oids[name]), ...(critical ? [der(tags.boolean, TRUE)] : []), octetString(value));

function constraintsOf(kind: CertificateOrder['kind']): Uint8Array {
  switch (kind) {
    case 'root':
      return sequence(der(tags.boolean, TRUE));
    case 'issuing':
      return sequence(der(tags.boolean, TRUE), der(tags.integer, Uint8Array.of(0)));
    default:
      return sequence();
  }
}

function keyUsageOf(kind: CertificateOrder['kind']): number[] {
  switch (kind) {
    case 'root':
    case 'issuing':
      return [usage.keyCertSign, usage.crlSign];
    case 'authentication':
      return [usage.digitalSignature, usage.keyEncipherment];
    case 'signing':
      return [usage.digitalSignature, usage.nonRepudiation];
  }
}

const extendedKeyUsageOf = (
  kind: CertificateOrder['kind'],
  owner: CertificateOrder['owner'] = 'person',
): Uint8Array =>
  sequence(
    oid(kind === 'authentication' ? oids.clientAuth : oids.emailProtection),
    ...(owner === 'person' ? [oid(oids.person)] : [oid(oids.organisation), oid(oids.head)]),
  );

/** SHA-1 of the whole SubjectPublicKeyInfo: any identifier will do that is the same every time (RFC 5280 §4.2.1.2). */
const keyIdentifier = (publicKey: Uint8Array): Uint8Array =>
  new Uint8Array(createHash('sha1').update(publicKey).digest());
