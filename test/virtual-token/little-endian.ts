import { toHex } from '#shared/bytes.ts';

/** A number from bytes with the least significant first, as the token's key files and blocks have them (facts §3.5). */
export const fromLittleEndian = (bytes: Uint8Array): bigint => BigInt(`0x0${toHex(bytes.slice().reverse())}`);

/** A number in `length` bytes, least significant first. @throws RangeError when it does not fit */
export function littleEndian(number: bigint, length: number): Uint8Array {
  const hex = number.toString(16).padStart(2 * length, '0');
  if (hex.length > 2 * length) throw new RangeError(`number of more than ${length} bytes`);
  return new Uint8Array(Buffer.from(hex, 'hex')).reverse();
}
