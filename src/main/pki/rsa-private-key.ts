import type { DerBytes } from '#shared/bytes.ts';
import { readAlgorithm } from './algorithm-identifier.ts';
import { bitString, DerError, derNull, oid, parseSequence, sequence, tag, type DerValue } from './asn1.ts';
import { oids } from './oids.ts';

/**
 * The numbers of an RSA private key (RFC 8017 §3.2), big-endian without sign bytes. All are windows on the encoded key
 * they were read from: whoever wipes that has wiped them.
 */
export interface RsaPrivateKeyNumbers {
  readonly modulus: Uint8Array;
  readonly publicExponent: Uint8Array;
  readonly prime1: Uint8Array;
  readonly prime2: Uint8Array;
  readonly exponent1: Uint8Array;
  readonly exponent2: Uint8Array;
  readonly coefficient: Uint8Array;
}

export type PrivateKeyReading =
  | { readonly kind: 'rsa'; readonly numbers: RsaPrivateKeyNumbers; readonly publicKeyInfo: DerBytes }
  /** Object identifier of the algorithm. */
  | { readonly kind: 'other'; readonly algorithm: string };

/** An INTEGER that is not negative, without the byte that only says so. */
const numberIn = ({ content }: DerValue): Uint8Array => (content[0] === 0 ? content.subarray(1) : content);

/**
 * Reads a PrivateKeyInfo (PKCS#8, RFC 5208 §5) without making a copy of anything secret.
 *
 * @throws DerError when it is none, or an RSA key of more than two primes
 */
export function readPrivateKeyInfo(privateKeyInfo: Uint8Array): PrivateKeyReading {
  const fields = parseSequence(privateKeyInfo);
  fields.next(tag.integer);
  const algorithm = readAlgorithm(fields.next(tag.sequence)).oid;
  if (algorithm !== oids.rsaEncryption) return { kind: 'other', algorithm };
  return { kind: 'rsa', ...readRsaPrivateKey(fields.octets()) };
}

/** RSAPrivateKey (RFC 8017 appendix A.1.2). */
function readRsaPrivateKey(encoded: Uint8Array): {
  numbers: RsaPrivateKeyNumbers;
  publicKeyInfo: DerBytes;
} {
  const key = parseSequence(encoded);
  if (key.smallInteger() !== twoPrimes) throw new DerError('an RSA key of more than two primes');
  const modulus = key.next(tag.integer);
  const publicExponent = key.next(tag.integer);
  key.next(tag.integer); // the private exponent, which the other numbers make needless
  const [prime1, prime2, exponent1, exponent2, coefficient] = Array.from({ length: 5 }, () =>
    numberIn(key.next(tag.integer)),
  );
  if (!prime1 || !prime2 || !exponent1 || !exponent2 || !coefficient) throw new DerError('not an RSA key');
  return {
    numbers: {
      modulus: numberIn(modulus),
      publicExponent: numberIn(publicExponent),
      prime1,
      prime2,
      exponent1,
      exponent2,
      coefficient,
    },
    publicKeyInfo: sequence(
      sequence(oid(oids.rsaEncryption), derNull),
      bitString(sequence(modulus.der, publicExponent.der)),
    ),
  };
}

/** `version` of a key with two primes. */
const twoPrimes = 0;
