import { expect } from 'vitest';
import { isKiltError } from '#shared/errors.ts';
import type { FormatProgress, NewTokenLayout } from '#main/token/token-session.ts';
import type { VirtualCard } from '#test/virtual-token/card.ts';
import type { CardState } from '#test/virtual-token/card-state.ts';
import type { FaultOrder } from '#test/virtual-token/fault-schemas.ts';
import { FaultyCard } from '#test/virtual-token/faults.ts';
import {
  administratorPin,
  bytesOf,
  cardFrom,
  insert,
  isUsable,
  newLayout,
  pin,
  storedFiles,
} from './virtual-token-world.ts';

/** What a format works at; the stage is done at the end of it. */
export type Stage = 'before the wipe' | FormatProgress;
export const stages: readonly Stage[] = [
  'before the wipe',
  'wiped',
  'folders',
  'administrator-pin',
  'user-pin',
  'application',
  'closed',
];

/** What is found when the token is put back. */
export const outcomes = ['untouched', 'half-formatted', 'complete'] as const;
export type Outcome = (typeof outcomes)[number];

export const cutKinds = ['removed before', 'removed after', 'torn'] as const;
export type CutKind = (typeof cutKinds)[number];

export interface Cut {
  readonly kind: CutKind;
  /** Number of the command, or of the write, counted from 1. */
  readonly nth: number;
}

export interface CutResult {
  readonly stage: Stage;
  readonly outcome: Outcome;
  /** What kept the second format from making the token whole; `null`: nothing. */
  readonly trouble: unknown;
}

const firstLayout = newLayout();
/** Different in everything, so that a leftover of the first format would be seen. */
export const secondLayout = newLayout({
  label: 'Second',
  userPinChangedBy: 'user',
  userPin: pin('second-user'),
  administratorPin: firstLayout.administratorPin,
  userMinLength: 8,
  administratorMinLength: 7,
  userAttempts: 4,
  administratorAttempts: 6,
});

const faultFor = ({ kind, nth }: Cut): FaultOrder =>
  kind === 'torn'
    ? { do: 'tear', nth }
    : { do: 'remove', nth, when: kind === 'removed before' ? 'before' : 'after' };

/** How a format is begun: some tokens are wiped for their administrator only. */
export type Login = 'nobody' | 'administrator';

interface Undisturbed {
  /** By the number of the command. */
  readonly stageOf: readonly Stage[];
  readonly writes: number;
}

/** The commands of a format that nothing disturbs. */
export async function undisturbed(initial: CardState, login: Login = 'nobody'): Promise<Undisturbed> {
  const { session, transport } = await insert(cardFrom(initial));
  if (login === 'administrator') await session.login(login, pin(administratorPin));
  const opened = transport.commands.length;
  const stageOf: Stage[] = [];
  const wipe = (): number => transport.commands.findIndex((command) => command.startsWith('808a')) - opened;
  await session.format(firstLayout, (stage) => {
    const commands = transport.commands.length - opened;
    while (stageOf.length < commands) stageOf.push(stageOf.length < wipe() ? 'before the wipe' : stage);
  });
  const written = transport.commands.slice(opened).filter((command) => /^00(d6|e0|24)/.test(command));
  return { stageOf, writes: written.length };
}

/** Cuts off a format, puts the token back, looks at it, and formats it again without any login. */
export async function cutOff(initial: CardState, cut: Cut, login: Login = 'nobody'): Promise<CutResult> {
  const memory = cardFrom(initial);
  const card = new FaultyCard(memory);
  const { session, transport } = await insert(card);
  if (login === 'administrator') await session.login(login, pin(administratorPin));
  const before = transport.commands.length;
  card.arm(faultFor(cut));
  const told: FormatProgress[] = [];
  const failure: unknown = await session
    .format(firstLayout, (done) => told.push(done))
    .catch((error: unknown) => error);
  const { stageOf } = await undisturbedOf(initial, login);
  const stage = stageOf[transport.commands.length - before - 1];
  if (stage === undefined) throw new Error('a format of more commands than usual');
  expectTold(failure, stage, told);

  card.insert();
  const outcome = await outcomeOf(card, memory, initial);
  const trouble = await finish(card, memory, outcome, login).catch((error: unknown) => error);
  return { stage, outcome, trouble: trouble ?? null };
}

