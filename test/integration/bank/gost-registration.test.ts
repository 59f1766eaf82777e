import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { secretFromText } from '#shared/bytes.ts';
import { registrationSteps } from '#shared/views.ts';
import type { RunningBank } from '#test/bank/start-bank.ts';
import { World, chosenPassword, openBank, type InsertedToken } from '#test/support/world.ts';

/** Manual S3 with the other key file that banks hand out. */
describe('a registration with GOST.pfx', () => {
  let bank: RunningBank;
  let world: World;
  let token: InsertedToken;
  beforeAll(async () => {
    bank = await openBank();
  });
  afterAll(() => bank.stop());
  beforeEach(async () => {
    world = await World.open({ bank });
    token = await world.insertNewToken();
  });
  afterEach(() => world.close());

  const admit = (order: object = {}) => world.admit({ keyFile: 'gost', ...order });

  it.each(['kz-2015-512', 'gamma-2004'] as const)(
    'ends with a registered profile that signs in (%s)',
    async (gostDialect) => {
      const customer = await admit({ gostDialect, name: 'Айгерим Сапарова' });

      const ended = await world.register(customer);

      expect(ended.error).toBeUndefined();
      expect(ended.done).toEqual([...registrationSteps]);
      expect(world.token()).toMatchObject({ kind: 'registered', profiles: [{ userId: customer.userId }] });
      expect(world.token().certificates.map(({ purpose, keyOnToken }) => [purpose, keyOnToken])).toEqual([
        ['signature', true],
        ['sign-in', true],
      ]);
      expect(bank.registrations().filter(({ userId }) => userId === customer.userId)).toHaveLength(1);
      const opened = await world.kilt.profiles.open(world.token().id, secretFromText(chosenPassword));
      expect(opened).toMatchObject({
        outcome: 'signed-in',
        home: { customerName: 'Айгерим Сапарова', defaultPin: false },
      });
    },
  );

  it('that the network and an officer hold up goes on with the same file', async () => {
    const customer = await admit({ hold: true });
    bank.setFault({ next: 'drop-connection', times: 3 });
    expect(await world.register(customer)).toMatchObject({ state: 'interrupted' });
    bank.approve(customer.userId);
    expect(await world.resume(customer)).toMatchObject({ state: 'finished' });
    expect(token.watched.keyFiles()).toEqual({ privateKeys: 2, publicKeys: 2, empty: 0 });
  });

  describe('tells of the same mistakes as Key.pfx', () => {
    type Customer = Awaited<ReturnType<World['admit']>>;
    const check = (customer: Customer, keyFile: { path?: string; password?: string } = {}) => {
      const [system] = world.kilt.banks.all();
      if (!system) throw new Error('no bank');
      const { password } = keyFile;
      return world.kilt.drafts.check(system, {
        userId: customer.userId,
        registrationPin: customer.pin,
        keyFile: {
          path: keyFile.path ?? customer.keyFilePath,
          password: password === undefined ? customer.keyFilePassword : secretFromText(password),
        },
      });
    };
    const aKeyFileError = (likelyCause: string) =>
      expect.objectContaining({
        id: 'key-container-wrong',
        code: '0200040',
        data: expect.objectContaining({ likelyCause }) as object,
      }) as Error;

    it('shows whose key it is before anything is sent', async () => {
      const draft = await check(await admit({ name: 'Айгерим Сапарова', gostDialect: 'kz-2004' }));
      expect(draft.keyContainer).toMatchObject({
        subjectName: 'Айгерим Сапарова',
        issuerName: 'Kilt Demo Issuing CA (kz-2004)',
      });
    });

    it.each(['rsa', 'gost'])('a wrong password (%s), and nothing has touched the token', async (keyFile) => {
      const customer = await admit({ keyFile });
      const before = token.watched.commands;
      await expect(check(customer, { password: 'WRONGWRONG1' })).rejects.toThrow(aKeyFileError('password'));
      expect(token.watched.commands).toBe(before);
    });

    it.each([
      ['cut short', 'damaged', (pfx: Uint8Array) => pfx.slice(0, pfx.length / 2)],
      [
        'with a flipped bit',
        'password',
        (pfx: Uint8Array) => pfx.map((byte, at) => (at === 700 ? byte ^ 1 : byte)),
      ],
      ['that is none', 'not-a-key-container', () => new TextEncoder().encode('Уважаемый клиент')],
    ])('a file %s', async (_, likelyCause, damage) => {
      for (const keyFile of ['rsa', 'gost']) {
        const customer = await admit({ keyFile });
        const damaged = path.join(world.folder, 'damaged.pfx');
        writeFileSync(damaged, damage(customer.keyFile));
        await expect(check(customer, { path: damaged })).rejects.toThrow(aKeyFileError(likelyCause));
      }
    });

    it.each(['rsa', 'gost'])('the key file of another customer (%s)', async (keyFile) => {
      const [mine, other] = [await admit(), await admit({ keyFile })];
      const password = new TextDecoder().decode(other.keyFilePassword);
      const wrong = check(mine, { path: other.keyFilePath, password });
      await expect(wrong).rejects.toThrow(aKeyFileError('other-customer'));
    });

    it.each(['rsa', 'gost'])('an initial key whose time is over (%s)', async (keyFile) => {
      const expired = check(await admit({ keyFile, expired: true }));
      await expect(expired).rejects.toThrow(
        expect.objectContaining({ id: 'key-container-expired' }) as Error,
      );
    });
  });
});
