import { concatBytes } from '#shared/bytes.ts';
import { KiltError } from '#shared/errors.ts';
import { maxShortData } from '../apdu.ts';
import { DerError, readElement, type DerElement } from './der.ts';

/**
 * A PKCS#15 directory file: entries one after another, then zeros. OpenSC reads to the first zero tag.
 *
 * Writes are planned so that the card may lose power after any of them: what is readable then is the old entries,
 * the new ones, or both, and never half an entry. One UPDATE BINARY is taken to happen whole or not at all.
 */
export interface EntryFile {
  readonly entries: readonly PlacedEntry[];
  /** A gap left by a removal that was interrupted. It stands between entries under {@link gapTag}. */
  readonly gaps: readonly Gap[];
  /** Where the next entry goes. */
  readonly end: number;
  readonly size: number;
}

export interface PlacedEntry {
  readonly offset: number;
  readonly element: DerElement;
}

interface Gap {
  readonly offset: number;
  readonly length: number;
}

/** Bytes to be put at an offset: at most 255, one UPDATE BINARY. */
export interface PlannedWrite {
  readonly offset: number;
  readonly data: Uint8Array;
}

/** Private class, not used by PKCS#15: "these bytes are free". Only ever there between two writes of a removal. */
const gapTag = 0xc0;

const endOfEntries = Uint8Array.of(0x00);

/** Flash that was never written reads as zeros or ones. */
const isEnd = (tag: number | undefined): boolean => tag === undefined || tag === 0x00 || tag === 0xff;

/**
 * True once `bytes`, the beginning of a file, shows its last entry, so that no more need be read.
 */
export function showsEnd(bytes: Uint8Array): boolean {
  let at = 0;
  try {
    while (at < bytes.length && !isEnd(bytes[at])) at += readElement(bytes, at).raw.length;
  } catch (error) {
    if (error instanceof DerError) return false;
    throw error;
  }
  return at < bytes.length;
}

/**
 * @param bytes the file from its start to at least the end of its entries
 * @param size of the file on the card
 * @throws KiltError `token-layout-damaged` {file} when an entry goes beyond the end
 */
export function parseEntryFile(bytes: Uint8Array, size: number, file: string): EntryFile {
  const entries: PlacedEntry[] = [];
  const gaps: Gap[] = [];
  let at = 0;
  try {
    while (!isEnd(bytes[at])) {
      const element = readElement(bytes, at);
      if (element.tag === gapTag) gaps.push({ offset: at, length: element.raw.length });
      else entries.push({ offset: at, element });
      at += element.raw.length;
    }
  } catch (cause) {
    if (cause instanceof DerError) throw new KiltError('token-layout-damaged', { file }, { cause });
    throw cause;
  }
  return { entries, gaps, end: at, size };
}

const commandsFor = (offset: number, data: Uint8Array): PlannedWrite[] =>
  Array.from({ length: Math.ceil(data.length / maxShortData) }, (_, i) => ({
    offset: offset + i * maxShortData,
    data: data.subarray(i * maxShortData, (i + 1) * maxShortData),
  }));

/**
 * Writes that add an entry. Its first bytes are written last: until then the old end of the entries stands.
 *
 * @throws KiltError `token-memory-full` when the file has no room
 */
export function planAppend(file: EntryFile, entry: Uint8Array): PlannedWrite[] {
  const room = file.size - file.end;
  if (entry.length > room) throw new KiltError('token-memory-full', { step: 'directory-entry' });
  const data = entry.length < room ? concatBytes(entry, endOfEntries) : entry;
  return commandsFor(file.end, data).reverse();
}

/** A header that makes `length` bytes, itself included, one element that holds no entry. */
function gapHeader(length: number): Uint8Array {
  if (length <= 0x7f + 2) return Uint8Array.of(gapTag, length - 2);
  if (length <= 0xff + 3) return Uint8Array.of(gapTag, 0x81, length - 3);
  return Uint8Array.of(gapTag, 0x82, (length - 4) >> 8, (length - 4) & 0xff);
}
const longestGapHeader = 4;

/**
 * Writes that remove entries and close every gap: the gap wanders to the end, each command moving as many entries
 * down as it can hold.
 *
 * An entry of more than 251 bytes can not be moved in one command; only while such a one is moved can the file be
 * left half-written. Neither OpenSC nor this program makes entries of that size.
 */
export function planRemoval(file: EntryFile, isRemoved: (entry: PlacedEntry) => boolean): PlannedWrite[] {
  const kept = file.entries.filter((entry) => !isRemoved(entry));
  const holes = [...file.gaps, ...file.entries.filter(isRemoved)];
  if (holes.length === 0) return [];
  const firstHole = Math.min(...holes.map(({ offset }) => offset));
  const moving = kept.filter(({ offset }) => offset > firstHole);
  const writes: PlannedWrite[] = [];
  let to = firstHole;
  while (moving.length > 0) {
    const moved: Uint8Array[] = [];
    let length = 0;
    while (moving[0] !== undefined) {
      const { raw } = moving[0].element;
      const isLast = moving.length === 1;
      const tail = isLast ? endOfEntries.length : longestGapHeader;
      if (moved.length > 0 && length + raw.length + tail > maxShortData) break;
      moving.shift();
      moved.push(raw);
      length += raw.length;
    }
    const [next] = moving;
    const tail = next === undefined ? endOfEntries : gapHeader(next.offset - (to + length));
    writes.push(...commandsFor(to, concatBytes(...moved, tail)));
    to += length;
  }
  return writes.length > 0 ? writes : [{ offset: to, data: endOfEntries }];
}
