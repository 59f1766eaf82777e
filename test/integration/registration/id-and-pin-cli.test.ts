import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { RunningBank } from '#test/bank/start-bank.ts';
import { freePort } from '#test/support/free-port.ts';
import { chosenPassword, factoryPin, newCard, openBank } from '#test/support/world.ts';
import type { WatchedCard } from '#test/support/watched-card.ts';
import { VpcdClient } from '#test/virtual-token/vpcd-client.ts';
import { CommandLine, fd } from '../control-panel/command-line.ts';

/** A bank that asks for user ID and ПИН and nothing else, at the command line. */
describe('kilt register with ID and ПИН alone', () => {
  let folder: string;
  let bank: RunningBank;
  let card: WatchedCard;
  let reader: VpcdClient;
  let commandLine: CommandLine;
  beforeAll(async () => {
    bank = await openBank({ authentication: 'id-and-pin' });
  });
  afterAll(() => bank.stop());
  beforeEach(async () => {
    folder = mkdtempSync(path.join(tmpdir(), 'kilt-id-and-pin-'));
    card = newCard();
    const port = await freePort();
    commandLine = new CommandLine({ port, dataFolder: path.join(folder, 'data') });
    reader = new VpcdClient({ port });
    await reader.insert(card);
  });
  afterEach(async () => {
    await reader.stop();
    rmSync(folder, { recursive: true });
  });

  const kilt = (args: readonly string[], ...secrets: string[]) =>
    commandLine.run([...args, '--bank-file', bank.bankFile], secrets);
  const register = (userId: string, registrationPin: string, ...more: string[]) =>
    kilt(
      [
        ...['register', '--user-id', userId, ...more],
        ...['--pin-fd', fd, '--registration-pin-fd', fd, '--new-pin-fd', fd],
      ],
      factoryPin,
      registrationPin,
      chosenPassword,
    );
  const admit = async () => {
    const { userId, pin } = await bank.admit();
    return { userId, pin: Buffer.from(pin).toString() };
  };

  it('needs no key file, and the profile signs in', async () => {
    const { userId, pin } = await admit();
    expect((await register(userId, pin)).value).toMatchObject({
      registered: true,
      registration: { userId, state: 'finished' },
    });
    expect((await kilt(['sign-in', '--pin-fd', fd], chosenPassword)).value).toMatchObject({
      signedIn: true,
      home: { userId },
    });
    expect(card.keyFiles()).toEqual({ privateKeys: 2, publicKeys: 2, empty: 0 });
    expect(card.refusedVerifies).toBe(0);
  });

  it('refused for a mistyped ПИН goes on with the right one and the same keys', async () => {
    const { userId, pin } = await admit();
    expect((await register(userId, 'AAAAAAAAAA1')).value).toMatchObject({
      error: { id: 'registration-data-refused' },
    });
    const keys = card.keyFiles();
    const again = await kilt(
      ['register', '--user-id', userId, '--pin-fd', fd, '--registration-pin-fd', fd],
      chosenPassword,
      pin,
    );
    expect(again.value).toMatchObject({ registered: true, registration: { state: 'finished' } });
    expect(card.keyFiles()).toEqual(keys);
    expect(bank.registrations().filter((one) => one.userId === userId)).toHaveLength(1);
    expect(card.refusedVerifies).toBe(0);
  });
});
