import path from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { renewalSteps } from '#shared/renewal-views.ts';
import type { RunningBank } from '#test/bank/start-bank.ts';
import { SmallDisk } from '#test/support/small-disk.ts';
import { openBank } from '#test/support/world.ts';
import { RenewalDesk } from './renewal-desk.ts';

const lines = renewalSteps.flatMap((step) => [`${step}:begun`, `${step}:done`]);

describe('a regeneration on a disk without room', () => {
  let bank: RunningBank;
  let disk: SmallDisk;
  let desk: RenewalDesk;

  beforeAll(async () => {
    bank = await openBank();
  });
  afterAll(() => bank.stop());
  beforeEach(async () => {
    disk = new SmallDisk();
    desk = await RenewalDesk.open(bank, {
      dataFolder: path.join(disk.folder, 'Kilt'),
      onRenewalLine: disk.onLine,
    });
  });
  afterEach(async () => {
    disk.makeRoom();
    await desk.close();
    disk.remove();
  });

  const isOver = () => desk.keySet().lastFinished !== undefined;

  it.each(lines)(
    'full after the line %s: it is said, the user signs in, and it goes on afterwards',
    async (line) => {
      disk.fillAfter(line);
      let view = await desk.send();
      if (view.readyToTake && view.error === undefined) view = await desk.continue();
      expect(view).toMatchObject({ state: 'interrupted', error: { id: 'disk-full' } });
      disk.fillAfter(undefined);
      await desk.expectSignsIn();
      disk.makeRoom();

      await desk.world.kilt.renewals.refresh();
      for (let presses = 0; presses < 3 && !isOver(); presses += 1) await desk.continue();
      expect(isOver()).toBe(true);
      desk.expectOneKeySet();
      expect(desk.card.refusedVerifies).toBe(0);
      expect(bank.keySets(desk.userId).map(({ state }) => state)).toEqual(['replaced', 'in-use']);
      await desk.expectSignsIn();
    },
  );

  it('does not begin, and changes nothing on the token', async () => {
    disk.fill();
    await expect(desk.send()).rejects.toMatchObject({ id: 'disk-full' });
    desk.expectOneKeySet();
    await desk.expectSignsIn();
    disk.makeRoom();
    expect(await desk.send()).toMatchObject({ readyToTake: true });
    expect(await desk.continue()).toMatchObject({ state: 'finished' });
  });
});
