import { generateKeyPairSync } from 'node:crypto';

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { fromHex, toHex } from '#shared/bytes.ts';
import { accessMode, isGranted, pinReference } from '#test/virtual-token/access.ts';
import { VirtualCard } from '#test/virtual-token/card.ts';
import { type CardState, readState } from '#test/virtual-token/card-state.ts';
import type { CardFile, FileSystem } from '#test/virtual-token/file-system.ts';
import { profileNames } from '#test/virtual-token/profiles.ts';
import { unverifiedBehaviour } from '#test/virtual-token/unverified.ts';

import {
  chain,
  createFile,
  createRsaPair,
  createSpecial,
  decipherWith,
  generate,
  loginAdministrator,
  loginUser,
  logout,
  selectMasterFile,
  selectPath,
  selectPrivateKey,
  selectPublicKey,
  setPin,
  signWith,
  triesOf,
  verify,
} from './dialogue.ts';

const key = generateKeyPairSync('rsa', { modulusLength: 1024 }).privateKey;
const runtime = { rsaKeySource: async () => key };

/** Instructions and classes of the token, so that random commands reach its handlers. */
const knownInstructions = [
  0x20, 0x22, 0x24, 0x2a, 0x2c, 0x40, 0x46, 0x84, 0x8a, 0xa4, 0xb0, 0xc0, 0xca, 0xd6, 0xe0, 0xe4,
];
const knownParameters = [0x00, 0x01, 0x02, 0x03, 0x08, 0x41, 0x80, 0x86, 0x9a, 0x9e, 0xb6, 0xb8];

/** Commands as clients send them, in any order. */
const meaningful = [
  loginUser,
  loginAdministrator,
  logout,
  triesOf(1),
  triesOf(2),
  verify(1, 'wrong-pin'),
  verify(2, 'wrong-pin'),
  setPin(1, '87654321'),
  setPin(2, '12345678'),
  setPin(0, '12345678'),
  '00 2C 03 01',
  '00 2C 03 02',
  selectMasterFile,
  '00 A4 00 00 00',
  '00 A4 03 00 00',
  '00 A4 00 02 02 10 00 00',
  selectPath(0x0001),
  selectPath(0x0002),
  selectPath(0x5000),
  selectPath(0x5000, 0x0300),
  selectPath(0x5000, 0x0301),
  selectPrivateKey(1),
  selectPublicKey(1),
  createFile('38', 0x3f00, 0, '47 02 02 01 00 00 00 FF'),
  createFile('38', 0x5000, 5000, '43 00 00 00 00 00 00 02'),
  createFile('01', 0x0300, 16, '43 02 02 00 00 00 00 02'),
  createFile('01', 0x0301, 16, '43 00 01 00 00 00 00 01'),
  createSpecial(1, 8, '01 08 01 AA 00 00', '43 FF 01 00 00 00 00 FF'),
  createSpecial(2, 8, '01 04 01 55 00 00', '43 01 03 00 00 00 00 FF'),
  ...createRsaPair(1, 1024),
  generate(1),
  signWith(1),
  decipherWith(1),
  ...chain('00 2A 9E 9A', new Uint8Array(128).fill(1)),
  ...chain('00 2A 80 86', new Uint8Array(128).fill(1)),
  '00 B0 00 00 08',
  '00 D6 00 00 04 01 02 03 04',
  '00 E4 00 00',
  '00 E4 00 00 02 03 00',
  '00 C0 00 00 00',
].map(fromHex);

const formats = ['80 8A 00 00', '80 84 4E 19'].map(fromHex);

const structured = fc
  .tuple(
    fc.constantFrom(0x00, 0x10, 0x80),
    fc.constantFrom(...knownInstructions),
    fc.oneof(fc.constantFrom(...knownParameters), fc.nat(255)),
    fc.oneof(fc.constantFrom(...knownParameters), fc.nat(255)),
    fc.uint8Array({ maxLength: 40 }),
    fc.boolean(),
  )
  .map(([cla, ins, p1, p2, data, le]) =>
    Uint8Array.of(cla, ins, p1, p2, ...(data.length > 0 ? [data.length, ...data] : []), ...(le ? [0] : [])),
  );

