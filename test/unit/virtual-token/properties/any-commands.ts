import { generateKeyPairSync } from 'node:crypto';

import fc from 'fast-check';
import { z } from 'zod';

import { fromHex, toHex } from '#shared/bytes.ts';
import { type CardRuntime, VirtualCard } from '#test/virtual-token/card.ts';
import type { EmulatedCard } from '#test/virtual-token/emulated-card.ts';
import { profileNames, type VirtualCardOptions } from '#test/virtual-token/profiles.ts';
import { keyFileValues } from '#test/virtual-token/rsa-key.ts';
import { unverifiedBehaviour } from '#test/virtual-token/unverified.ts';

import {
  chain,
  createFile,
  createGostPair,
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
  writeValue,
} from '../dialogue.ts';

const key = generateKeyPairSync('rsa', { modulusLength: 1024 }).privateKey;
const { privateValue } = keyFileValues(key);
/** RSA keys are not what these tests wait for. */
export const runtime: CardRuntime = { rsaKeySource: async () => key };

/** What happens to a card: a command, or power. */
export type Step = Uint8Array | 'power-off' | 'reset';

/** References of the key pairs that the commands below speak of. */
export const rsaReference = 1;
export const gostReference = 2;

/** Instructions and classes of the token, so that random commands reach its handlers. */
const knownInstructions = [
  0x20, 0x22, 0x24, 0x2a, 0x2c, 0x40, 0x46, 0x84, 0x8a, 0xa4, 0xb0, 0xc0, 0xca, 0xd6, 0xe0, 0xe4,
];
const knownParameters = [0x00, 0x01, 0x02, 0x03, 0x08, 0x41, 0x80, 0x86, 0x9a, 0x9e, 0xb6, 0xb8];

const rsaBlock = new Uint8Array(128).fill(1);
const hash = '01'.repeat(32);

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
  selectPrivateKey(rsaReference),
  selectPublicKey(rsaReference),
  selectPrivateKey(gostReference),
  selectPublicKey(gostReference),
  createFile('38', 0x3f00, 0, '47 02 02 01 00 00 00 FF'),
  createFile('38', 0x5000, 5000, '43 00 00 00 00 00 00 02'),
  createFile('01', 0x0300, 16, '43 02 02 00 00 00 00 02'),
  createFile('01', 0x0301, 16, '43 00 01 00 00 00 00 01'),
  createSpecial(1, 8, '01 08 01 AA 00 00', '43 FF 01 00 00 00 00 FF'),
  createSpecial(2, 8, '01 04 01 55 00 00', '43 01 03 00 00 00 00 FF'),
  ...createRsaPair(rsaReference, 1024),
  ...createGostPair(gostReference),
  generate(rsaReference),
  generate(gostReference),
  signWith(rsaReference),
  signWith(gostReference),
  decipherWith(rsaReference),
  ...chain('00 2A 9E 9A', rsaBlock),
  ...chain('00 2A 80 86', rsaBlock),
  `00 2A 9E 9A 20 ${hash} 00`,
  ...writeValue(privateValue),
  ...writeValue(new Uint8Array(32).fill(3)),
  '00 CA 01 81 00',
  '00 CA 01 89 08',
  '00 84 00 00 08',
  '00 B0 00 00 08',
  '00 D6 00 00 04 01 02 03 04',
  '00 E4 00 00',
  '00 E4 00 00 02 03 00',
  '00 C0 00 00 00',
].map(fromHex);

const formats = ['80 8A 00 00', '80 84 4E 19'].map(fromHex);

/** Commands that only do something together. */
const together = [
  [selectPrivateKey(rsaReference), signWith(rsaReference), ...chain('00 2A 9E 9A', rsaBlock)],
  [selectPrivateKey(rsaReference), decipherWith(rsaReference), ...chain('00 2A 80 86', rsaBlock)],
  [selectPrivateKey(gostReference), signWith(gostReference), `00 2A 9E 9A 20 ${hash} 00`],
  [selectPrivateKey(rsaReference), ...writeValue(privateValue)],
  [selectPath(0x5000, 0x0300), '00 B0 00 00 08'],
  [selectPath(0x5000, 0x0300), '00 D6 00 00 04 0A 0B 0C 0D'],
  [selectPath(0x5000, 0x0301), '00 D6 00 00 04 0A 0B 0C 0D'],
  [selectPrivateKey(rsaReference), '00 E4 00 00'],
  [verify(2, 'wrong-pin'), loginAdministrator, setPin(2, '12345678')],
].map((commands) => commands.map(fromHex));

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

