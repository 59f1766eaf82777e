import { constants, createPrivateKey, generateKeyPair, type KeyObject, privateDecrypt } from 'node:crypto';
import { promisify } from 'node:util';

import { concatBytes } from '#shared/bytes.ts';

import { fromLittleEndian } from './little-endian.ts';
import { demand, refuse, statusWord } from './status-word.ts';

/**
 * Layout of RSA key files (facts §3.5), all integers little-endian, L = half of the modulus' bytes:
 * private `p[L] 0[4] q[L] 0[4] qInv[L] dP[L] dQ[L]`, public `n[2L] e[L]`.
 */
const GAP = 4;
const GAPS = 2 * GAP;
const PRIVATE_PARTS = 5;
const PUBLIC_PARTS = 3;
const SMALLEST_BITS = 1024;
const LARGEST_BITS = 4096;
/** "RSA length must be a multiple of 128 bits" (facts §3.5). */
const BITS_STEP = 128;
const BITS_PER_HALF_BYTE = 16;

/** Makes the private key for a modulus of `bits` bits. */
export type RsaKeySource = (bits: number) => Promise<KeyObject>;

const generateRsa = promisify(generateKeyPair);

/** A fresh key from the computer's own RSA generator, exponent 65537. */
export const generateRsaKey: RsaKeySource = async (bits) =>
  (await generateRsa('rsa', { modulusLength: bits, publicExponent: 0x10001 })).privateKey;

const usableBits = (bits: number): number | undefined =>
  bits >= SMALLEST_BITS && bits <= LARGEST_BITS && bits % BITS_STEP === 0 ? bits : undefined;

/** Modulus bits of a private key file of this size, or `undefined` when no RSA key has that size. */
export const bitsOfPrivateFile = (size: number): number | undefined =>
  usableBits(((size - GAPS) / PRIVATE_PARTS) * BITS_PER_HALF_BYTE);
/** Modulus bits of a public key file of this size. */
export const bitsOfPublicFile = (size: number): number | undefined =>
  usableBits((size / PUBLIC_PARTS) * BITS_PER_HALF_BYTE);

/** Sizes of both key files of a modulus of `bits` bits. */
export const keyFileSizes = (bits: number): { privateSize: number; publicSize: number } => ({
  privateSize: (bits / BITS_PER_HALF_BYTE) * PRIVATE_PARTS + GAPS,
  publicSize: (bits / BITS_PER_HALF_BYTE) * PUBLIC_PARTS,
});

/** The values of both key files for one key. */
export function keyFileValues(key: KeyObject): { privateValue: Uint8Array; publicValue: Uint8Array } {
  const jwk = key.export({ format: 'jwk' });
  const part = (name: 'n' | 'e' | 'p' | 'q' | 'qi' | 'dp' | 'dq'): Uint8Array =>
    new Uint8Array(Buffer.from(jwk[name] ?? '', 'base64url'));
  const half = part('n').length / 2;
  const gap = new Uint8Array(GAP);
  const [p, q, qi, dp, dq] = (['p', 'q', 'qi', 'dp', 'dq'] as const).map((name) => little(part(name), half));
  const missing = new Uint8Array();
  return {
    privateValue: concatBytes(
      p ?? missing,
      gap,
      q ?? missing,
      gap,
      qi ?? missing,
      dp ?? missing,
      dq ?? missing,
    ),
    publicValue: concatBytes(little(part('n'), 2 * half), little(part('e'), half)),
  };
}

/** The modulus as GENERATE returns it: least significant byte first (facts §2 no. 21). */
export const modulusOf = (publicValue: Uint8Array): Uint8Array =>
  publicValue.slice(0, (publicValue.length / PUBLIC_PARTS) * 2);

/**
 * Rebuilds the key from a private key file.
 *
 * The file has neither modulus nor exponent; they follow from the primes and dP. An import that is no RSA key is
 * refused here (facts §8).
 *
 * @throws CardRefusal 6A80
 */
export function keyFromPrivateValue(value: Uint8Array): KeyObject {
  const half = (value.length - GAPS) / PRIVATE_PARTS;
  const at = (offset: number): bigint => fromLittleEndian(value.subarray(offset, offset + half));
  const p = at(0);
  const q = at(half + GAP);
  const [qi, dp, dq] = [0, 1, 2].map((i) => at(2 * (half + GAP) + i * half));
  const n = p * q;
  const plausible = p % 2n === 1n && q % 2n === 1n && p !== q && bitLength(n) === half * BITS_PER_HALF_BYTE;
  demand(plausible && qi !== undefined && dp !== undefined && dq !== undefined, statusWord.badData);
  const e = inverse(dp, p - 1n);
  const d = e === undefined ? undefined : inverse(e, (p - 1n) * (q - 1n));
  demand(e !== undefined && d !== undefined, statusWord.badData);
  const consistent = (q * qi) % p === 1n && (dq * e) % (q - 1n) === 1n && e > 1n;
  demand(consistent, statusWord.badData);
  const text = (number: bigint): string => Buffer.from(toBig(number)).toString('base64url');
  try {
    return createPrivateKey({
      format: 'jwk',
      key: {
        kty: 'RSA',
        n: text(n),
        e: text(e),
        d: text(d),
        p: text(p),
        q: text(q),
        dp: text(dp),
        dq: text(dq),
        qi: text(qi),
      },
    });
  } catch {
    // OpenSSL found it no RSA key after all.
    refuse(statusWord.badData);
  }
}

/** @throws CardRefusal 6A80 unless the bytes can be an RSA public key file */
export function checkPublicValue(value: Uint8Array): void {
  const half = value.length / PUBLIC_PARTS;
  const n = fromLittleEndian(modulusOf(value));
  const e = fromLittleEndian(value.subarray(2 * half));
  const plausible = n % 2n === 1n && bitLength(n) === half * BITS_PER_HALF_BYTE && e % 2n === 1n && e > 1n;
  demand(plausible, statusWord.badData);
}

/**
 * The private operation without padding; input and output least significant byte first (facts §2 no. 25, 26).
 *
 * @throws CardRefusal 6A80 when the number is not below the modulus
 */
export function rawPrivateOperation(key: KeyObject, reversedInput: Uint8Array): Uint8Array {
  try {
    const input = Buffer.from(reversedInput).reverse();
    return new Uint8Array(privateDecrypt({ key, padding: constants.RSA_NO_PADDING }, input)).reverse();
  } catch {
    refuse(statusWord.badData);
  }
}

const little = (bigEndian: Uint8Array, length: number): Uint8Array => {
  const bytes = new Uint8Array(length);
  bytes.set(bigEndian.slice().reverse());
  return bytes;
};
const toBig = (number: bigint): Uint8Array => {
  const hex = number.toString(16);
  return Buffer.from(hex.length % 2 === 0 ? hex : `0${hex}`, 'hex');
};
const bitLength = (number: bigint): number => number.toString(2).length;

/** Inverse of `value` modulo `modulus` by the extended Euclidean algorithm; `undefined` when there is none. */
function inverse(value: bigint, modulus: bigint): bigint | undefined {
  if (modulus <= 1n) return undefined;
  let [oldRest, rest] = [value % modulus, modulus];
  let [oldFactor, factor] = [1n, 0n];
  while (rest !== 0n) {
    const quotient = oldRest / rest;
    [oldRest, rest] = [rest, oldRest - quotient * rest];
    [oldFactor, factor] = [factor, oldFactor - quotient * factor];
  }
  return oldRest === 1n ? ((oldFactor % modulus) + modulus) % modulus : undefined;
}
