import forge from 'node-forge';
import { asDer, concatBytes, type DerBytes } from '#shared/bytes.ts';

/**
 * DER reading and writing (X.690). Object identifiers and BER go through node-forge; the reader of the framing is our own,
 * because forge decodes into copies and forgets the bytes it read, while signatures and MACs have to be checked over the
 * bytes exactly as they were received.
 */

/** The bytes are not the structure they should be. Says which rule is broken, never quotes content. */
export class DerError extends Error {
  constructor(message: string, options?: { cause?: unknown }) {
    super(message, options);
    this.name = 'DerError';
  }
}

/** Identifier octets (X.690 §8.1.2): class, constructed bit and number in one byte. */
export const tag = {
  boolean: 0x01,
  integer: 0x02,
  bitString: 0x03,
  octetString: 0x04,
  null: 0x05,
  oid: 0x06,
  utf8String: 0x0c,
  numericString: 0x12,
  printableString: 0x13,
  teletexString: 0x14,
  ia5String: 0x16,
  utcTime: 0x17,
  generalizedTime: 0x18,
  visibleString: 0x1a,
  universalString: 0x1c,
  bmpString: 0x1e,
  sequence: 0x30,
  set: 0x31,
  /** `[n]` around a primitive value: IMPLICIT tagging of a string or number. */
  contextPrimitive: (n: number): number => 0x80 | n,
  /** `[n]` around something constructed: EXPLICIT tagging, or IMPLICIT tagging of a SEQUENCE or SET. */
  context: (n: number): number => 0xa0 | n,
} as const;

/** One ASN.1 value, as a window on the received bytes. */
export interface DerValue {
  /** Identifier octet, see {@link tag}. */
  readonly tag: number;
  /** The whole value: identifier, length and content exactly as received. */
  readonly der: DerBytes;
  readonly content: Uint8Array;
}

const constructedBit = 0x20;
const highTagNumber = 0x1f;
const longFormBit = 0x80;

function valueAt(bytes: Uint8Array, at: number): DerValue {
  const identifier = bytes[at];
  const first = bytes[at + 1];
  if (identifier === undefined || first === undefined) throw new DerError('the encoding ends early');
  if ((identifier & highTagNumber) === highTagNumber) throw new DerError('multi-byte tags are not in use');
  let length = first;
  let start = at + 2;
  if (first & longFormBit) {
    const size = first & ~longFormBit;
    if (size === 0) throw new DerError('indefinite length is not DER');
    if (size > 4) throw new DerError('the length is beyond any certificate');
    length = 0;
    for (let i = 0; i < size; i++) {
      const byte = bytes[start + i];
      if (byte === undefined) throw new DerError('the encoding ends early');
      length = length * 256 + byte;
    }
    start += size;
    if (length < longFormBit || length < 256 ** (size - 1)) throw new DerError('the length is not minimal');
  }
  const end = start + length;
  if (end > bytes.length) throw new DerError('the encoding ends early');
  return { tag: identifier, der: asDer(bytes.subarray(at, end)), content: bytes.subarray(start, end) };
}

/** Walks through the members of a constructed value in order. Every method throws {@link DerError}. */
export class DerReader {
  readonly #bytes: Uint8Array;
  #at = 0;

  constructor(content: Uint8Array) {
    this.#bytes = content;
  }

  get atEnd(): boolean {
    return this.#at >= this.#bytes.length;
  }