async function finish(card: FaultyCard, memory: VirtualCard, outcome: Outcome, login: Login): Promise<void> {
  const { session } = await insert(card);
  if (outcome !== 'half-formatted' && login === 'administrator') {
    const { administratorPin: chosen } = firstLayout;
    await session.login(login, outcome === 'complete' ? chosen : pin(administratorPin));
  }
  await session.format(secondLayout);
  await expectWhole(card, memory, secondLayout);
}

const known = new WeakMap<CardState, Promise<Undisturbed>>();
const undisturbedOf = (initial: CardState, login: Login): Promise<Undisturbed> => {
  const found = known.get(initial) ?? undisturbed(initial, login);
  known.set(initial, found);
  return found;
};

/** After the wipe the user is told that formatting was interrupted, how far it came, and by what. */
function expectTold(failure: unknown, stage: Stage, told: readonly FormatProgress[]): void {
  if (stage === 'before the wipe' || stage === 'wiped') {
    expect(failure).toMatchObject({ id: 'token-removed' });
    return;
  }
  expect(failure).toMatchObject({
    id: 'format-interrupted',
    data: { stage: told.at(-1), cause: 'token-removed' },
  });
  expect(isKiltError(failure) && isKiltError(failure.cause, 'token-removed')).toBe(true);
}

async function outcomeOf(card: FaultyCard, memory: VirtualCard, initial: CardState): Promise<Outcome> {
  const { session } = await insert(card);
  const { layout } = await session.info();
  if (JSON.stringify(memory.snapshot()) === JSON.stringify(initial)) return 'untouched';
  if (layout === 'half-formatted') {
    expect(await session.hasPkcs15()).toBe(false);
    return 'half-formatted';
  }
  expect(layout).toBe('complete');
  await expectWhole(card, memory, firstLayout);
  return 'complete';
}

/** Name and policy are as chosen, both PINs work, and the token makes a key and signs. */
async function expectWhole(card: FaultyCard, memory: VirtualCard, wanted: NewTokenLayout): Promise<void> {
  const { session } = await insert(card);
  expect(await session.info()).toMatchObject({ label: wanted.label, layout: 'complete' });
  expect(memory.snapshot().phase).toBe('operational');
  const pins = storedFiles(memory.snapshot()).flatMap(({ file }) => (file.type === 'pin' ? [file] : []));
  expect(
    pins.map(({ id, minLength, maxAttempts, attemptsLeft }) => [id, minLength, maxAttempts, attemptsLeft]),
  ).toEqual([
    [1, wanted.administratorMinLength, wanted.administratorAttempts, wanted.administratorAttempts],
    [2, wanted.userMinLength, wanted.userAttempts, wanted.userAttempts],
  ]);
  expect(pins.map(({ access }) => bytesOf(access).slice(0, 16))).toEqual([
    '43ff0100000000ff',
    `4301${policyByte[wanted.userPinChangedBy]}00000000ff`,
  ]);
  await session.login('administrator', wanted.administratorPin);
  await isUsable(card, wanted);
}

const policyByte = { administrator: '01', user: '02', both: '03' } as const;

/** Results counted, one line for each stage that was cut off. */
export function matrixTable(title: string, results: readonly CutResult[]): string {
  const line = (cells: readonly (string | number)[]): string =>
    cells.map((cell, i) => (i === 0 ? String(cell).padEnd(18) : String(cell).padStart(15))).join('');
  const rows = stages.map((stage) => {
    const here = results.filter((result) => result.stage === stage);
    return line([
      stage,
      here.length,
      ...outcomes.map((outcome) => here.filter((result) => result.outcome === outcome).length),
      here.filter(({ trouble }) => trouble === null).length,
    ]);
  });
  return ['', title, line(['cut off during', 'cuts', ...outcomes, 'whole again']), ...rows, ''].join('\n');
}
