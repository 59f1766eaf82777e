import forge from 'node-forge';
import { toHex } from '#shared/bytes.ts';
import { binaryString } from './ber.ts';
import { DerError, tag, type DerValue } from './value.ts';

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
  // Byte by byte the time would grow with the square of the length, and others choose that.
  const unsigned = BigInt(`0x${toHex(content)}`);
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
    case tag.teletexString: // which certificates use as Latin-1
      return binaryString(value.content);
    default:
      throw new DerError('not a character string');
  }
}
