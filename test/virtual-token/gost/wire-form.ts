import { concatBytes } from '#shared/bytes.ts';

import { fromLittleEndian, littleEndian } from '../little-endian.ts';
import type { UnverifiedBehaviour } from '../unverified.ts';
import { gostBytes } from './parameter-sets.ts';

/**
 * How hash and signature stand in PSO. OpenSC turns both around (facts §2 no. 25, T15b), takes the digest as the GOST
 * engine of OpenSSL does, a little-endian number, and hands the signature on as RFC 4491 §2.2.2 has it, s‖r big-endian.
 * So on the wire the hash is big-endian, and the signature r‖s little-endian, unless the chip does otherwise.
 */

/** The number that PSO's 32 bytes stand for. */
export const hashOnWire = (bytes: Uint8Array, order: UnverifiedBehaviour['gostHashOrder']): bigint =>
  fromLittleEndian(order === 'big-endian' ? bytes.slice().reverse() : bytes);

/** The 64 bytes that PSO answers with. */
export function signatureOnWire(
  { r, s }: { readonly r: bigint; readonly s: bigint },
  layout: UnverifiedBehaviour['gostSignatureLayout'],
): Uint8Array {
  const half = gostBytes.signature / 2;
  const [first, second] = layout.startsWith('r-s') ? [r, s] : [s, r];
  const halves = [first, second].map((number) => littleEndian(number, half));
  return concatBytes(...(layout.endsWith('big-endian') ? halves.map((bytes) => bytes.reverse()) : halves));
}
