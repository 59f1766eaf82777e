/**
 * DER reading and writing for the bank's side of the wire.
 *
 * Deliberately not the code of `src/main/pki`: a client and a server that share one codec agree even where both are
 * wrong. The reader keeps the received bytes of every value, because protection and hashes are over those.
 */
export interface DerValue {
  /** Identifier octet: class, constructed bit and number (low tag numbers only). */
  readonly tag: number;
  readonly content: Uint8Array;
  /** Identifier, length and content as received. */
  readonly whole: Uint8Array;
}

export class DerError extends Error {
  override readonly name = 'DerError';
}

export const tags = {
  boolean: 0x01,
  integer: 0x02,
  bitString: 0x03,
  octetString: 0x04,
  null: 0x05,
  oid: 0x06,
  utf8: 0x0c,
  printable: 0x13,
  ia5: 0x16,
  generalizedTime: 0x18,
  bmp: 0x1e,
  sequence: 0x30,
  set: 0x31,
} as const;

/** Constructed context tag `[number]`. */
export const contextTag = (number: number): number => 0xa0 | number;

function readAt(bytes: Uint8Array, start: number): { value: DerValue; next: number } {
  const tag = bytes[start];
  const first = bytes[start + 1];
  if (tag === undefined || first === undefined) throw new DerError('value is cut short');
  if ((tag & 0x1f) === 0x1f) throw new DerError('high tag numbers are not used here');
  let at = start + 2;
  let length = first;
  if (first & 0x80) {
    const octets = first & 0x7f;
    if (octets === 0 || octets > 3) throw new DerError('length is indefinite or absurd');
    length = 0;
    for (let i = 0; i < octets; i++) {
      const octet = bytes[at++];
      if (octet === undefined) throw new DerError('length is cut short');
      length = length * 256 + octet;
    }
    if (length < 0x80 || length < 256 ** (octets - 1)) throw new DerError('length is not minimal');
  }
  const next = at + length;
  if (next > bytes.length) throw new DerError('content is cut short');
  return { value: { tag, content: bytes.subarray(at, next), whole: bytes.subarray(start, next) }, next };
}

/** Reads exactly one value; bytes after it are an error. @throws DerError */
export function readDer(bytes: Uint8Array): DerValue {
  const { value, next } = readAt(bytes, 0);
  if (next !== bytes.length) throw new DerError('bytes after the value');
  return value;
}

/** The values inside a constructed value. @throws DerError */
export function membersOf(value: DerValue, expectedTag?: number): DerValue[] {
  if (expectedTag !== undefined) expectTag(value, expectedTag);
  if (!(value.tag & 0x20)) throw new DerError('value is not constructed');
  const members: DerValue[] = [];
  for (let at = 0; at < value.content.length;) {
    const { value: member, next } = readAt(value.content, at);
    members.push(member);
    at = next;
  }
  return members;
}

export function expectTag(value: DerValue | undefined, tag: number): DerValue {
  if (value?.tag !== tag) {
    throw new DerError(
      `tag ${tag.toString(16)} expected, ${value ? value.tag.toString(16) : 'nothing'} found`,
    );
  }
  return value;
}

/** The one value inside an EXPLICIT tag. */
export function insideOf(value: DerValue): DerValue {
  const [inner, ...others] = membersOf(value);
  if (!inner || others.length > 0) throw new DerError('an explicit tag holds one value');
  return inner;
}

/** INTEGER small enough to count with. */
export function smallInteger(value: DerValue | undefined): number {
  const { content } = expectTag(value, tags.integer);
  if (content.length === 0 || content.length > 6) throw new DerError('integer is empty or too large');
  const unsigned = content.reduce((number, octet) => number * 256 + octet, 0);
  return (content[0] ?? 0) & 0x80 ? unsigned - 256 ** content.length : unsigned;
}

