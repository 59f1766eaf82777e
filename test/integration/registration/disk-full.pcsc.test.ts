import path from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { secretFromText } from '#shared/bytes.ts';
import { registrationSteps } from '#shared/views.ts';
import { Kilt } from '#main/kilt.ts';
import { createVirtualReaders } from '#main/token/virtual-reader.ts';
import type { RunningBank } from '#test/bank/start-bank.ts';
import { SmallDisk } from '#test/support/small-disk.ts';
import { World, chosenPassword, factoryPin, openBank, type InsertedToken } from '#test/support/world.ts';

const aKiltError = (id: string, data: object = {}) =>
  expect.objectContaining({ id, data: expect.objectContaining(data) as object });

describe('on a disk without room', () => {
  let bank: RunningBank;
  let disk: SmallDisk;
  let world: World;
  let token: InsertedToken;

  beforeAll(async () => {
    bank = await openBank();
  });
  afterAll(() => bank.stop());
  beforeEach(async () => {
    disk = new SmallDisk();
    world = await World.open({
      bank,
      kilt: {
        dataFolder: path.join(disk.folder, 'Kilt'),
        onJournalLine: disk.onLine,
      },
    });
    token = await world.insertNewToken();
  });
  afterEach(async () => {
    disk.makeRoom();
    await world.close();
    disk.remove();
  });

  function expectOneOfEverything(userId: string): void {
    expect(token.watched.keyFiles()).toEqual({ privateKeys: 2, publicKeys: 2, empty: 0 });
    expect(token.watched.refusedVerifies).toBe(0);
    expect(bank.registrations().filter((one) => one.userId === userId)).toHaveLength(1);
    expect(world.token().kind).toBe('registered');
  }

  const lines = registrationSteps.flatMap((step) => [`${step}:begun`, `${step}:done`]);

  it.each(lines)(
    'full after the line %s: it is said, and the registration goes on afterwards',
    async (line) => {
      const customer = await world.admit();
      disk.fillAfter(line);
      const ended = await world.register(customer);
      expect(ended).toMatchObject({ state: 'interrupted', error: { id: 'disk-full', code: '0500001' } });
      expect(token.watched.refusedVerifies).toBe(0);
      disk.fillAfter(undefined);
      // The token is nobody's: the control panel speaks of what is unfinished on it, not of work that goes on.
      await world.kilt.controlPanel.planFormat(world.token().id);
      disk.makeRoom();

      // After the last write on the token there is nothing to type: the next look at the token closes the registration.
      if (world.token().kind === 'registered')
        await world.kilt.resume({ registrationId: ended.journalId, tokenId: world.token().id });
      else await world.resume(customer);

      expect(await world.kilt.runner.ended(ended.journalId)).toMatchObject({ state: 'finished' });
      expectOneOfEverything(customer.userId);
    },
  );

  it('nothing begins and nothing must be typed again: the same draft succeeds once there is room', async () => {
    const customer = await world.admit();
    const tokenId = world.token().id;
    await world.kilt.profiles.open(tokenId, secretFromText(factoryPin));
    const [system] = world.kilt.banks.all();
    if (!system) throw new Error('no bank');
    const draft = await world.kilt.drafts.check(system, {
      userId: customer.userId,
      registrationPin: customer.pin,
      keyFile: { path: customer.keyFilePath, password: customer.keyFilePassword },
    });
    const start = () =>
      world.kilt.register({ draftId: draft.id, tokenId, label: '', newPin: secretFromText(chosenPassword) });
    disk.fill();

    expect(start).toThrow(aKiltError('disk-full'));
    expect(token.watched.keyFiles().privateKeys).toBe(0);
    expect(world.token().kind).toBe('empty');

    disk.makeRoom();
    expect(await world.kilt.runner.ended(start().journalId)).toMatchObject({ state: 'finished' });
    expectOneOfEverything(customer.userId);
  });

  it('a settings change is refused and the old setting stands', () => {
    world.kilt.settings.change({ language: 'kk' });
    disk.fill();
    expect(() => world.kilt.settings.change({ language: 'en' })).toThrow(aKiltError('disk-full'));
    expect(world.kilt.settings.get().language).toBe('kk');
  });

  it('a finished registration still signs in, without a try lost', async () => {
    const customer = await world.admit();
    await world.register(customer);
    disk.fill();
    const opened = await world.kilt.profiles.open(world.token().id, secretFromText(chosenPassword));
    expect(opened.outcome).toBe('signed-in');
    expect(token.watched.refusedVerifies).toBe(0);
  });

  it('Kilt does not start, and says why', () => {
    disk.fill();
    expect(() => anotherKilt('fresh')).toThrow(aKiltError('disk-full'));
  });

  it('and on one that can not be written at all Kilt does not start either', async () => {
    await world.kilt.stop();
    disk.makeReadOnly();
    for (const folder of ['Kilt', 'fresh']) {
      expect(() => anotherKilt(folder)).toThrow(aKiltError('storage-failed'));
    }
  });

  const anotherKilt = (folder: string): Kilt =>
    new Kilt({
      dataFolder: path.join(disk.folder, folder),
      access: createVirtualReaders({ port: 0 }),
      bankFile: bank.bankFile,
    });
});