  /** The next member, whatever it is. */
  any(): DerValue {
    const value = valueAt(this.#bytes, this.#at);
    this.#at += value.der.length;
    return value;
  }

  next(expected: number): DerValue {
    const value = this.any();
    if (value.tag !== expected) {
      throw new DerError(`tag ${value.tag.toString(16)} stands where ${expected.toString(16)} belongs`);
    }
    return value;
  }

  /** The next member if it has this tag. */
  optional(expected: number): DerValue | undefined {
    return this.#bytes[this.#at] === expected ? this.any() : undefined;
  }

  sequence(): DerReader {
    return new DerReader(this.next(tag.sequence).content);
  }

  /** What stands inside an EXPLICIT `[n]`, alone. */
  optionalExplicit(n: number): DerValue | undefined {
    const wrapper = this.optional(tag.context(n));
    return wrapper && parseDer(wrapper.content);
  }

  oid(): string {
    return readOid(this.next(tag.oid));
  }

  integer(): bigint {
    return readInteger(this.next(tag.integer));
  }

  smallInteger(): number {
    return readSmallInteger(this.next(tag.integer));
  }

  octets(): Uint8Array {
    return this.next(tag.octetString).content;
  }

  bits(): Uint8Array {
    return readWholeBytes(this.next(tag.bitString));
  }

  end(): void {
    if (!this.atEnd) throw new DerError('there is more than the structure allows');
  }
}

/** Reads exactly one value; trailing bytes are refused. @throws DerError */
export function parseDer(bytes: Uint8Array): DerValue {
  const reader = new DerReader(bytes);
  const value = reader.any();
  reader.end();
  return value;
}

/** Reader over the members of the one SEQUENCE that the bytes are. @throws DerError */
export function parseSequence(bytes: Uint8Array): DerReader {
  const value = parseDer(bytes);
  if (value.tag !== tag.sequence) throw new DerError('not a SEQUENCE');
  return new DerReader(value.content);
}

/** All members of a constructed value, which must be of one tag if that is given. @throws DerError */
export function members(value: DerValue, each?: number): readonly DerValue[] {
  if (!(value.tag & constructedBit)) throw new DerError('a primitive value has no members');
  const reader = new DerReader(value.content);
  const found: DerValue[] = [];
  while (!reader.atEnd) found.push(each === undefined ? reader.any() : reader.next(each));
  return found;
}

export function readBoolean({ content }: DerValue): boolean {
  if (content.length !== 1 || (content[0] !== 0x00 && content[0] !== 0xff))
    throw new DerError('not a BOOLEAN');
  return content[0] === 0xff;
}

/** Any INTEGER, negative ones included (X.690 §8.3: two's complement, shortest form). */
export function readInteger({ content }: DerValue): bigint {
  const [first, second] = content;
  if (first === undefined) throw new DerError('an INTEGER without content');
  if (second !== undefined && ((first === 0 && second < 0x80) || (first === 0xff && second >= 0x80))) {
    throw new DerError('the INTEGER is not in its shortest form');
  }
  const unsigned = content.reduce((number, byte) => (number << 8n) | BigInt(byte), 0n);
  return first & 0x80 ? unsigned - (1n << BigInt(8 * content.length)) : unsigned;
}

export function readSmallInteger(value: DerValue): number {
  if (value.content.length > 6) throw new DerError('the INTEGER is out of range');
  return Number(readInteger(value));
}

/** Content of a BIT STRING whose bits fill whole bytes: keys, signatures, MACs. */
export function readWholeBytes({ content }: DerValue): Uint8Array {
  if (content[0] !== 0) throw new DerError('the BIT STRING does not hold whole bytes');
  return content.subarray(1);
}

/** Numbers of the bits that are set in a named BIT STRING, the first bit being 0 (X.680 §22). */
export function readNamedBits({ content }: DerValue): readonly number[] {
  const unused = content[0];
  if (unused === undefined || unused > 7 || (content.length === 1 && unused > 0)) {
    throw new DerError('not a BIT STRING');
  }
  const count = 8 * (content.length - 1) - unused;
  return Array.from({ length: count }, (_, bit) => bit).filter(
    (bit) => ((content[1 + (bit >> 3)] ?? 0) >> (7 - (bit & 7))) & 1,
  );
}

export function readOid({ content }: DerValue): string {
  const last = content[content.length - 1];
  if (last === undefined || last & 0x80) throw new DerError('not an OBJECT IDENTIFIER');
  try {
    return forge.asn1.derToOid(binaryString(content));
  } catch (cause) {
    throw new DerError('not an OBJECT IDENTIFIER', { cause });
  }
}

const timePattern = /^(\d{2,4})(\d{2})(\d{2})(\d{2})(\d{2})(\d{2})Z$/;

/** UTCTime or GeneralizedTime in the only form of RFC 5280 §4.1.2.5: with seconds, in UTC; years 50–99 mean 19xx. */
export function readTime(value: DerValue): Date {
  const text = binaryString(value.content);
  const yearDigits = value.tag === tag.utcTime ? 2 : value.tag === tag.generalizedTime ? 4 : 0;
  // GeneralizedTime may carry a fraction outside certificates; nothing here depends on it.
  const fields = timePattern.exec(text.replace(/\.\d+Z$/, 'Z'));
  if (!fields || fields[1]?.length !== yearDigits) throw new DerError('not a time in UTC');
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0] = fields.slice(1).map(Number);
  const date = new Date(0);
  date.setUTCFullYear(yearDigits === 4 ? year : year < 50 ? 2000 + year : 1900 + year, month - 1, day);
  date.setUTCHours(hour, minute, second);
  if (
    date.getUTCMonth() !== month - 1 ||
    date.getUTCDate() !== day ||
    date.getUTCHours() !== hour ||
    minute > 59
  ) {
    throw new DerError('no such moment');
  }
  return date;
}