/** A meaningful command with one byte changed. */
const bent = fc
  .tuple(fc.constantFrom(...meaningful), fc.nat(300), fc.nat(255))
  .map(([command, at, value]) => command.with(at % command.length, value));

const withoutFormat = fc.oneof(
  { weight: 8, arbitrary: fc.constantFrom(...meaningful) },
  { weight: 2, arbitrary: bent.filter((command) => command[0] !== 0x80) },
  { weight: 1, arbitrary: structured.filter((command) => command[0] !== 0x80) },
);
const anything = fc.oneof(
  { weight: 8, arbitrary: fc.constantFrom(...meaningful, ...formats) },
  { weight: 2, arbitrary: bent },
  { weight: 1, arbitrary: structured },
  { weight: 1, arbitrary: fc.uint8Array({ maxLength: 300 }) },
);

/** What happens to a card: a command, or power. */
type Step = Uint8Array | 'power-off' | 'reset';
/** Commands that only do something together. */
const together = [
  [selectPrivateKey(1), signWith(1), ...chain('00 2A 9E 9A', new Uint8Array(128).fill(1))],
  [selectPrivateKey(1), decipherWith(1), ...chain('00 2A 80 86', new Uint8Array(128).fill(1))],
  [selectPath(0x5000, 0x0300), '00 B0 00 00 08'],
  [selectPath(0x5000, 0x0300), '00 D6 00 00 04 0A 0B 0C 0D'],
  [selectPath(0x5000, 0x0301), '00 D6 00 00 04 0A 0B 0C 0D'],
  [selectPrivateKey(1), '00 E4 00 00'],
].map((commands) => commands.map(fromHex));

const stepsOf = (commands: fc.Arbitrary<Uint8Array>, maxLength = 60): fc.Arbitrary<Step[]> =>
  fc
    .array(
      fc.oneof(
        { weight: 20, arbitrary: commands.map((command): Step[] => [command]) },
        { weight: 6, arbitrary: fc.constantFrom<Step[]>(...together) },
        { weight: 1, arbitrary: fc.constantFrom<Step[]>(['power-off'], ['reset']) },
      ),
      { maxLength },
    )
    .map((groups) => groups.flat());

/** Makes a file for the user and a key on a card with the vendor's PINs; the user is logged in after it. */
const SECRET_START = 'for the';
const preparation = [
  loginUser,
  createFile('38', 0x5000, 5000, '43 00 00 00 00 00 00 02'),
  selectPath(0x5000),
  createFile('01', 0x0300, 16, '43 02 02 00 00 00 00 FF'),
  selectPath(0x5000, 0x0300),
  `00 D6 00 00 0C ${toHex(new TextEncoder().encode(`${SECRET_START} user`))}`,
  ...createRsaPair(1, 1024),
  generate(1),
].map(fromHex);

async function preparedCard(): Promise<VirtualCard> {
  const card = newCard({ profile: 'default-pins' });
  for (const command of preparation) expect(statusWordOf(await card.transmit(command))).toBe('9000');
  return card;
}

const cards = fc.record({
  profile: fc.constantFrom(...profileNames),
  attempts: fc.integer({ min: 1, max: 4 }),
  unverified: fc.record(
    {
      createSelects: fc.constantFrom('keeps-folder', 'new-file'),
      keyMustBeSelected: fc.boolean(),
      answerWithoutLe: fc.constantFrom('61xx', 'direct'),
      fcpTagOrder: fc.constantFrom('fixed', 'any'),
      deleteOfFullFolder: fc.constantFrom('refused', 'deletes-all'),
    },
    { requiredKeys: [] },
  ),
});

const newCard = (options: {
  profile: (typeof profileNames)[number];
  attempts?: number;
  unverified?: unknown;
}) => {
  const unverified = unverifiedBehaviour.parse(options.unverified ?? {});
  const card = VirtualCard.create({ ...options, unverified }, runtime);
  card.powerOn();
  return card;
};

/** Gives the answer, or `null` for a change of power. */
async function take(card: VirtualCard, step: Step): Promise<Uint8Array | null> {
  if (step instanceof Uint8Array) return await card.transmit(step);
  if (step === 'power-off') card.powerOff();
  card.powerOn();
  return null;
}

