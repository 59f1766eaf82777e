import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { secretFromText } from '#shared/bytes.ts';
import type { FormatProgress, NewTokenLayout } from '#main/token/token-session.ts';
import type { CommandName } from '#test/virtual-token/apdu-names.ts';
import type { FaultOrder } from '#test/virtual-token/fault-schemas.ts';
import type { VirtualCardOptions } from '#test/virtual-token/profiles.ts';
import { matrixTable, type CutResult, type Outcome, type Stage } from '#test/unit/token/format-matrix.ts';
import { TokenDesk, userPin, type DeskToken } from './token-desk.ts';
import { expectFilled, fill } from './work-on-token.ts';

// The whole matrix, every command and every starting state, is gone through in test/unit/token/format-interruption;
// here it is a real PC/SC service from which the token goes, at the first and the last command of each stage.

/** Tries as the factory has them, by which the helpers here see that none was lost. */
const layout = (): NewTokenLayout => ({
  label: 'Branch 7',
  userPinChangedBy: 'both',
  userPin: secretFromText(userPin),
  administratorPin: secretFromText('87654321'),
  userMinLength: 6,
  administratorMinLength: 6,
  userAttempts: 10,
  administratorAttempts: 10,
});

interface Place {
  readonly stage: Stage;
  readonly command: CommandName;
  /** Counted from the format's first command of this name. */
  readonly nth: number;
}

/** First and last command of each stage. */
const places: readonly Place[] = [
  { stage: 'wiped', command: 'ERASE', nth: 1 },
  { stage: 'folders', command: 'CREATE', nth: 1 },
  { stage: 'folders', command: 'UPDATE', nth: 1 },
  { stage: 'administrator-pin', command: 'CREATE', nth: 21 },
  { stage: 'administrator-pin', command: 'CHANGE-PIN', nth: 1 },
  { stage: 'user-pin', command: 'CREATE', nth: 22 },
  { stage: 'user-pin', command: 'CHANGE-PIN', nth: 2 },
  { stage: 'application', command: 'VERIFY', nth: 1 },
  { stage: 'application', command: 'UPDATE', nth: 5 },
  { stage: 'closed', command: 'END-INIT', nth: 1 },
  { stage: 'closed', command: 'UPDATE', nth: 6 },
];

const cuts = {
  'before the command': ({ command, nth }: Place): FaultOrder => ({
    do: 'remove',
    when: 'before',
    command,
    nth,
  }),
  'after the command': ({ command, nth }: Place): FaultOrder => ({
    do: 'remove',
    when: 'after',
    command,
    nth,
  }),
} as const;

const results: CutResult[] = [];
let desk: TokenDesk;

beforeAll(async () => {
  desk = await TokenDesk.open();
});
afterAll(async () => {
  await desk.close();
  process.stdout.write(matrixTable('Formatting cut off through PC/SC', results));
});
afterEach(() => desk.clear());

/** Formats until the fault strikes; gives what the user is told, and the stages that were done. */
async function formatUntilCut(
  token: DeskToken,
  fault: FaultOrder,
): Promise<{ failure: unknown; done: FormatProgress[] }> {
  const done: FormatProgress[] = [];
  token.faults.arm(fault);
  const failure: unknown = await desk
    .session(token, (session) => session.format(layout(), (stage) => done.push(stage)))
    .catch((error: unknown) => error);
  return { failure, done };
}

async function cutOff(
  place: Place,
  fault: FaultOrder,
  options: Partial<VirtualCardOptions>,
  slot: number,
): Promise<void> {
  const token = await desk.withToken(options, slot);
  const initial = desk.known(token)?.info?.layout;
  const { failure, done } = await formatUntilCut(token, fault);
  expect(failure).toMatchObject(
    place.stage === 'wiped'
      ? { id: 'token-removed' }
      : { id: 'format-interrupted', data: { stage: done.at(-1), cause: 'token-removed' } },
  );
  await desk.putBack(token);
  const after = desk.known(token)?.info?.layout;
  const outcome: Outcome = after === 'half-formatted' ? after : after === initial ? 'untouched' : 'complete';
  await desk.session(token, (session) => session.format(layout()));
  expect(desk.known(token)?.info).toMatchObject({ label: 'Branch 7', layout: 'complete' });
  await desk.asUser(token, fill);
  await expectFilled(desk, token);
  results.push({ stage: place.stage, outcome, trouble: null });
}

const outcomesAt = (stage: Stage): readonly Outcome[] =>
  results.filter((result) => result.stage === stage).map(({ outcome }) => outcome);

describe('a token that is pulled while it is formatted', () => {
  it.each(places)(
    'at $command $nth ($stage) is shown as half-formatted, and the same call makes it whole',
    async (place) => {
      await Promise.all(
        Object.values(cuts).map((cut, slot) =>
          cutOff(place, cut(place), { atr: slot === 0 ? 'kaztoken' : 'rutoken' }, slot),
        ),
      );
    },
  );

  it('is never taken for anything else, but for before the first and after the last command', () => {
    expect([...outcomesAt('wiped')].sort()).toEqual(['half-formatted', 'untouched']);
    expect(outcomesAt('closed').filter((outcome) => outcome === 'complete')).toHaveLength(1);
    for (const stage of ['folders', 'administrator-pin', 'user-pin', 'application'] as const) {
      expect(new Set(outcomesAt(stage))).toEqual(new Set(['half-formatted']));
    }
  });
});

describe('a token whose power fails in the middle of a write of the format', () => {
  it.each(['CREATE', 'CHANGE-PIN', 'UPDATE'] as const)('(%s) is made whole', async (command) => {
    const token = await desk.withToken({ profile: 'formatted' });
    const { failure } = await formatUntilCut(token, { do: 'tear', command, nth: 2 });
    expect(failure).toMatchObject({ id: 'format-interrupted' });
    await desk.putBack(token);
    expect(desk.known(token)?.info?.layout).toBe('half-formatted');
    await desk.session(token, (session) => session.format(layout()));
    await desk.asUser(token, fill);
    await expectFilled(desk, token);
  });
});

describe('a token whose administrator PIN is blocked', () => {
  it('is formatted without it, and has both PINs again', async () => {
    const token = await desk.withToken({ profile: 'administrator-pin-blocked' });
    expect(desk.known(token)?.info?.administratorPin.blocked).toBe(true);
    await desk.session(token, (session) => session.format(layout()));
    expect(desk.known(token)?.info?.administratorPin).toMatchObject({ blocked: false, attemptsLeft: 10 });
    await desk.asUser(token, fill);
    await expectFilled(desk, token);
  });
});
