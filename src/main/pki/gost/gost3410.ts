import { randomBytes } from 'node:crypto';
import { wipe } from '#shared/bytes.ts';
import { pointsOf, type GostCurve, type GostPoint } from './curves.ts';
import { fromLittleEndian } from './little-endian.ts';

/** GOST R 34.10-2012 (RFC 7091) over numbers; it holds 34.10-2001, and with it 34.310-2004, as the shorter case. */

export interface GostSignature {
  readonly r: bigint;
  readonly s: bigint;
}

/**
 * e of a hash: its bytes are taken little-endian, as every Kazakh and Russian producer does, and 0 becomes 1 (RFC 7091
 * §6.1 steps 1–2).
 */
const hashNumber = ({ q }: GostCurve, digest: Uint8Array): bigint => fromLittleEndian(digest) % q || 1n;

/** Evenly distributed in 1 … q − 1. */
function randomScalar({ q, bytes }: GostCurve): bigint {
  for (;;) {
    const random = randomBytes(bytes);
    const number = fromLittleEndian(random);
    wipe(random);
    if (number > 0n && number < q) return number;
  }
}

/** Signs a digest with the private key d, under a fresh random k (RFC 7091 §6.1). */
export function signDigest(curve: GostCurve, d: bigint, digest: Uint8Array): GostSignature {
  const { q } = curve;
  const e = hashNumber(curve, digest);
  for (;;) {
    const k = randomScalar(curve);
    const r = pointsOf(curve).BASE.multiply(k).toAffine().x % q;
    const s = (r * d + k * e) % q;
    if (r !== 0n && s !== 0n) return { r, s };
  }
}

function inverse(number: bigint, modulus: bigint): bigint {
  let [a, b] = [number % modulus, modulus];
  let [x, y] = [1n, 0n];
  while (b !== 0n) {
    const quotient = a / b;
    [a, b] = [b, a - quotient * b];
    [x, y] = [y, x - quotient * y];
  }
  return ((x % modulus) + modulus) % modulus;
}

/** Checks a signature of a digest (RFC 7091 §6.2). */
export function verifyDigest(
  curve: GostCurve,
  publicKey: GostPoint,
  digest: Uint8Array,
  { r, s }: GostSignature,
): boolean {
  const { q } = curve;
  if (r <= 0n || r >= q || s <= 0n || s >= q) return false;
  const v = inverse(hashNumber(curve, digest), q);
  const z1 = (s * v) % q;
  const z2 = (q - ((r * v) % q)) % q;
  const point = pointsOf(curve).BASE.multiplyUnsafe(z1).add(publicKey.multiplyUnsafe(z2));
  return !point.is0() && point.toAffine().x % q === r;
}