const statusWordOf = (answer: Uint8Array): string => toHex(answer.slice(-2));
const filesOf = (card: VirtualCard): FileSystem => readState(card.snapshot()).files;
const triesLeft = (card: VirtualCard, reference: number): number | undefined => {
  const file = card.snapshot().root?.children.find(({ id }) => id === reference);
  return file?.type === 'pin' ? file.attemptsLeft : undefined;
};

describe('whatever is sent to it', () => {
  it('the card answers with at least a status word and at most 258 bytes', async () => {
    await fc.assert(
      fc.asyncProperty(cards, stepsOf(anything), async (options, steps) => {
        const card = newCard(options);
        for (const step of steps) {
          const answer = await take(card, step);
          if (answer === null) continue;
          expect(answer.length).toBeGreaterThanOrEqual(2);
          expect(answer.length).toBeLessThanOrEqual(258);
          // Only warnings and successes carry data.
          if (answer.length > 2) expect(statusWordOf(answer)).toMatch(/^(9000|61..|6282)$/);
        }
      }),
      { numRuns: 300 },
    );
  });

  it('its state, written down and read again, is the same state', async () => {
    await fc.assert(
      fc.asyncProperty(cards, stepsOf(anything), async (options, steps) => {
        const card = newCard(options);
        for (const step of steps) await take(card, step);
        const state = card.snapshot();
        const stored = JSON.parse(JSON.stringify(state)) as unknown;
        expect(VirtualCard.restore(stored).snapshot()).toEqual(state);
      }),
      { numRuns: 100 },
    );
  });

  it('after kill and restart it goes on as if only power had been lost', async () => {
    await fc.assert(
      fc.asyncProperty(cards, stepsOf(anything), stepsOf(anything, 15), async (options, before, after) => {
        const card = newCard(options);
        for (const step of before) await take(card, step);
        const twin = VirtualCard.restore(card.snapshot(), runtime);
        card.powerOff();
        card.powerOn();
        twin.powerOn();
        const isRandom = (step: Step): boolean => step instanceof Uint8Array && step[1] === 0x84;
        for (const step of after.filter((step) => !isRandom(step)))
          expect(await take(twin, step)).toEqual(await take(card, step));
        expect(twin.snapshot()).toEqual(card.snapshot());
      }),
      { numRuns: 100 },
    );
  });

  it('the revision rises with every change of the state', async () => {
    await fc.assert(
      fc.asyncProperty(stepsOf(anything), async (steps) => {
        const card = await preparedCard();
        for (const step of steps) {
          const [state, revision] = [JSON.stringify(card.snapshot()), card.revision];
          await take(card, step);
          if (JSON.stringify(card.snapshot()) !== state) expect(card.revision).toBeGreaterThan(revision);
        }
      }),
      { numRuns: 100 },
    );
  });
});

describe('tries', () => {
  const references = [pinReference.administrator, pinReference.user] as const;

  it('rise by the right PIN, by unblocking and by formatting only', async () => {
    await fc.assert(
      fc.asyncProperty(cards, stepsOf(anything), async (options, steps) => {
        const card = newCard(options);
        for (const step of steps) {
          const before = references.map((reference) => triesLeft(card, reference));
          const answer = await take(card, step);
          references.forEach((reference, i) => {
            const [was, now] = [before[i], triesLeft(card, reference)];
            if (was === undefined || now === undefined || now <= was) return;
            expect(answer === null ? 'power' : statusWordOf(answer)).toBe('9000');
            const [, ins, , p2] = step as Uint8Array;
            expect([0x20, 0x2c]).toContain(ins);
            expect(p2).toBe(reference);
          });
        }
      }),
      { numRuns: 200 },
    );
  });

  it('once gone let nobody in before somebody with the right unblocks', async () => {
    await fc.assert(
      fc.asyncProperty(stepsOf(withoutFormat, 80), async (steps) => {
        const card = newCard({ profile: 'user-pin-blocked' });
        let administrator = false;
        for (const step of steps) {
          const answer = await take(card, step);
          const sw = answer === null ? '' : statusWordOf(answer);
          if (
            step instanceof Uint8Array &&
            sw === '9000' &&
            toHex(step) === toHex(fromHex(loginAdministrator))
          )
            administrator = true;
          if ((triesLeft(card, pinReference.user) ?? 0) > 0) {
            expect(administrator).toBe(true);
            return;
          }
          if (step instanceof Uint8Array && step[1] === 0x20 && step[3] === 2 && step.length > 5)
            expect(sw).not.toBe('9000');
        }
      }),
      { numRuns: 200 },
    );
  });

  it('of a blocked administrator PIN never come back', async () => {
    await fc.assert(
      fc.asyncProperty(stepsOf(withoutFormat, 80), async (steps) => {
        const card = newCard({ profile: 'administrator-pin-blocked' });
        for (const step of steps) await take(card, step);
        expect(triesLeft(card, pinReference.administrator)).toBe(0);
      }),
      { numRuns: 100 },
    );
  });
});

