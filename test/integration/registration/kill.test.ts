import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { registrationSteps } from '#shared/views.ts';
import { startBank, type RunningBank } from '#test/bank/start-bank.ts';
import { freePort } from '#test/support/free-port.ts';
import { chosenPassword, factoryPin, newCard } from '#test/support/world.ts';
import { fromStandardInput, runKilt } from './kilt-program.ts';
import { VpcdClient } from '#test/virtual-token/vpcd-client.ts';

/**
 * The real program, killed with SIGKILL by itself right after a journal line has reached the disk, and started again:
 * for every line of a registration.
 */
describe('Kilt killed in the middle of a registration', () => {
  let folder: string;
  let bank: RunningBank;
  beforeAll(async () => {
    folder = mkdtempSync(path.join(tmpdir(), 'kilt-kill-'));
    bank = await startBank({ dataDir: path.join(folder, 'bank') });
  });
  afterAll(async () => {
    await bank.stop();
    rmSync(folder, { recursive: true });
  });

  const lines = registrationSteps.flatMap((step) => [`${step}:begun`, `${step}:done`]);

  it.each(lines)(
    'after the line %s continues to success, with one key pair of each kind and no try spent',
    async (line) => {
      const dataFolder = mkdtempSync(path.join(folder, 'data-'));
      const customer = await bank.admit();
      const keyFile = path.join(dataFolder, 'Key.pfx');
      writeFileSync(keyFile, customer.keyFile);
      const pin = Buffer.from(customer.pin).toString();
      const card = newCard();
      const port = await freePort();
      const reader = new VpcdClient({ port });
      await reader.insert(card);
      const kilt = (environment: NodeJS.ProcessEnv, ...secrets: string[]) =>
        runKilt(
          ['register', '--json', '--user-id', customer.userId, '--key-file', keyFile, ...fromStandardInput],
          {
            environment: {
              ...environment,
              KILT_TRANSPORT: 'virtual-reader',
              KILT_USER_DATA: dataFolder,
              KILT_VIRTUAL_READER_PORT: String(port),
              KILT_BANK_FILE: bank.bankFile,
            },
            lines: secrets,
          },
        );

      const killed = await kilt({ KILT_KILL_AT: line }, factoryPin, pin, chosenPassword);
      expect(killed.signal).toBe('SIGKILL');

      // The same command with the same lines: the journal and the token tell which of them are needed.
      const resumed = await kilt({}, factoryPin, pin, chosenPassword);

      expect(resumed.json()).toMatchObject({
        registered: true,
        token: { kind: 'registered', userId: customer.userId },
      });
      expect(card.keyFiles()).toEqual({ privateKeys: 2, publicKeys: 2, empty: 0 });
      expect(card.refusedVerifies).toBe(0);
      expect(card.userAttemptsLeft()).toBe(10);
      expect(bank.registrations().filter(({ userId }) => userId === customer.userId)).toHaveLength(1);
      await reader.stop();
      for (const secret of [pin, chosenPassword])
        expect(readFileSync(path.join(dataFolder, 'kilt.db')).includes(secret)).toBe(false);
    },
  );
});