/** Commands that neither erase the card nor end its formatting. */
export const withoutFormat = fc.oneof(
  { weight: 8, arbitrary: fc.constantFrom(...meaningful) },
  { weight: 2, arbitrary: bent.filter((command) => command[0] !== 0x80) },
  { weight: 1, arbitrary: structured.filter((command) => command[0] !== 0x80) },
);

/** Valid, bent and random commands, formatting among them. */
export const anything = fc.oneof(
  { weight: 8, arbitrary: fc.constantFrom(...meaningful, ...formats) },
  { weight: 2, arbitrary: bent },
  { weight: 1, arbitrary: structured },
  { weight: 1, arbitrary: fc.uint8Array({ maxLength: 300 }) },
);

/** @param sequences commands that belong together, beside those that everybody uses */
export const stepsOf = (
  commands: fc.Arbitrary<Uint8Array>,
  { maxLength = 60, sequences = [] }: { maxLength?: number; sequences?: readonly Uint8Array[][] } = {},
): fc.Arbitrary<Step[]> =>
  fc
    .array(
      fc.oneof(
        { weight: 20, arbitrary: commands.map((command): Step[] => [command]) },
        { weight: 6, arbitrary: fc.constantFrom<Step[]>(...together) },
        ...(sequences.length === 0 ? [] : [{ weight: 20, arbitrary: fc.constantFrom<Step[]>(...sequences) }]),
        { weight: 1, arbitrary: fc.constantFrom<Step[]>(['power-off'], ['reset']) },
      ),
      // Without a size most sequences would be too short for anything to happen.
      { maxLength, size: 'max' },
    )
    .map((groups) => groups.flat());

/** Any setting of `unverified.ts` that is a choice, each at any of its values or left at its default. */
const anyBehaviour = fc.record(
  Object.fromEntries(
    Object.entries(unverifiedBehaviour.shape).flatMap(([name, setting]) => {
      const inner: unknown = setting.def.innerType;
      if (inner instanceof z.ZodBoolean) return [[name, fc.boolean()]];
      return inner instanceof z.ZodEnum ? [[name, fc.constantFrom<unknown>(...inner.options)]] : [];
    }),
  ),
  { requiredKeys: [] },
);

/** Cards of every plain profile, with few tries, behaving in any way that is not known for certain. */
export const anyCard: fc.Arbitrary<VirtualCardOptions> = fc
  .record({
    profile: fc.constantFrom(...profileNames),
    attempts: fc.integer({ min: 1, max: 4 }),
    unverified: anyBehaviour,
  })
  .map(({ unverified, ...options }) => ({ ...options, unverified: unverifiedBehaviour.parse(unverified) }));

export function poweredCard(options: VirtualCardOptions): VirtualCard {
  const card = VirtualCard.create(options, runtime);
  card.powerOn();
  return card;
}

/** Gives the answer, or `null` for a change of power. */
export async function take(card: EmulatedCard, step: Step): Promise<Uint8Array | null> {
  if (step instanceof Uint8Array) return await card.transmit(step);
  if (step === 'power-off') {
    card.powerOff();
    card.powerOn();
  } else card.reset();
  return null;
}

/** Its last two bytes, in small hexadecimal; empty for a change of power. */
export const statusWordOf = (answer: Uint8Array | null): string =>
  answer === null ? '' : toHex(answer.slice(-2));

export function triesLeft(card: VirtualCard, reference: number): number | undefined {
  const file = card.snapshot().root?.children.find(({ id }) => id === reference);
  return file?.type === 'pin' ? file.attemptsLeft : undefined;
}
