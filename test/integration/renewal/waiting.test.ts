import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { RunningBank } from '#test/bank/start-bank.ts';
import { eventually } from '#test/support/eventually.ts';
import { openBank } from '#test/support/world.ts';
import { RenewalDesk } from './renewal-desk.ts';

const day = 24 * 3600 * 1000;

/** «Принят банком»: the bank takes its time, decides against it, or forgets. */
describe('a regeneration that the bank has accepted', () => {
  let bank: RunningBank;
  let desk: RenewalDesk;
  let clock = 0;
  const now = () => new Date(Date.now() + clock);

  beforeAll(async () => {
    bank = await openBank({ certificateDays: 20, now });
  });
  afterEach(async () => {
    await desk.close();
    clock = 0;
  });
  afterAll(() => bank.stop());

  const begin = async (expectedAt?: Date) => {
    desk = await RenewalDesk.open(bank, { now });
    bank.hold(desk.userId, expectedAt);
    const view = await desk.send();
    expect(view).toMatchObject({ state: 'running', readyToTake: false });
    expect(desk.keySet().status).toBe('accepted');
  };

  it('is polled in the background, survives three restarts, and is taken when the user says so', async () => {
    await begin(new Date(Date.now() + 3 * day));
    await eventually(() => desk.renewal().expectedAt !== undefined, {
      what: 'when the bank means to decide',
    });
    for (let restarts = 0; restarts < 3; restarts += 1) {
      await desk.stop();
      await desk.start('first', { now });
      expect(desk.keySet().status).toBe('accepted');
      expect(desk.renewal()).not.toHaveProperty('error');
      await desk.expectSignsIn();
      // The password of the sign-in is enough to go on asking.
      expect(desk.renewal().state).toBe('running');
    }
    bank.approve(desk.userId);
    await eventually(() => desk.keySet().status === 'new-certificate', { what: 'the certificate is there' });
    await desk.ended();
    expect(desk.renewal()).toMatchObject({ state: 'interrupted', readyToTake: true });

    expect(await desk.continue()).toMatchObject({ state: 'finished' });
    desk.expectOneKeySet();
    await desk.expectSignsIn();
  });

  it('after a restart is known to be issued without anybody typing a PIN, and one press does the rest', async () => {
    await begin();
    await desk.stop();
    bank.approve(desk.userId);
    await desk.start('first', { now });
    const verifies = desk.card.verifies;
    await desk.world.kilt.renewals.refresh();
    expect(desk.keySet()).toMatchObject({ status: 'new-certificate', renewal: { readyToTake: true } });
    expect(desk.card.verifies).toBe(verifies);

    expect(await desk.continue()).toMatchObject({ state: 'finished' });
    desk.expectOneKeySet();
    await desk.expectSignsIn();
  });

  it('and refused tells the bank’s reason; the new keys are gone and the old ones work; a new request may follow', async () => {
    await begin();
    bank.refuse(desk.userId, 'Договор расторгнут');
    await desk.ended();
    expect(desk.keySet()).toMatchObject({
      status: 'refused',
      reason: { kind: 'refused', text: 'Договор расторгнут' },
      renewal: { error: { id: 'renewal-refused' }, needs: { tokenPin: false } },
    });
    desk.expectOneKeySet();
    expect(await desk.formatBlockers()).toEqual([]);
    await desk.expectSignsIn();

    await desk.world.kilt.renewals.close(desk.renewal().journalId);
    expect(desk.keySet()).toMatchObject({ status: 'planned-renewal' });
    expect(desk.keySet()).not.toHaveProperty('renewal');
    bank.approve(desk.userId);
    expect(await desk.send()).toMatchObject({ readyToTake: true });
    expect(await desk.continue()).toMatchObject({ state: 'finished' });
    desk.expectOneKeySet();
    await desk.expectSignsIn();
  });

  it('and refused while nobody was there says so without a PIN, and takes the new keys off with it', async () => {
    await begin();
    await desk.stop();
    bank.refuse(desk.userId, 'Нет оригинала доверенности');
    await desk.start('first', { now });
    await desk.world.kilt.renewals.refresh();
    expect(desk.keySet()).toMatchObject({
      status: 'refused',
      reason: { text: 'Нет оригинала доверенности' },
    });
    expect(desk.renewal().needs.tokenPin).toBe(true);
    await expect(desk.world.kilt.renewals.close(desk.renewal().journalId)).rejects.toMatchObject({
      id: 'renewal-unfinished',
    });

    expect(await desk.continue()).toMatchObject({ error: { id: 'renewal-refused' } });
    desk.expectOneKeySet();
    await desk.world.kilt.renewals.close(desk.renewal().journalId);
    await desk.expectSignsIn();
  });

  it('and forgotten is sent again with the same keys', async () => {
    await begin();
    bank.forget(desk.userId);
    await desk.stop();
    await desk.start('first', { now });
    await desk.world.kilt.renewals.refresh();
    const keys = desk.card.keyFiles();
    expect(await desk.continue()).toMatchObject({ state: 'running' });
    expect(desk.card.keyFiles()).toEqual(keys);
    bank.approve(desk.userId);
    await desk.ended();
    expect(await desk.continue()).toMatchObject({ state: 'finished' });
    desk.expectOneKeySet();
    await desk.expectSignsIn();
  });

  it('and forgotten over and over tells so, and goes on with the same keys', async () => {
    await begin();
    const keys = desk.card.keyFiles();
    await eventually(
      async () => {
        bank.forget(desk.userId);
        await desk.world.kilt.renewals.refresh();
        return desk.renewal().error?.id === 'renewal-forgotten';
      },
      { what: 'the user told of the losses' },
    );
    bank.approve(desk.userId);
    expect(await desk.continue()).toMatchObject({ readyToTake: true });
    expect(desk.card.keyFiles()).toEqual(keys);
    expect(await desk.continue()).toMatchObject({ state: 'finished' });
    desk.expectOneKeySet();
    await desk.expectSignsIn();
  });

  it('may have its token pulled and put back meanwhile', async () => {
    await begin();
    await desk.pull();
    await desk.plug();
    await desk.expectSignsIn();
    bank.approve(desk.userId);
    await desk.ended();
    expect(await desk.continue()).toMatchObject({ state: 'finished' });
    desk.expectOneKeySet();
  });

  it('is shown and goes on on another computer', async () => {
    await begin();
    const { journalId } = desk.renewal();
    await desk.stop();
    await desk.start('second', { now });
    expect(desk.renewal().journalId).toBe(journalId);
    expect(await desk.formatBlockers()).toEqual(['unfinished-renewal']);
    expect(await desk.continue()).toMatchObject({ state: 'running' });
    bank.approve(desk.userId);
    await desk.ended();
    expect(await desk.continue()).toMatchObject({ state: 'finished' });
    await desk.stop();

    await desk.start('first', { now });
    expect(desk.keySet()).not.toHaveProperty('renewal');
    desk.expectOneKeySet();
    await desk.expectSignsIn();
  });

  it('writes no secret to the disk', async () => {
    const folder = mkdtempSync(path.join(tmpdir(), 'kilt-secrets-'));
    desk = await RenewalDesk.open(bank, { now, dataFolder: folder });
    await desk.send();
    await desk.continue();
    await desk.stop();
    expect(readFileSync(path.join(folder, 'kilt.db')).includes('Tulpar7Asyq')).toBe(false);
    rmSync(folder, { recursive: true });
  });
});
