import { asDer } from '#shared/bytes.ts';
import { readInteger, readOid, readSmallInteger, readWholeBytes } from './primitives.ts';
import { constructedBit, DerError, longFormBit, tag, type DerValue } from './value.ts';

const highTagNumber = 0x1f;

/** Where a value's content begins and where the value ends. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

/** Frames the value at a place without making anything of it: for lists of many thousands. @throws DerError */
export function spanAt(bytes: Uint8Array, at: number): Span {
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
  return { start, end };
}

function valueAt(bytes: Uint8Array, at: number): DerValue {
  const { start, end } = spanAt(bytes, at);
  // A value has an identifier octet, or spanAt would have thrown.
  const identifier = bytes[at] ?? 0;
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
