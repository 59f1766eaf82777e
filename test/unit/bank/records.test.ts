import {
  appendFileSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { secretFromText } from '#shared/bytes.ts';
import { newPin, sealPin, unsealPin } from '#test/bank/authority/sealed-pin.ts';
import { Journal } from '#test/bank/records/journal.ts';
import { lockFolder } from '#test/bank/records/folder-lock.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'bank-records-'));
});
afterEach(() => {
  rmSync(folder, { recursive: true });
});

const entry = z.object({ text: z.string() });
function entriesOf(path: string): string[] {
  const texts: string[] = [];
  Journal.open(path, entry, ({ text }) => texts.push(text)).close();
  return texts;
}

describe('the journal of the bank', () => {
  it('gives back what was written, in order, after it is opened again', () => {
    const path = join(folder, 'j');
    const journal = Journal.open(path, entry, () => undefined);
    for (const text of ['a', 'Айгерим', 'with\nline end']) journal.append({ text });
    journal.close();
    expect(entriesOf(path)).toEqual(['a', 'Айгерим', 'with\nline end']);
  });

  it('survives a cut at any byte: whole lines stay, and new ones can follow', () => {
    const path = join(folder, 'j');
    fc.assert(
      fc.property(fc.array(fc.string(), { minLength: 1, maxLength: 5 }), fc.nat(), (texts, at) => {
        rmSync(path, { force: true });
        const journal = Journal.open(path, entry, () => undefined);
        for (const text of texts) journal.append({ text });
        journal.close();
        const cut = at % (statSync(path).size + 1);
        truncateSync(path, cut);
        const whole = readFileSync(path, 'utf8').split('\n').length - 1;
        const again = Journal.open(path, entry, () => undefined);
        again.append({ text: 'after' });
        again.close();
        expect(entriesOf(path)).toEqual([...texts.slice(0, whole), 'after']);
      }),
      { numRuns: 40 },
    );
  });

  it('does not start on a journal that is damaged in the middle', () => {
    const path = join(folder, 'j');
    writeFileSync(path, '{"text":"a"}\n{"tex\n{"text":"b"}\n');
    expect(() => entriesOf(path)).toThrow('line 2 is damaged');
  });

  it('is readable by its owner only', () => {
    const path = join(folder, 'j');
    Journal.open(path, entry, () => undefined).close();
    expect(statSync(path).mode & 0o777).toBe(0o600);
  });
});

describe('the lock of a data folder', () => {
  it('keeps a second process out until it is given back', () => {
    const unlock = lockFolder(folder);
    expect(() => lockFolder(folder)).toThrow('in use');
    unlock();
    lockFolder(folder)();
  });

  it('is taken over from a process that is no more', () => {
    // Process numbers end at 2²² on Linux.
    writeFileSync(join(folder, 'lock'), JSON.stringify({ pid: 2 ** 22 + 1, started: '1' }));
    lockFolder(folder)();
  });

  it('is taken over from a dead process whose number somebody else has now', () => {
    writeFileSync(join(folder, 'lock'), JSON.stringify({ pid: process.pid, started: 'long ago' }));
    lockFolder(folder)();
  });

  it('is taken over when its writer was killed before it had written', () => {
    appendFileSync(join(folder, 'lock'), '');
    lockFolder(folder)();
  });
});

describe('the ПИН in the records', () => {
  const key = new Uint8Array(32).fill(7);

  it('is eleven capital letters and digits', () => {
    expect(new TextDecoder().decode(newPin())).toMatch(/^[A-Z0-9]{11}$/);
  });

  it('is sealed: not to be read, but to be opened for the customer it belongs to', () => {
    const sealed = sealPin(secretFromText('ABCDEFGHJK2'), 'u1', key);
    expect(Buffer.from(sealed, 'base64').includes('ABCDEFGHJK2')).toBe(false);
    expect(new TextDecoder().decode(unsealPin(sealed, 'u1', key))).toBe('ABCDEFGHJK2');
    expect(() => unsealPin(sealed, 'u2', key)).toThrow();
  });
});
