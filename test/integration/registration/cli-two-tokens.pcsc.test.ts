import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startBank, type RunningBank } from '#test/bank/start-bank.ts';
import { eventually } from '#test/support/eventually.ts';
import { factoryPin, newCard } from '#test/support/world.ts';
import { VPCD_PORT, VpcdClient } from '#test/virtual-token/vpcd-client.ts';
import { runKilt, type KiltRun } from './kilt-program.ts';

describe('the command line while two tokens are connected', () => {
  let folder: string;
  let bank: RunningBank;
  const cards = [newCard({ serial: '11111111' }), newCard({ serial: '2222ABCD' })];
  const readers = cards.map((_, slot) => new VpcdClient({ port: VPCD_PORT + slot }));

  const kilt = (...args: string[]): Promise<KiltRun> =>
    runKilt(args, {
      environment: {
        KILT_TRANSPORT: 'pcsc',
        KILT_USER_DATA: path.join(folder, 'data'),
        KILT_BANK_FILE: bank.bankFile,
      },
      lines: [factoryPin],
    });

  beforeAll(async () => {
    folder = mkdtempSync(path.join(tmpdir(), 'kilt-two-'));
    bank = await startBank({ dataDir: path.join(folder, 'bank') });
    for (const [slot, reader] of readers.entries()) {
      const card = cards[slot];
      if (card) await reader.insert(card);
    }
    await eventually(async () => serials(await kilt('tokens', '--json')).length === 2, {
      what: 'two tokens',
    });
  });
  afterAll(async () => {
    for (const reader of readers) await reader.stop();
    await bank.stop();
    rmSync(folder, { recursive: true });
  });

  it('lists both', async () => {
    expect(serials(await kilt('tokens', '--json'))).toEqual(['11111111', '2222ABCD']);
  });

  it.each(['info', 'register', 'sign-in'])(
    'does not guess for «%s»: it wants the serial number',
    async (command) => {
      const secrets = command === 'info' ? [] : ['--pin-fd', '0'];
      const run = await kilt(command, '--json', '--language', 'en', ...secrets);
      expect(run.json()).toMatchObject({
        error: {
          id: 'input-invalid',
          problem: 'Several tokens are connected. Give the serial number: --token 11111111, 2222ABCD.',
        },
      });
      expect(run.code).toBe(1);
      expect(cards.map(({ verifies }) => verifies)).toEqual([0, 0]);
    },
  );

  it('works on the one that is named, in large or small letters', async () => {
    const run = await kilt('info', '--json', '--token', '2222abcd');
    expect(run.json()).toMatchObject({ serial: '2222ABCD' });
    expect(run.code).toBe(0);
  });
});

const serials = (run: KiltRun): readonly string[] =>
  (run.json() as { tokens: { serial?: string }[] }).tokens.flatMap(({ serial }) => serial ?? []).sort();
