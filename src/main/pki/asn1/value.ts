import type { DerBytes } from '#shared/bytes.ts';

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
  enumerated: 0x0a,
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

/** In an identifier octet: the value is made of values (X.690 §8.1.2.5). */
export const constructedBit = 0x20;
/** In the first length octet: it counts the octets that follow (X.690 §8.1.3.5). */
export const longFormBit = 0x80;
