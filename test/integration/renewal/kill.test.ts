import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { renewalSteps, type KeySetView } from '#shared/renewal-views.ts';
import type { RunningBank } from '#test/bank/start-bank.ts';
import { freePort } from '#test/support/free-port.ts';
import { registerNewCard, registeredCard } from '#test/support/registered-card.ts';
import type { WatchedCard } from '#test/support/watched-card.ts';
import { chosenPassword, openBank } from '#test/support/world.ts';
import { VpcdClient } from '#test/virtual-token/vpcd-client.ts';
import { CommandLine, fd } from '#test/support/command-line.ts';
import { runKilt } from '../registration/kilt-program.ts';

/**
 * The real program, killed with SIGKILL by itself at each line of the journal of a regeneration; then its user signs in
 * with whichever keys are in use, and goes on as `kilt renew` says, on the same data and the same token.
 */
describe('Kilt killed in the middle of a regeneration', () => {
  let bank: RunningBank;
  let folder: string;
  let card: WatchedCard;
  let userId: string;
  let reader: VpcdClient;
  let environment: NodeJS.ProcessEnv;
  let commandLine: CommandLine;
  beforeAll(async () => {
    bank = await openBank();
  });
  afterAll(() => bank.stop());
  beforeEach(async () => {
    folder = mkdtempSync(path.join(tmpdir(), 'kilt-renewal-kill-'));
    const registered = await registerNewCard(bank);
    card = registeredCard(registered);
    ({ userId } = registered);
    const port = await freePort();
    reader = new VpcdClient({ port });
    await reader.insert(card);
    commandLine = new CommandLine({ port, dataFolder: folder });
    environment = {
      KILT_TRANSPORT: 'virtual-reader',
      KILT_USER_DATA: folder,
      KILT_VIRTUAL_READER_PORT: String(port),
      KILT_BANK_FILE: bank.bankFile,
    };
  });
  afterEach(async () => {
    await reader.stop();
    rmSync(folder, { recursive: true });
  });

  const killedAt = (line: string, word: 'start' | 'continue') =>
    runKilt(['renew', word, '--json', '--pin-fd', '0'], {
      environment: { ...environment, KILT_KILL_AT: line },
      lines: [chosenPassword],
    });
  const kilt = (...args: string[]) =>
    commandLine.run([...args, '--bank-file', bank.bankFile], [chosenPassword]);
  const keySetAfter = async (word: 'start' | 'continue' | 'status'): Promise<KeySetView> => {
    const pin = word === 'status' ? [] : ['--pin-fd', fd];
    const { value } = await kilt('renew', word, ...pin);
    return (value as { keySet: KeySetView }).keySet;
  };
  const expectSignsIn = async () =>
    expect((await kilt('sign-in', '--pin-fd', fd)).value).toMatchObject({ signedIn: true });
  const serialsOf = ({ certificates }: KeySetView) => certificates.map(({ serialNumber }) => serialNumber);

  const lines = renewalSteps.flatMap((step) => [`${step}:begun`, `${step}:done`]);

  it.each(lines)('at the line %s: signs in, and goes on to one new key set', async (line) => {
    const before = serialsOf(await keySetAfter('status'));
    const started = await killedAt(line, 'start');
    const killed = started.signal === 'SIGKILL' ? started : await killedAt(line, 'continue');
    expect(killed.signal).toBe('SIGKILL');
    await expectSignsIn();

    let set = await keySetAfter('status');
    const isOver = () => set.renewal === undefined && !serialsOf(set).includes(before[0] ?? '');
    for (let presses = 0; presses < 3 && !isOver(); presses += 1)
      set = await keySetAfter(set.renewal ? 'continue' : 'start');

    expect(isOver()).toBe(true);
    expect(set.status).toBe('in-use');
    await expectSignsIn();
    expect(bank.keySets(userId).map(({ state }) => state)).toEqual(['replaced', 'in-use']);
    expect(card.keyFiles()).toEqual({ privateKeys: 2, publicKeys: 2, empty: 0 });
    expect(card.refusedVerifies).toBe(0);
    expect(readFileSync(path.join(folder, 'kilt.db')).includes(chosenPassword)).toBe(false);
  });
});
