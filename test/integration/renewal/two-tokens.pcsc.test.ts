import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { KeySetView } from '#shared/renewal-views.ts';
import type { RunningBank } from '#test/bank/start-bank.ts';
import { eventually } from '#test/support/eventually.ts';
import { registerNewCard, registeredCard } from '#test/support/registered-card.ts';
import { chosenPassword, openBank } from '#test/support/world.ts';
import type { WatchedCard } from '#test/support/watched-card.ts';
import { VPCD_PORT, VpcdClient } from '#test/virtual-token/vpcd-client.ts';
import { runKilt } from '../registration/kilt-program.ts';

interface Holder {
  readonly userId: string;
  readonly card: WatchedCard;
}

/** Two registered tokens in two readers: support lists both, and each is renewed by itself. */
describe('kilt renew while two tokens are connected', () => {
  let folder: string;
  let bank: RunningBank;
  let first: Holder;
  let second: Holder;
  const readers = [new VpcdClient({ port: VPCD_PORT }), new VpcdClient({ port: VPCD_PORT + 1 })];

  const kilt = (...args: string[]) =>
    runKilt([...args, '--json', '--language', 'en'], {
      environment: {
        KILT_TRANSPORT: 'pcsc',
        KILT_USER_DATA: path.join(folder, 'data'),
        KILT_BANK_FILE: bank.bankFile,
      },
      lines: [chosenPassword],
    });
  const keySets = async (): Promise<readonly KeySetView[]> =>
    ((await kilt('renewals')).json() as { keySets: KeySetView[] }).keySets;
  const statuses = async () =>
    Object.fromEntries((await keySets()).map(({ userId, status }) => [userId, status]));

  const newHolder = async (serial: string): Promise<Holder> => {
    const registered = await registerNewCard(bank, { serial });
    return { userId: registered.userId, card: registeredCard(registered) };
  };

  beforeAll(async () => {
    folder = mkdtempSync(path.join(tmpdir(), 'kilt-renew-two-'));
    bank = await openBank({ certificateDays: 20 });
    first = await newHolder('11111111');
    second = await newHolder('2222ABCD');
    await readers[0]?.insert(first.card);
    await readers[1]?.insert(second.card);
    await eventually(async () => (await keySets()).length === 2, { what: 'two key sets' });
  });
  afterAll(async () => {
    for (const reader of readers) await reader.stop();
    await bank.stop();
    rmSync(folder, { recursive: true });
  });

  it('lists the key sets of both, and does not guess which is meant', async () => {
    expect(await statuses()).toEqual({
      [first.userId]: 'planned-renewal',
      [second.userId]: 'planned-renewal',
    });
    const run = await kilt('renew', 'start', '--pin-fd', '0');
    expect(run.json()).toMatchObject({ error: { id: 'input-invalid' } });
    expect([first, second].map(({ card }) => card.verifies)).toEqual([0, 0]);
  });

  it('renews the one that is named, and leaves the other alone', async () => {
    bank.hold(second.userId);
    await kilt('renew', 'start', '--token', '2222abcd', '--pin-fd', '0');
    expect(await statuses()).toEqual({
      [first.userId]: 'planned-renewal',
      [second.userId]: 'accepted',
    });
    expect(first.card.verifies).toBe(0);
    expect(first.card.keyFiles().privateKeys).toBe(2);
    expect(second.card.keyFiles().privateKeys).toBe(4);
  });

  it('lists them without their tokens too', async () => {
    for (const reader of readers) await reader.eject();
    await eventually(async () => (await keySets()).every(({ tokenId }) => tokenId === undefined), {
      what: 'key sets without tokens',
    });
    expect(await statuses()).toMatchObject({ [second.userId]: 'accepted' });
  });
});
