import { concatBytes, toHex } from '#shared/bytes.ts';

/**
 * The part of DER (X.690 §8, §10) that PKCS#15 files and file control templates use: definite lengths and
 * one-byte tags. Reading is lenient about lengths that are longer than needed.
 */
export interface DerElement {
  readonly tag: number;
  readonly content: Uint8Array;
  /** Tag, length and content, as found. */
  readonly raw: Uint8Array;
}

export class DerError extends Error {
  override readonly name = 'DerError';
}

/** Universal tags, X.680 §8.6. */
export const derTag = {
  boolean: 0x01,
  integer: 0x02,
  bitString: 0x03,
  octetString: 0x04,
  nothing: 0x05,
  objectIdentifier: 0x06,
  enumerated: 0x0a,
  utf8String: 0x0c,
  generalizedTime: 0x18,
  sequence: 0x30,
} as const;

export const contextTag = (number: number, constructed = true): number =>
  (constructed ? 0xa0 : 0x80) | number;

const highTagNumber = 0x1f;

/** @throws DerError when no whole element stands at `offset` */
export function readElement(bytes: Uint8Array, offset = 0): DerElement {
  const tag = bytes[offset];
  const firstLength = bytes[offset + 1];
  if (tag === undefined || firstLength === undefined) throw new DerError('element ends early');
  if ((tag & highTagNumber) === highTagNumber) throw new DerError('tag of more than one byte');
  let start = offset + 2;
  let length = firstLength;
  if (firstLength >= 0x80) {
    const count = firstLength & 0x7f;
    if (count === 0 || count > 3) throw new DerError('length form is not supported');
    if (start + count > bytes.length) throw new DerError('element ends early');
    length = bytes.subarray(start, start + count).reduce((sum, byte) => sum * 256 + byte, 0);
    start += count;
  }
  if (start + length > bytes.length) throw new DerError('element ends early');
  return { tag, content: bytes.subarray(start, start + length), raw: bytes.subarray(offset, start + length) };
}

/** All elements that stand one after another. @throws DerError */
export function readElements(bytes: Uint8Array): DerElement[] {
  const elements: DerElement[] = [];
  for (let at = 0; at < bytes.length;) {
    const element = readElement(bytes, at);
    elements.push(element);
    at += element.raw.length;
  }
  return elements;
}

function encodeLength(length: number): Uint8Array {
  if (length < 0x80) return Uint8Array.of(length);
  if (length < 0x100) return Uint8Array.of(0x81, length);
  return Uint8Array.of(0x82, length >> 8, length & 0xff);
}

export function encodeElement(tag: number, ...contents: readonly Uint8Array[]): Uint8Array {
  const content = concatBytes(...contents);
  if (content.length > 0xffff) throw new RangeError('element is too long');
  return concatBytes(Uint8Array.of(tag), encodeLength(content.length), content);
}

export const encodeSequence = (...contents: readonly Uint8Array[]): Uint8Array =>
  encodeElement(derTag.sequence, ...contents);

/** INTEGER ≥ 0 from big-endian bytes. */
export function encodeUnsigned(magnitude: Uint8Array): Uint8Array {
  const first = magnitude.findIndex((byte) => byte !== 0);
  const digits = first === -1 ? Uint8Array.of(0) : magnitude.subarray(first);
  const needsSign = ((digits[0] ?? 0) & 0x80) !== 0;
  return encodeElement(derTag.integer, needsSign ? Uint8Array.of(0) : new Uint8Array(), digits);
}

export const encodeInteger = (value: number): Uint8Array =>
  encodeUnsigned(
    Uint8Array.of((value >>> 24) & 0xff, (value >>> 16) & 0xff, (value >>> 8) & 0xff, value & 0xff),
  );

export const encodeText = (text: string): Uint8Array =>
  encodeElement(derTag.utf8String, new TextEncoder().encode(text));

/** BIT STRING of named bits (X.680 §22.7): bit 0 is the first, zeros at the end are left out. */
export function encodeNamedBits(bits: readonly number[]): Uint8Array {
  if (bits.length === 0) return encodeElement(derTag.bitString, Uint8Array.of(0));
  const last = Math.max(...bits);
  const bytes = new Uint8Array((last >> 3) + 1);
  for (const bit of bits) bytes[bit >> 3] = (bytes[bit >> 3] ?? 0) | (0x80 >> (bit & 7));
  return encodeElement(derTag.bitString, Uint8Array.of(7 - (last & 7)), bytes);
}

function contentOf(element: DerElement | undefined, tag: number): Uint8Array {
  if (element?.tag !== tag) throw new DerError(`element ${toHex(Uint8Array.of(tag))} expected`);
  return element.content;
}

export const readSequence = (element: DerElement | undefined): DerElement[] =>
  readElements(contentOf(element, derTag.sequence));

export const readOctets = (element: DerElement | undefined): Uint8Array =>
  contentOf(element, derTag.octetString);

export const readText = (element: DerElement | undefined): string =>
  new TextDecoder().decode(contentOf(element, derTag.utf8String));

/** A small INTEGER, possibly negative. */
export function readInteger(element: DerElement | undefined): number {
  const content = contentOf(element, derTag.integer);
  if (content.length === 0 || content.length > 4) throw new DerError('integer of unusual size');
  const unsigned = content.reduce((sum, byte) => sum * 256 + byte, 0);
  return ((content[0] ?? 0) & 0x80) === 0 ? unsigned : unsigned - 2 ** (8 * content.length);
}

export function readNamedBits(element: DerElement | undefined): number[] {
  const bits: number[] = [];
  contentOf(element, derTag.bitString)
    .subarray(1)
    .forEach((byte, index) => {
      for (let bit = 0; bit < 8; bit += 1) if ((byte & (0x80 >> bit)) !== 0) bits.push(8 * index + bit);
    });
  return bits;
}
