import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { concatBytes, toHex } from '#shared/bytes.ts';
import { encodeElement, derTag } from '#main/token/pkcs15/der.ts';
import {
  parseEntryFile,
  planAppend,
  planRemoval,
  showsEnd,
  type EntryFile,
  type PlannedWrite,
} from '#main/token/pkcs15/entry-file.ts';

const fileSize = 2048;

/** An entry that can be told from others by its first byte of content. */
const entryOf = (name: number, length: number): Uint8Array =>
  encodeElement(derTag.sequence, Uint8Array.of(name), new Uint8Array(length).fill(0xa5));

const entriesIn = (file: EntryFile): string[] => file.entries.map(({ element }) => toHex(element.raw));
const read = (bytes: Uint8Array): EntryFile => parseEntryFile(bytes, bytes.length, 'test');

function written(bytes: Uint8Array, writes: readonly PlannedWrite[]): Uint8Array {
  const after = bytes.slice();
  for (const { offset, data } of writes) after.set(data, offset);
  return after;
}

function fileWith(entries: readonly Uint8Array[], size = fileSize): Uint8Array {
  const bytes = new Uint8Array(size);
  bytes.set(concatBytes(...entries));
  return bytes;
}

/** Entries that fit one command, as all entries of PKCS#15 tools do. */
const entryList = fc
  .array(fc.integer({ min: 0, max: 240 }), { maxLength: 8 })
  .map((lengths) => lengths.map((length, name) => entryOf(name, length)));

describe('a directory file', () => {
  it('never loses an entry when an addition is cut off after any of its commands', () => {
    fc.assert(
      fc.property(entryList, fc.integer({ min: 0, max: 700 }), (entries, length) => {
        const added = entryOf(99, length);
        const before = fileWith(entries, 4096);
        const writes = planAppend(read(before), added);
        writes.forEach((_write, done) => {
          expect(entriesIn(read(written(before, writes.slice(0, done))))).toEqual(entries.map(toHex));
        });
        expect(entriesIn(read(written(before, writes)))).toEqual([...entries, added].map(toHex));
        for (const { data } of writes) expect(data.length).toBeLessThanOrEqual(255);
      }),
    );
  });

  it('never loses a kept entry when a removal is cut off after any of its commands, and the repetition completes it', () => {
    fc.assert(
      fc.property(entryList, fc.func(fc.boolean()), (entries, isRemovedName) => {
        const isRemoved = (raw: string): boolean => isRemovedName(raw);
        const all = entries.map(toHex);
        const kept = all.filter((raw) => !isRemoved(raw));
        const before = fileWith(entries);
        const plan = (bytes: Uint8Array): PlannedWrite[] =>
          planRemoval(read(bytes), ({ element }) => isRemoved(toHex(element.raw)));
        const writes = plan(before);
        for (let done = 0; done <= writes.length; done += 1) {
          const interrupted = written(before, writes.slice(0, done));
          const left = entriesIn(read(interrupted));
          expect(left.filter((raw) => !isRemoved(raw))).toEqual(kept);
          expect(all).toEqual(expect.arrayContaining(left));
          const repeated = read(written(interrupted, plan(interrupted)));
          expect(entriesIn(repeated)).toEqual(kept);
          expect(repeated.gaps).toEqual([]);
        }
        for (const { data } of writes) expect(data.length).toBeLessThanOrEqual(255);
      }),
      { numRuns: 300 },
    );
  });

  it('closes a gap of an interrupted removal before anything is added', () => {
    const entries = [entryOf(1, 200), entryOf(2, 200), entryOf(3, 200), entryOf(4, 200)];
    const before = fileWith(entries);
    const [first] = planRemoval(read(before), ({ offset }) => offset === 0);
    const interrupted = written(before, first === undefined ? [] : [first]);
    expect(read(interrupted).gaps).toHaveLength(1);
    const closed = written(
      interrupted,
      planRemoval(read(interrupted), () => false),
    );
    expect(entriesIn(read(closed))).toEqual(entries.slice(1).map(toHex));
    expect(read(closed).gaps).toEqual([]);
  });

  it('takes one command to remove an entry from a file of usual size', () => {
    const before = fileWith([entryOf(1, 55), entryOf(2, 55), entryOf(3, 55)]);
    expect(planRemoval(read(before), ({ offset }) => offset === 0)).toHaveLength(1);
  });

  it('says that it is full instead of writing past its end', () => {
    const bytes = fileWith([entryOf(1, 100)], 128);
    expect(() => planAppend(read(bytes), entryOf(2, 100))).toThrow(
      expect.objectContaining({ id: 'token-memory-full' }),
    );
    const exact = entryOf(2, 128 - read(bytes).end - 3);
    expect(entriesIn(read(written(bytes, planAppend(read(bytes), exact))))).toHaveLength(2);
  });

  it('is read only as far as its last entry', () => {
    const entries = [entryOf(1, 100), entryOf(2, 100), entryOf(3, 100)];
    const bytes = fileWith(entries);
    expect(showsEnd(bytes.subarray(0, 256))).toBe(false);
    expect(showsEnd(bytes.subarray(0, 512))).toBe(true);
    expect(showsEnd(new Uint8Array(256))).toBe(true);
    expect(showsEnd(new Uint8Array(256).fill(0xff))).toBe(true);
  });

  it('of any bytes is read or called damaged, and keeps unknown entries byte for byte', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 400 }), (bytes) => {
        let file: EntryFile;
        try {
          file = parseEntryFile(bytes, 512, 'CDF');
        } catch (error) {
          expect(error).toMatchObject({ id: 'token-layout-damaged', data: { file: 'CDF' } });
          return;
        }
        for (const { offset, element } of file.entries) {
          expect(element.raw).toEqual(bytes.subarray(offset, offset + element.raw.length));
        }
      }),
      { numRuns: 1000 },
    );
  });
});
