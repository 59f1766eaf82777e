import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { registrationSteps } from '#shared/views.ts';
import { startBank, type RunningBank } from '#test/bank/start-bank.ts';
import { freePort } from '#test/support/free-port.ts';
import { chosenPassword, factoryPin, newCard } from '#test/support/world.ts';
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
          ['register', '--json', '--user-id', customer.userId, '--key-file', keyFile],
          {
            ...environment,
            KILT_USER_DATA: dataFolder,
            KILT_VIRTUAL_READER_PORT: String(port),
            KILT_BANK_FILE: bank.bankFile,
          },
          secrets,
        );

      const killed = await kilt({ KILT_KILL_AT: line }, factoryPin, pin, chosenPassword);
      expect(killed.signal).toBe('SIGKILL');

      // What the user is asked for depends on how far the first run came; the journal and the token tell.
      const pinIsNew = registrationSteps.indexOf('pin-set') * 2 + 1 <= lines.indexOf(line);
      const confirmed = lines.indexOf('signature-certificate-confirmed:done') <= lines.indexOf(line);
      const secrets = [
        ...(pinIsNew ? [chosenPassword] : [factoryPin, chosenPassword]),
        ...(confirmed ? [] : [pin]),
      ];
      const resumed = await kilt({}, ...secrets);

      expect(resumed.output).toMatchObject({
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

async function runKilt(args: readonly string[], environment: NodeJS.ProcessEnv, secrets: readonly string[]) {
  const program = spawn(
    process.execPath,
    [
      '--import',
      'tsx',
      'src/cli/main.ts',
      ...args,
      ...['--pin-fd', '--new-pin-fd', '--registration-pin-fd'].flatMap((flag) => [flag, '0']),
    ],
    {
      env: { ...process.env, KILT_TRANSPORT: 'virtual-reader', ...environment },
      stdio: ['pipe', 'pipe', 'pipe'],
    },
  );
  let output = '';
  let said = '';
  program.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()));
  program.stderr.on('data', (chunk: Buffer) => (said += chunk.toString()));
  program.stdin.end(secrets.map((secret) => `${secret}\n`).join(''));
  const [, signal] = (await once(program, 'close')) as [number | null, NodeJS.Signals | null];
  return { signal, output: (output ? JSON.parse(output) : said) as unknown };
}