const utf16 = (bytes: Uint8Array, unit: number): string => {
  if (bytes.length % unit) throw new DerError('half a character');
  let text = '';
  for (let at = 0; at < bytes.length; at += unit) {
    const code = bytes.subarray(at, at + unit).reduce((number, byte) => number * 256 + byte, 0);
    if (code > 0x10ffff) throw new DerError('no such character');
    text += String.fromCodePoint(code);
  }
  return text;
};

/** Text of any of ASN.1's character strings. */
export function readText(value: DerValue): string {
  switch (value.tag) {
    case tag.utf8String:
      try {
        return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(value.content);
      } catch (cause) {
        throw new DerError('not UTF-8', { cause });
      }
    case tag.bmpString:
      return utf16(value.content, 2);
    case tag.universalString:
      return utf16(value.content, 4);
    case tag.printableString:
    case tag.ia5String:
    case tag.numericString:
    case tag.visibleString:
    // Certificates use TeletexString as Latin-1, as RFC 5280 §4.1.2.4 describes.
    case tag.teletexString:
      return binaryString(value.content);
    default:
      throw new DerError('not a character string');
  }
}

/**
 * Brings BER (indefinite lengths, strings in pieces) to definite lengths. Only for containers whose signature or MAC is
 * not over these bytes.
 *
 * @throws DerError
 */
export function berToDer(bytes: Uint8Array): DerBytes {
  try {
    const options = { strict: true, parseAllBytes: true, decodeBitStrings: false };
    // The published types know only the older boolean form of the second argument.
    const value = forge.asn1.fromDer(binaryString(bytes), options as unknown as boolean);
    return asDer(Buffer.from(forge.asn1.toDer(value).getBytes(), 'latin1'));
  } catch (cause) {
    throw new DerError('not BER', { cause });
  }
}

/** Forge's kind of byte string: one character a byte. */
export const binaryString = (bytes: Uint8Array): string =>
  Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('latin1');

// Writing

/** One value of the given identifier octet around content that is already encoded. */
export function encode(identifier: number, ...content: readonly Uint8Array[]): DerBytes {
  const size = content.reduce((sum, part) => sum + part.length, 0);
  const length: number[] = [];
  if (size < longFormBit) length.push(size);
  else {
    for (let rest = size; rest > 0; rest = Math.floor(rest / 256)) length.unshift(rest & 0xff);
    length.unshift(longFormBit | length.length);
  }
  return asDer(concatBytes(Uint8Array.of(identifier, ...length), ...content));
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
