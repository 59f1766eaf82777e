import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { secretFromText } from '#shared/bytes.ts';
import type { CommandName } from '#test/virtual-token/apdu-names.ts';
import { TokenDesk, userPin, type DeskToken } from './token-desk.ts';
import { administratorPin, expectFilled, fill } from './work-on-token.ts';

const run = promisify(execFile);
const soPin = ['--so-pin', administratorPin] as const;

/** What it takes to format a token with OpenSC, one program after the other. */
const programs = [
  ['--erase-card'],
  ['--create-pkcs15', '--label', 'Bank', ...soPin, '--so-puk', ''],
  [
    '--store-pin',
    '--label',
    'User PIN',
    '--auth-id',
    '02',
    '--pin',
    userPin,
    '--puk',
    '',
    ...soPin,
    '--finalize',
  ],
] as const;
const erase = 0;
const createApplication = 1;
const storeUserPin = 2;

interface Cut {
  readonly program: number;
  readonly when: 'before' | 'after';
  readonly command: CommandName;
  readonly nth: number;
}

const cuts: readonly Cut[] = [
  { program: erase, when: 'after', command: 'ERASE', nth: 1 },
  { program: createApplication, when: 'after', command: 'CREATE', nth: 1 },
  { program: createApplication, when: 'before', command: 'CREATE', nth: 9 },
  { program: createApplication, when: 'after', command: 'CREATE', nth: 17 },
  { program: createApplication, when: 'after', command: 'CHANGE-PIN', nth: 1 },
  { program: createApplication, when: 'after', command: 'UPDATE', nth: 3 },
  { program: createApplication, when: 'after', command: 'UPDATE', nth: 5 },
  { program: storeUserPin, when: 'before', command: 'CREATE', nth: 1 },
  { program: storeUserPin, when: 'after', command: 'CREATE', nth: 1 },
  { program: storeUserPin, when: 'after', command: 'CHANGE-PIN', nth: 1 },
  { program: storeUserPin, when: 'before', command: 'UPDATE', nth: 1 },
];

let desk: TokenDesk;
beforeAll(async () => {
  desk = await TokenDesk.open();
});
afterAll(() => desk.close());
afterEach(() => desk.clear());

/** Runs OpenSC's programs until one fails, because the token was pulled. */
async function formatWithOpensc(token: DeskToken, { program, when, command, nth }: Cut): Promise<void> {
  for (const [at, args] of programs.slice(0, program + 1).entries()) {
    if (at === program) token.faults.arm({ do: 'remove', when, command, nth });
    await run('pkcs15-init', [...args], { timeout: 30_000 }).catch((error: unknown) => {
      if (at !== program) throw error;
    });
  }
  await desk.putBack(token);
}

describe('a token that is pulled while OpenSC formats it', () => {
  it.each(cuts)('$when $command $nth is half-formatted for Kilt, which makes it whole', async (cut) => {
    // OpenSC knows this answer to reset without being told.
    const token = await desk.withToken({ atr: 'rutoken' });
    await formatWithOpensc(token, cut);
    expect(desk.known(token)).toMatchObject({
      state: 'ready',
      info: { serial: token.serial, layout: 'half-formatted' },
    });
    await desk.session(token, (session) =>
      session.format({
        label: 'Branch 7',
        userPinChangedBy: 'both',
        userPin: secretFromText(userPin),
        administratorPin: secretFromText(administratorPin),
        userMinLength: 6,
        administratorMinLength: 6,
        userAttempts: 10,
        administratorAttempts: 10,
      }),
    );
    await desk.asUser(token, fill);
    await expectFilled(desk, token);
  });

  it('after its user PIN was listed has nothing missing, and is whole', async () => {
    const token = await desk.withToken({ atr: 'rutoken' });
    await formatWithOpensc(token, { program: storeUserPin, when: 'before', command: 'END-INIT', nth: 1 });
    expect(desk.known(token)?.info).toMatchObject({ layout: 'complete', label: 'Bank' });
    await desk.asUser(token, fill);
  });
});
