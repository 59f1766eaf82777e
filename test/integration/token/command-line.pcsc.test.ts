import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { runKilt, type KiltRun } from '#test/integration/registration/kilt-program.ts';
import { VpcdClient } from '#test/virtual-token/vpcd-client.ts';
import { DeskToken, userPin } from './token-desk.ts';
import { administratorPin, newPin } from './work-on-token.ts';

const newPinOnStdin = ['--pin-fd', '0', '--new-pin-fd', '0'];

let folder: string;
const reader = new VpcdClient();
beforeAll(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'kilt-cli-faults-'));
});
afterAll(() => rmSync(folder, { recursive: true }));
afterEach(() => reader.stop());

/** A token that goes and comes as its faults say. */
async function tokenInReader(...options: ConstructorParameters<typeof DeskToken>): Promise<DeskToken> {
  const token = new DeskToken(...options);
  const { plug } = token;
  token.faults.onPresenceChange((present) => void (present ? reader.insert(plug) : reader.eject()));
  await reader.insert(plug);
  return token;
}

const kilt = (args: readonly string[], ...lines: string[]): Promise<KiltRun> =>
  runKilt([...args, '--json'], {
    environment: { KILT_TRANSPORT: 'pcsc', KILT_USER_DATA: path.join(folder, 'data') },
    lines,
  });

function expectError(run: KiltRun, error: object): void {
  expect(run.json()).toMatchObject({ error });
  expect(run.code).toBe(1);
}

describe('the command line', () => {
  it('says that the token was pulled, and whether the new PIN holds is found out with one try', async () => {
    const token = await tokenInReader();
    token.faults.arm({ do: 'remove', when: 'after', command: 'CHANGE-PIN' });
    const change = ['change-pin', '--role', 'user', ...newPinOnStdin];
    expectError(await kilt(change, userPin, newPin), { id: 'token-removed', code: '0100010' });
    token.faults.insert();
    token.sent = [];
    const verified = await kilt(['verify', '--pin-fd', '0'], newPin);
    expect(verified.json()).toMatchObject({ verified: true, role: 'user' });
    expect(token.verifiesSent).toBe(1);
    expect(token.watched.refusedVerifies).toBe(0);
  });

  it('says how many tries the token has told of, and does not try again', async () => {
    const token = await tokenInReader();
    token.faults.arm({ do: 'answer', command: 'VERIFY', statusWord: '63C1' });
    const run = await kilt(['verify', '--pin-fd', '0'], userPin);
    expectError(run, { id: 'wrong-pin', code: '0100020', data: { role: 'user', attemptsLeft: 1 } });
    expect(token.verifiesSent).toBe(1);
  });

  it('passes the status word of a refusal on to support', async () => {
    const token = await tokenInReader({ profile: 'user-pin-blocked' });
    token.faults.arm({ do: 'answer', command: 'UNBLOCK', statusWord: '6F85' });
    const run = await kilt(['unblock', '--pin-fd', '0'], administratorPin);
    expectError(run, { id: 'token-answer-unexpected', code: '0100031', data: { statusWord: '6F85' } });
    expect(token.watched.refusedVerifies).toBe(0);
    expect(token.watched.userAttemptsLeft()).toBe(0);
  });
});
