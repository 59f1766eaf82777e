import { asDer, type DerBytes } from '#shared/bytes.ts';
import { berToDer } from '../asn1.ts';
import { constructedBit, longFormBit } from '../asn1/value.ts';
import type { ByteSource } from './byte-source.ts';
import { CmsError } from './cms-error.ts';

/**
 * Walks through BER in a file without reading it into memory: definite and indefinite lengths (X.690 §8.1.3), with limits
 * on depth and on what is read as a whole. Everything throws {@link CmsError}.
 */

/** One value: where its content stands. */
export interface BerHeader {
  readonly tag: number;
  readonly start: number;
  readonly contentAt: number;
  /** Undefined: of indefinite length. */
  readonly end: number | undefined;
}

const deepest = 24;
/** Most values that are looked at to find the end of one part of indefinite length. */
const mostSteps = 200_000;
/** Of one part beside the document; certificates and signatures with time-stamps have some 10 kB. */
const largestPart = 1024 * 1024;
const windowBytes = 64 * 1024;
const longestHeader = 8;
const highTagNumber = 0x1f;

export class BerFile {
  readonly #source: ByteSource;
  #window: { readonly at: number; readonly bytes: Uint8Array } = { at: 0, bytes: new Uint8Array() };

  constructor(source: ByteSource) {
    this.#source = source;
  }

  get size(): number {
    return this.#source.size;
  }

  async header(start: number, limit: number): Promise<BerHeader> {
    const bytes = await this.#near(start, Math.min(longestHeader, limit - start));
    const [tag, first] = bytes;
    if (tag === undefined || first === undefined) throw new CmsError('cut-off');
    if ((tag & highTagNumber) === highTagNumber) throw new CmsError('not-cms');
    if (first === longFormBit) {
      if (!(tag & constructedBit)) throw new CmsError('not-cms');
      return { tag, start, contentAt: start + 2, end: undefined };
    }
    let length = first;
    let contentAt = start + 2;
    if (first & longFormBit) {
      const size = first & ~longFormBit;
      // Six bytes of length are more than any disk holds.
      if (size > 6) throw new CmsError('not-cms');
      if (bytes.length < 2 + size) throw new CmsError('cut-off');
      length = bytes.subarray(2, 2 + size).reduce((number, byte) => number * 256 + byte, 0);
      contentAt += size;
    }
    const end = contentAt + length;
    if (end > limit) throw new CmsError('cut-off');
    return { tag, start, contentAt, end };
  }

  async isEndOfContents(at: number, limit: number): Promise<boolean> {
    const [first, second] = await this.#near(at, Math.min(2, limit - at));
    if (first === undefined || second === undefined) throw new CmsError('cut-off');
    return first === 0 && second === 0;
  }

  /** The value as DER. @param end behind it */
  async whole(header: BerHeader, end: number): Promise<DerBytes> {
    if (end - header.start > largestPart) throw new CmsError('too-much');
    const bytes = Uint8Array.from(await this.#source.read(header.start, end - header.start));
    return header.end === undefined ? definite(bytes) : asDer(bytes);
  }

  /** Behind the value. */
  async endOf(header: BerHeader, limit: number): Promise<number> {
    if (header.end !== undefined) return header.end;
    let steps = mostSteps;
    const ending = async (opened: BerHeader, depth: number): Promise<number> => {
      if (depth > deepest) throw new CmsError('too-much');
      let at = opened.contentAt;
      while (!(await this.isEndOfContents(at, limit))) {
        if (steps-- <= 0 || at - header.start > largestPart) throw new CmsError('too-much');
        const child = await this.header(at, limit);
        at = child.end ?? (await ending(child, depth + 1));
      }
      return at + 2;
    };
    return ending(header, 0);
  }

  async #near(at: number, length: number): Promise<Uint8Array> {
    const { at: from, bytes } = this.#window;
    if (at < from || at + length > from + bytes.length) {
      const wanted = Math.min(windowBytes, this.#source.size - at);
      if (wanted < length) throw new CmsError('cut-off');
      this.#window = { at, bytes: Uint8Array.from(await this.#source.read(at, wanted)) };
    }
    const start = at - this.#window.at;
    return this.#window.bytes.subarray(start, start + length);
  }
}

/** The members of one constructed value, in order, from outside in. */
export class BerLevel {
  readonly #file: BerFile;
  readonly #depth: number;
  readonly #limit: number;
  readonly #end: number | undefined;
  #at: number;

  private constructor(file: BerFile, at: number, end: number | undefined, limit: number, depth: number) {
    this.#file = file;
    this.#at = at;
    this.#end = end;
    this.#limit = end ?? limit;
    this.#depth = depth;
  }

  static whole(file: BerFile): BerLevel {
    return new BerLevel(file, 0, file.size, file.size, 0);
  }

  /** The next member; undefined when there is none. Looking at it does not go past it. */
  async peek(): Promise<BerHeader | undefined> {
    if (await this.ended()) return undefined;
    return this.#file.header(this.#at, this.#limit);
  }

  async expect(tag: number): Promise<BerHeader> {
    const header = await this.peek();
    if (header?.tag !== tag) throw new CmsError('not-cms');
    return header;
  }

  /** The next member, as DER. */
  async take(tag: number): Promise<DerBytes> {
    const header = await this.expect(tag);
    const end = await this.#file.endOf(header, this.#limit);
    const der = await this.#file.whole(header, end);
    this.#at = end;
    return der;
  }

  /** Goes past the next member without reading it. */
  async skip(header: BerHeader): Promise<void> {
    this.#at = await this.#file.endOf(header, this.#limit);
  }

  /** Goes into the next member and, after `work`, behind it. @throws CmsError when `work` leaves something unread */
  async within<T>(header: BerHeader, work: (inner: BerLevel) => Promise<T>): Promise<T> {
    if (this.#depth >= deepest) throw new CmsError('too-much');
    const inner = new BerLevel(this.#file, header.contentAt, header.end, this.#limit, this.#depth + 1);
    const result = await work(inner);
    if ((await inner.peek()) !== undefined) throw new CmsError('not-cms');
    this.#at = header.end ?? inner.#at + 2;
    return result;
  }

  async ended(): Promise<boolean> {
    return this.#end === undefined
      ? this.#file.isEndOfContents(this.#at, this.#limit)
      : this.#at >= this.#end;
  }
}

/** What stood in indefinite lengths, in definite ones. */
export function definite(bytes: Uint8Array): DerBytes {
  try {
    return berToDer(bytes);
  } catch (cause) {
    throw new CmsError('not-cms', { cause });
  }
}