describe('access rules', () => {
  /** Follows logins from outside, by what the card answered. */
  class Witness {
    logins = 0;

    see(step: Step, answer: Uint8Array | null): void {
      if (!(step instanceof Uint8Array) || answer === null) {
        this.logins = 0;
        return;
      }
      if (statusWordOf(answer) !== '9000') return;
      const [cla, ins, , p2 = 0] = step;
      if (cla === 0x80) this.logins = ins === 0x40 || ins === 0x8a ? 0 : this.logins;
      if (cla === 0x00 && ins === 0x20 && step.length > 5) this.logins |= p2;
    }
  }

  const secretContent = (card: VirtualCard): string => {
    const file = filesOf(card).find([0x5000, 0x0300]);
    return file === undefined ? 'gone' : contentOf(file);
  };

  it('without the user’s login show no byte of his file and never use his key', async () => {
    const notUser = withoutFormat.filter((command) => !(command[1] === 0x20 && command[3] === 2));
    await fc.assert(
      fc.asyncProperty(stepsOf(notUser, 80), async (steps) => {
        const card = await preparedCard();
        await card.transmit(fromHex(logout));
        const before = secretContent(card);
        for (const step of steps) {
          const answer = await take(card, step);
          if (answer === null || !(step instanceof Uint8Array)) continue;
          expect(Buffer.from(answer).includes(SECRET_START)).toBe(false);
          const usesKey = step[0] === 0 && (step[1] === 0x2a || step[1] === 0x46);
          if (usesKey) expect(statusWordOf(answer)).not.toBe('9000');
        }
        expect(secretContent(card)).toBe(before);
      }),
      { numRuns: 150 },
    );
  });

  it('hold for every change of every file', async () => {
    await fc.assert(
      fc.asyncProperty(stepsOf(withoutFormat, 80), async (steps) => {
        const card = await preparedCard();
        const witness = new Witness();
        witness.logins = pinReference.user;
        for (const step of steps) {
          const before = card.snapshot();
          const answer = await take(card, step);
          for (const { file, change } of changedFiles(before, card.snapshot()))
            expect(mayChange(file, change, witness.logins), `${change} ${file.type} ${file.id}`).toBe(true);
          witness.see(step, answer);
        }
      }),
      { numRuns: 150 },
    );
  });

  type Change = 'content' | 'deleted';

  /** Files that were there before and are different, or gone, now. Tries of PINs have their own rules. */
  function changedFiles(before: CardState, after: CardState): { file: CardFile; change: Change }[] {
    const now = new Map(allFiles(after));
    return allFiles(before).flatMap(([path, file]): { file: CardFile; change: Change }[] => {
      const other = now.get(path);
      if (other === undefined) return [{ file, change: 'deleted' }];
      return contentOf(other) === contentOf(file) ? [] : [{ file, change: 'content' }];
    });
  }

  const contentOf = (file: CardFile): string =>
    file.type === 'folder'
      ? ''
      : toHex((file.type === 'data' ? file.content : file.value) ?? new Uint8Array());

  function allFiles(state: CardState): [string, CardFile][] {
    const { files } = readState(state);
    const walk = (file: CardFile, path: string): [string, CardFile][] => [
      [path, file],
      ...(file.type === 'folder' ? file.children.flatMap((child) => walk(child, `${path}/${child.id}`)) : []),
    ];
    return files.root === null ? [] : walk(files.root, '');
  }

  function mayChange(file: CardFile, change: Change, logins: number): boolean {
    if (change === 'deleted') return isGranted(file.access, accessMode.folder.delete, logins);
    return isGranted(file.access, accessMode.data.update, logins);
  }
});
