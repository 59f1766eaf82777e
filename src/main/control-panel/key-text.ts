import { createPublicKey } from 'node:crypto';
import { readAlgorithm } from '#main/pki/algorithm-identifier.ts';
import { parseSequence, tag } from '#main/pki/asn1.ts';

/** What is told of a public key: `RSA 2048`, `EC prime256v1`, or the algorithm's identifier where it is not known. */
export function publicKeyText(publicKeyInfo: Uint8Array): string {
  try {
    const key = createPublicKey({ key: Buffer.from(publicKeyInfo), format: 'der', type: 'spki' });
    const { modulusLength, namedCurve } = key.asymmetricKeyDetails ?? {};
    const size = modulusLength ?? namedCurve;
    return [key.asymmetricKeyType?.toUpperCase(), size].filter((part) => part !== undefined).join(' ');
  } catch {
    return familyOf(readAlgorithm(parseSequence(publicKeyInfo).next(tag.sequence)).oid);
  }
}

/** Signature algorithms of Kazakhstan and Russia that OpenSSL does not know by itself, by the start of their OID. */
const families: readonly (readonly [string, string])[] = [
  ['1.2.398.3.10.1.1.', 'GOST 34.10-2015'],
  ['1.3.6.1.4.1.6801.1.', 'GOST 34.310-2004'],
  ['1.2.643.7.1.1.1.', 'GOST R 34.10-2012'],
  ['1.2.643.2.2.19', 'GOST R 34.10-2001'],
];

const familyOf = (oid: string): string => families.find(([start]) => oid.startsWith(start))?.[1] ?? oid;