/** Dotted decimal form of an OBJECT IDENTIFIER. */
export function oidText(value: DerValue | undefined): string {
  const { content } = expectTag(value, tags.oid);
  const arcs: number[] = [];
  let arc = 0;
  for (const octet of content) {
    arc = arc * 128 + (octet & 0x7f);
    if (arc > Number.MAX_SAFE_INTEGER / 128) throw new DerError('object identifier arc is too large');
    if (octet & 0x80) continue;
    arcs.push(arc);
    arc = 0;
  }
  const last = content.at(-1);
  const first = arcs.shift();
  if (last === undefined || last & 0x80 || first === undefined)
    throw new DerError('object identifier is cut short');
  const top = Math.min(2, Math.floor(first / 40));
  return [top, first - 40 * top, ...arcs].join('.');
}

/** Bytes of a BIT STRING that is a whole number of octets. */
export function bitStringBytes(value: DerValue | undefined): Uint8Array {
  const { content } = expectTag(value, tags.bitString);
  if (content[0] !== 0) throw new DerError('bit string is not whole octets');
  return content.subarray(1);
}

export function utf8Text(value: DerValue | undefined): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(expectTag(value, tags.utf8).content);
  } catch (cause) {
    throw new DerError('text is not UTF-8', { cause });
  }
}

/** One value with the given identifier octet around the parts. */
export function der(tag: number, ...parts: readonly Uint8Array[]): Uint8Array {
  const length = parts.reduce((sum, part) => sum + part.length, 0);
  const lengthOctets: number[] = [];
  for (let rest = length; rest > 0; rest = Math.floor(rest / 256)) lengthOctets.unshift(rest % 256);
  const header = length < 0x80 ? [tag, length] : [tag, 0x80 | lengthOctets.length, ...lengthOctets];
  return Buffer.concat([Uint8Array.from(header), ...parts]);
}

export const sequence = (...parts: readonly Uint8Array[]) => der(tags.sequence, ...parts);
export const set = (...parts: readonly Uint8Array[]) => der(tags.set, ...parts);
export const context = (number: number, ...parts: readonly Uint8Array[]) => der(contextTag(number), ...parts);
export const octetString = (bytes: Uint8Array) => der(tags.octetString, bytes);
export const bitString = (bytes: Uint8Array) => der(tags.bitString, Uint8Array.of(0), bytes);
export const utf8String = (text: string) => der(tags.utf8, Buffer.from(text));
export const nullValue = () => der(tags.null);

export function integer(number: number): Uint8Array {
  const octets: number[] = [];
  let rest = number;
  do {
    octets.unshift(((rest % 256) + 256) % 256);
    rest = Math.floor(rest / 256);
  } while (rest !== 0 && rest !== -1);
  const first = octets[0] ?? 0;
  if (rest === 0 && first & 0x80) octets.unshift(0);
  if (rest === -1 && !(first & 0x80)) octets.unshift(0xff);
  return der(tags.integer, Uint8Array.from(octets));
}

export function oid(dotted: string): Uint8Array {
  const [top = 0, second = 0, ...others] = dotted.split('.').map(Number);
  const octets = [top * 40 + second, ...others].flatMap((arc) => {
    const groups = [arc % 128];
    for (let rest = Math.floor(arc / 128); rest > 0; rest = Math.floor(rest / 128)) {
      groups.unshift((rest % 128) | 0x80);
    }
    return groups;
  });
  return der(tags.oid, Uint8Array.from(octets));
}

/** GeneralizedTime in UTC to the second, `YYYYMMDDHHMMSSZ`. */
export const generalizedTime = (at: Date) =>
  der(tags.generalizedTime, Buffer.from(at.toISOString().replace(/[-:T]|\.\d+/g, '')));

/** BIT STRING with named bits, trailing zero bits removed (X.690 §11.2.2). */
export function namedBits(...numbers: readonly number[]): Uint8Array {
  const highest = Math.max(-1, ...numbers);
  const bits = new Uint8Array(Math.floor(highest / 8) + 1);
  for (const number of numbers) {
    const octet = Math.floor(number / 8);
    bits[octet] = (bits[octet] ?? 0) | (0x80 >> (number % 8));
  }
  return der(tags.bitString, Uint8Array.of(bits.length === 0 ? 0 : 7 - (highest % 8)), bits);
}
