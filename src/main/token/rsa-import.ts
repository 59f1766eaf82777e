import { KiltError } from '#shared/errors.ts';
import type { RsaPrivateKeyParts } from './token-session.ts';

/** "RSA length must be a multiple of 128 bits" (facts §3.5); below 1024 nobody should sign with it. */
const bitLengths = { least: 1024, most: 4096, step: 128 } as const;

/** Between p, q and qInv stand four zero bytes each (facts §3.5). */
const gap = 4;

/** Without leading zeros. */
const digitsOf = (number: Uint8Array): Uint8Array => {
  const first = number.findIndex((byte) => byte !== 0);
  return first === -1 ? new Uint8Array() : number.subarray(first);
};

function bitLength(number: Uint8Array): number {
  const digits = digitsOf(number);
  const [first] = digits;
  return first === undefined ? 0 : 8 * digits.length - Math.clz32(first) + 24;
}

/**
 * Bits of the modulus.
 *
 * @throws KiltError `import-key-unsupported` {bits} when the card has no key files of that size, or a part of the key
 *   does not fit its place
 */
export function bitsOfImport(key: RsaPrivateKeyParts): number {
  const bits = bitLength(key.modulus);
  const isLength = bits >= bitLengths.least && bits <= bitLengths.most && bits % bitLengths.step === 0;
  const half = bits / 16;
  const halves = [key.prime1, key.prime2, key.exponent1, key.exponent2, key.coefficient, key.publicExponent];
  const fit = halves.every((part) => digitsOf(part).length > 0 && digitsOf(part).length <= half);
  if (!isLength || !fit) throw new KiltError('import-key-unsupported', { bits });
  return bits;
}

/** Private key file `p 0000 q 0000 qInv dP dQ`, little-endian (facts §3.5). The caller wipes it. */
export function privateKeyValue(key: RsaPrivateKeyParts, bits: number): Uint8Array {
  const half = bits / 16;
  return littleEndian([
    [key.prime1, half],
    [new Uint8Array(), gap],
    [key.prime2, half],
    [new Uint8Array(), gap],
    [key.coefficient, half],
    [key.exponent1, half],
    [key.exponent2, half],
  ]);
}

/** Public key file `n e`, little-endian (facts §3.5). */
export const publicKeyValue = (key: RsaPrivateKeyParts, bits: number): Uint8Array =>
  littleEndian([
    [key.modulus, bits / 8],
    [key.publicExponent, bits / 16],
  ]);

/** Numbers one after the other, each in its place. Written where they go, so that no copy of a secret is left behind. */
function littleEndian(parts: readonly (readonly [number: Uint8Array, length: number])[]): Uint8Array {
  const file = new Uint8Array(parts.reduce((sum, [, length]) => sum + length, 0));
  let at = 0;
  for (const [number, length] of parts) {
    const digits = digitsOf(number);
    file.set(digits, at);
    file.subarray(at, at + digits.length).reverse();
    at += length;
  }
  return file;
}
