import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { toHex } from '#shared/bytes.ts';
import { accessMode, condition, isGranted } from '#test/virtual-token/access.ts';
import type { CardState } from '#test/virtual-token/card-state.ts';
import type { CardFile } from '#test/virtual-token/file-system.ts';

import { statusWordOf, type Step, stepsOf, take, withoutFormat } from './any-commands.ts';
import {
  allFiles,
  audiences,
  guardedCard,
  privateKeyIn,
  secretFiles,
  temptations,
  Witness,
} from './guarded-card.ts';

const steps = stepsOf(withoutFormat, { maxLength: 60, sequences: temptations });
const SIGN = 0x9e9a;

const { always, never } = condition;

/** Half of a secret file's content, wherever the read began. */
const isShown = ({ content }: (typeof secretFiles)[number], answer: Uint8Array | null): boolean =>
  answer !== null && Buffer.from(answer).includes(Buffer.from(content.subarray(4, 12)));
const hasWorked = (answer: Uint8Array): boolean => /^(9000|61..)$/.test(statusWordOf(answer));
/** The key operation that a step is, and the key that was chosen for it. */
const keyUsedBy = (step: Step, witness: Witness): number | undefined => {
  if (!(step instanceof Uint8Array) || step[0] !== 0x00 || step[1] !== 0x2a) return undefined;
  return (((step[2] ?? 0) << 8) | (step[3] ?? 0)) === SIGN ? witness.signingKey : witness.decipheringKey;
};

const contentOf = (file: CardFile): string =>
  file.type === 'folder' ? '' : toHex((file.type === 'data' ? file.content : file.value) ?? new Uint8Array());

describe('access rules', () => {
  it('let nobody read a file who does not fulfil its condition', async () => {
    await fc.assert(
      fc.asyncProperty(steps, async (sequence) => {
        const card = await guardedCard();
        const witness = new Witness();
        for (const step of sequence) {
          const answer = await take(card, step);
          for (const file of secretFiles.filter((secret) => isShown(secret, answer))) {
            expect(file.condition).not.toBe(never);
            expect(file.condition === always || (file.condition & witness.logins) !== 0).toBe(true);
          }
          witness.see(step, answer);
        }
      }),
      { numRuns: 100 },
    );
  });

  it('let nobody use a key who does not fulfil its condition', async () => {
    await fc.assert(
      fc.asyncProperty(steps, async (sequence) => {
        const card = await guardedCard();
        const witness = new Witness();
        for (const step of sequence) {
          const used = keyUsedBy(step, witness);
          const key = used === undefined ? undefined : privateKeyIn(card.snapshot(), used);
          const answer = await take(card, step);
          if (used !== undefined && answer !== null && hasWorked(answer)) {
            expect(key !== undefined && isGranted(key.access, accessMode.key.use, witness.logins)).toBe(true);
          }
          witness.see(step, answer);
        }
      }),
      { numRuns: 100 },
    );
  });

  it('hold for every change of every file', async () => {
    await fc.assert(
      fc.asyncProperty(steps, async (sequence) => {
        const card = await guardedCard();
        const witness = new Witness();
        let [state, revision] = [card.snapshot(), card.revision];
        for (const step of sequence) {
          const answer = await take(card, step);
          // Every change raises the revision (whatever-is-sent.test.ts), and comparing takes a while.
          if (card.revision !== revision) {
            const before = state;
            [state, revision] = [card.snapshot(), card.revision];
            for (const { path, mayBe } of changes(before, state))
              expect(mayBe(witness.logins), path).toBe(true);
          }
          witness.see(step, answer);
        }
      }),
      { numRuns: 100 },
    );
  });

  it('are met at all in these tests: every audience reads its file and uses its key', async () => {
    const reached = new Set<string>();
    await fc.assert(
      fc.asyncProperty(steps, async (sequence) => {
        const card = await guardedCard();
        const witness = new Witness();
        for (const step of sequence) {
          const used = keyUsedBy(step, witness);
          const key = used === undefined ? undefined : privateKeyIn(card.snapshot(), used);
          const answer = await take(card, step);
          if (answer !== null && hasWorked(answer)) {
            const file = secretFiles.find((secret) => isShown(secret, answer));
            if (file !== undefined) reached.add(`reads ${file.condition}`);
            if (key !== undefined) reached.add(`uses ${key.access[1 + accessMode.key.use] ?? ''}`);
          }
          witness.see(step, answer);
        }
      }),
      { numRuns: 100, seed: 1 },
    );
    const possible = audiences.filter(({ name }) => name !== 'never').map(({ value }) => value);
    for (const value of possible)
      expect([...reached]).toEqual(expect.arrayContaining([`reads ${value}`, `uses ${value}`]));
  });
});

interface Change {
  readonly path: string;
  readonly mayBe: (logins: number) => boolean;
}

/** What is different, and what right it takes. Tries of PINs have rules of their own. */
function changes(before: CardState, after: CardState): Change[] {
  const then = new Map(allFiles(before));
  const now = new Map(allFiles(after));
  const parentOf = (path: string): CardFile | undefined => then.get(path.slice(0, path.lastIndexOf('/')));
  const gone = [...then].filter(([path]) => !now.has(path));
  const made = [...now].filter(([path]) => !then.has(path));
  const written = [...then].filter(([path, file]) => {
    const other = now.get(path);
    return other !== undefined && contentOf(other) !== contentOf(file);
  });
  return [
    ...gone.map(([path, file]) => ({
      path: `${path} is gone`,
      mayBe: (logins: number) => isGranted(file.access, accessMode[file.type].delete, logins),
    })),
    ...made.map(([path, file]) => ({
      path: `${path} is new`,
      mayBe: (logins: number) => mayBeMade(parentOf(path), file, logins),
    })),
    ...written.map(([path, file]) => ({
      path: `${path} is different`,
      mayBe: (logins: number) => isGranted(file.access, writingMode(file), logins),
    })),
  ];
}

function mayBeMade(parent: CardFile | undefined, file: CardFile, logins: number): boolean {
  const { createFile, createSpecialFile } = accessMode.folder;
  const mode = file.type === 'pin' || file.type === 'key' ? createSpecialFile : createFile;
  return parent !== undefined && isGranted(parent.access, mode, logins);
}

function writingMode(file: CardFile): 1 {
  switch (file.type) {
    case 'pin':
      return accessMode.pin.change;
    case 'key':
      return accessMode.key.write;
    case 'data':
      return accessMode.data.update;
    case 'folder':
      throw new Error('a folder has no content');
  }
}
