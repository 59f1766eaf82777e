/** Numbers as GOST keys, hashes and most signatures hold them: the first byte is the lowest. */

export function fromLittleEndian(bytes: Uint8Array): bigint {
  // Not by way of a hexadecimal string: the number may be a private key, and strings stay in memory for long.
  let number = 0n;
  for (let at = bytes.length - 1; at >= 0; at--) number = (number << 8n) | BigInt(bytes[at] ?? 0);
  return number;
}

/** @throws RangeError when the number does not fit */
export function littleEndian(number: bigint, length: number): Uint8Array {
  const bytes = new Uint8Array(length);
  let rest = number;
  for (let at = 0; at < length; at++, rest >>= 8n) bytes[at] = Number(rest & 0xffn);
  if (rest !== 0n) throw new RangeError('the number is longer than its field');
  return bytes;
}

export function fromBigEndian(bytes: Uint8Array): bigint {
  let number = 0n;
  for (const byte of bytes) number = (number << 8n) | BigInt(byte);
  return number;
}

/** @throws RangeError when the number does not fit */
export const bigEndian = (number: bigint, length: number): Uint8Array =>
  littleEndian(number, length).reverse();
