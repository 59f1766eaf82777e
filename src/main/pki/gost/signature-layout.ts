import { concatBytes } from '#shared/bytes.ts';
import type { GostSignature } from './gost3410.ts';
import { bigEndian, fromBigEndian, fromLittleEndian, littleEndian } from './little-endian.ts';

/**
 * How the two numbers of a signature stand in its bytes. Each layout is the other one read backwards.
 *
 * - `r-s-little-endian`: everything the Kazakh NCA makes, and certificates of KISC
 * - `s-r-big-endian`: Russia (RFC 4491 §2.2.2, RFC 9215 §3.2), and what KISC's clients make: CMS, PKCS#10
 */
export type SignatureLayout = 'r-s-little-endian' | 's-r-big-endian';

export const signatureLayouts: readonly SignatureLayout[] = ['r-s-little-endian', 's-r-big-endian'];

/** @param bytes of either number */
export function encodeSignature(layout: SignatureLayout, { r, s }: GostSignature, bytes: number): Uint8Array {
  return layout === 'r-s-little-endian'
    ? concatBytes(littleEndian(r, bytes), littleEndian(s, bytes))
    : concatBytes(bigEndian(s, bytes), bigEndian(r, bytes));
}

/** Undefined when the length is another one. */
export function decodeSignature(
  layout: SignatureLayout,
  signature: Uint8Array,
  bytes: number,
): GostSignature | undefined {
  if (signature.length !== 2 * bytes) return undefined;
  const [first, second] = [signature.subarray(0, bytes), signature.subarray(bytes)];
  return layout === 'r-s-little-endian'
    ? { r: fromLittleEndian(first), s: fromLittleEndian(second) }
    : { r: fromBigEndian(second), s: fromBigEndian(first) };
}
