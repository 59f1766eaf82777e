import { concatBytes } from '#shared/bytes.ts';

import { fromLittleEndian, littleEndian } from '../little-endian.ts';
import type { UnverifiedBehaviour } from '../unverified.ts';
import { gostBytes } from './parameter-sets.ts';

/**
 * How hash and signature stand in PSO (facts §2 no. 25, T15b). OpenSC's driver turns the hash around as it does every
 * block; its PKCS#15 layer has turned it around before ("tested with RuTokenECP", says its source), so the digest's
 * own bytes reach the card, to be read least significant first (RFC 5831 §2). The signature is turned around once, and
 * is then RFC 4491 §2.2.2's s‖r, big-endian. So on the wire all three numbers are little-endian, like those of the
 * key files (facts §3.5), unless the chip does otherwise.
 */

/** The number that PSO's 32 bytes stand for. */
export const hashOnWire = (bytes: Uint8Array, order: UnverifiedBehaviour['gostHashOrder']): bigint =>
  fromLittleEndian(order === 'little-endian' ? bytes : bytes.slice().reverse());

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
