import forge from 'node-forge';
import { asDer, concatBytes, type DerBytes } from '#shared/bytes.ts';
import { parseDer } from './reader.ts';
import { constructedBit, longFormBit, tag, type DerValue } from './value.ts';

/** Identifier and length octets of a value whose content has this size and need not be in memory. */
export function encodeHeader(identifier: number, size: number): Uint8Array {
  const length: number[] = [];
  if (size < longFormBit) length.push(size);
  else {
    for (let rest = size; rest > 0; rest = Math.floor(rest / 256)) length.unshift(rest & 0xff);
    length.unshift(longFormBit | length.length);
  }
  return Uint8Array.of(identifier, ...length);
}

/** One value of the given identifier octet around content that is already encoded. */
export function encode(identifier: number, ...content: readonly Uint8Array[]): DerBytes {
  const size = content.reduce((sum, part) => sum + part.length, 0);
  return asDer(concatBytes(encodeHeader(identifier, size), ...content));
}

export const sequence = (...parts: readonly (Uint8Array | undefined)[]): DerBytes =>
  encode(tag.sequence, ...present(parts));

/** SET OF: DER orders the members by their encodings (X.690 §11.6). */
export const setOf = (...parts: readonly Uint8Array[]): DerBytes =>
  encode(tag.set, ...parts.toSorted((a, b) => Buffer.compare(a, b)));

/** `[n] EXPLICIT`. */
export const explicit = (n: number, ...parts: readonly (Uint8Array | undefined)[]): DerBytes =>
  encode(tag.context(n), ...present(parts));

/** The same value under `[n] IMPLICIT`. */
export function implicit(n: number, der: Uint8Array): DerBytes {
  const value = parseDer(der);
  const identifier = value.tag & constructedBit ? tag.context(n) : tag.contextPrimitive(n);
  return encode(identifier, value.content);
}

/** Undoes IMPLICIT tagging: the same content under its universal tag. */
export const retag = (identifier: number, { content }: DerValue): DerBytes => encode(identifier, content);

export const present = (parts: readonly (Uint8Array | undefined)[]): readonly Uint8Array[] =>
  parts.filter((part): part is Uint8Array => part !== undefined);

export const derNull = encode(tag.null);
export const boolean = (value: boolean): DerBytes => encode(tag.boolean, Uint8Array.of(value ? 0xff : 0));
export const octetString = (bytes: Uint8Array): DerBytes => encode(tag.octetString, bytes);
export const bitString = (bytes: Uint8Array): DerBytes => encode(tag.bitString, Uint8Array.of(0), bytes);
export const utf8String = (text: string): DerBytes => encode(tag.utf8String, Buffer.from(text, 'utf8'));
export const oid = (dotted: string): DerBytes =>
  encode(tag.oid, Buffer.from(forge.asn1.oidToDer(dotted).getBytes(), 'latin1'));

export function integer(value: number | bigint): DerBytes {
  const number = BigInt(value);
  const content: number[] = [];
  let rest = number;
  do {
    content.unshift(Number(rest & 0xffn));
    rest >>= 8n;
  } while (rest !== 0n && rest !== -1n);
  const top = content[0] ?? 0;
  if (number >= 0n && top & 0x80) content.unshift(0);
  if (number < 0n && !(top & 0x80)) content.unshift(0xff);
  return encode(tag.integer, Uint8Array.from(content));
}

/** Named BIT STRING without trailing zero bits (X.690 §11.2.2). */
export function namedBits(bits: readonly number[]): DerBytes {
  if (bits.length === 0) return encode(tag.bitString, Uint8Array.of(0));
  const last = Math.max(...bits);
  const bytes = new Uint8Array((last >> 3) + 1);
  for (const bit of bits) bytes[bit >> 3] = (bytes[bit >> 3] ?? 0) | (0x80 >> (bit & 7));
  return encode(tag.bitString, Uint8Array.of(7 - (last & 7)), bytes);
}

const digitsOf = (date: Date): string => date.toISOString().replace(/[-:T]|\.\d+/g, '');

export const generalizedTime = (date: Date): DerBytes =>
  encode(tag.generalizedTime, Buffer.from(digitsOf(date), 'latin1'));

/** UTCTime up to 2049, GeneralizedTime from 2050 (RFC 5280 §4.1.2.5). */
export const certificateTime = (date: Date): DerBytes =>
  date.getUTCFullYear() >= 1950 && date.getUTCFullYear() < 2050
    ? encode(tag.utcTime, Buffer.from(digitsOf(date).slice(2), 'latin1'))
    : generalizedTime(date);
