import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { secretFromText } from '#shared/bytes.ts';
import type { FaultOrder } from '#test/bank/faults.ts';
import { eventually } from '#test/support/eventually.ts';
import type { RunningBank } from '#test/bank/start-bank.ts';
import {
  World,
  chosenPassword,
  factoryPin,
  newCard,
  openBank,
  type InsertedToken,
} from '#test/support/world.ts';
import { FaultyCard } from '#test/virtual-token/faults.ts';

const aKiltError = (id: string, data: object = {}) =>
  expect.objectContaining({ id, data: expect.objectContaining(data) as object });

describe('when something goes wrong', () => {
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

  /** Nothing is lost: the same keys, one registration, no try that the user did not type. */
  async function expectSuccessAfterResume(customer: Awaited<ReturnType<World['admit']>>) {
    const resumed = await world.resume(customer);
    expect(resumed.error).toBeUndefined();
    expect(resumed.state).toBe('finished');
    expectOneOfEverything(customer.userId);
  }
  function expectOneOfEverything(userId: string) {
    expect(token.watched.keyFiles()).toEqual({ privateKeys: 2, publicKeys: 2, empty: 0 });
    expect(token.watched.refusedVerifies).toBe(0);
    expect(world.bank.registrations().filter((one) => one.userId === userId)).toHaveLength(1);
    expect(world.token().kind).toBe('registered');
  }

  describe('with the token', () => {
    it('a wrong PIN costs the one try that was typed, and says how many are left', async () => {
      const open = world.kilt.profiles.open(world.token().id, secretFromText('87654321'));
      await expect(open).rejects.toThrow(aKiltError('wrong-pin', { role: 'user', attemptsLeft: 9 }));
      expect(token.watched.verifies).toBe(1);
      await eventually(() => world.token().userPin?.attemptsLeft === 9);
    });

    it('a blocked PIN is said to be blocked', async () => {
      await world.removeToken();
      await world.insertNewToken({ profile: 'user-pin-blocked' });
      expect(world.token().userPin).toMatchObject({ blocked: true, attemptsLeft: 0 });
      const open = world.kilt.profiles.open(world.token().id, secretFromText(factoryPin));
      await expect(open).rejects.toThrow(aKiltError('pin-blocked', { role: 'user' }));
    });

    it.each([
      ['CREATE', 3],
      ['GENERATE', 1],
      ['GENERATE', 2],
      ['UPDATE', 4],
      ['UPDATE', 20],
      ['SIGN', 1],
    ] as const)('pulled out at %s no. %d, before or after it, it goes on', async (command, nth) => {
      for (const when of ['before', 'after'] as const) {
        if (when === 'after') {
          await world.removeToken();
          token = await world.insertNewToken();
        }
        const customer = await world.admit();
        token.faults.arm({ do: 'remove', when, command, nth });
        const cut = await world.register(customer);
        expect(cut).toMatchObject({ state: 'interrupted', error: { id: 'token-removed', code: '0100010' } });

        token.faults.insert();
        await eventually(() => world.kilt.tokensView().tokens.some(({ kind }) => kind === 'unfinished'));
        await expectSuccessAfterResume(customer);
      }
    });

    it.each([
      ['before', factoryPin, chosenPassword],
      ['after', chosenPassword, factoryPin],
    ] as const)(
      'pulled out %s the PIN was changed, either password may be right: the user is told so and it goes on',
      async (when, right, wrong) => {
        const customer = await world.admit();
        token.faults.arm({ do: 'remove', when, command: 'CHANGE-PIN' });
        await world.register(customer);
        token.faults.insert();
        await eventually(() => world.kilt.tokensView().tokens[0]?.unfinished?.pinOnToken === 'changing');

        await expect(world.resume(customer, wrong)).rejects.toThrow(
          aKiltError('wrong-pin', { attemptsLeft: 9 }),
        );
        expect(await world.resume(customer, right)).toMatchObject({ state: 'finished' });
        expect(token.watched.refusedVerifies).toBe(1);
        expect(token.watched.userAttemptsLeft()).toBe(10);
      },
    );

    it('another token put in its place is refused before any PIN is sent to it', async () => {
      const customer = await world.admit();
      token.faults.arm({ do: 'remove', when: 'after', command: 'GENERATE' });
      const { journalId } = await world.register(customer);
      const other = newCard();
      await world.insert(new FaultyCard(other));

      await world.kilt.resume({ registrationId: journalId, tokenId: world.token().id });
      const refused = await world.kilt.runner.ended(journalId);

      expect(refused.error).toMatchObject({ id: 'token-swapped' });
      expect(other.verifies).toBe(0);
    });

    it('a second token put in meanwhile is left alone', async () => {
      const customer = await world.admit();
      const { journalId } = await world.begin(customer);
      const second = await world.insertNewToken({}, 1);
      const ended = await world.kilt.runner.ended(journalId);
      expect(ended.state).toBe('finished');
      expect(second.watched.verifies).toBe(0);
      expect(second.watched.keyFiles().privateKeys).toBe(0);
    });

    it('full of other data, it says so and the registration stays open', async () => {
      await world.removeToken();
      token = await world.insertNewToken({ profile: 'nearly-full' });
      const ended = await world.register(await world.admit());
      expect(ended).toMatchObject({ state: 'interrupted', error: { id: 'token-memory-full' } });
    });
  });

  describe('with what was typed', () => {
    const check = (customer: Awaited<ReturnType<World['admit']>>, changes: object) => {
      const [bank] = world.kilt.banks.all();
      if (!bank) throw new Error('no bank');
      return world.kilt.drafts.check(bank, {
        userId: customer.userId,
        registrationPin: customer.pin,
        keyFile: { path: customer.keyFilePath, password: customer.keyFilePassword },
        ...changes,
      });
    };

    it('a wrong password of the key file is 0200040, and nothing has touched the token', async () => {
      const customer = await world.admit();
      const before = token.watched.commands;
      const wrong = check(customer, {
        keyFile: { path: customer.keyFilePath, password: secretFromText('WRONGWRONG1') },
      });
      await expect(wrong).rejects.toThrow(expect.objectContaining({ code: '0200040' }));
      expect(token.watched.commands).toBe(before);
    });

    it.each([
      ['is cut short', (pfx: Uint8Array) => pfx.slice(0, pfx.length / 2)],
      ['has a flipped bit', (pfx: Uint8Array) => pfx.map((byte, at) => (at === 700 ? byte ^ 1 : byte))],
      ['is no key file at all', () => new TextEncoder().encode('Уважаемый клиент')],
      ['is empty', () => new Uint8Array()],
      ['is larger than any key file', () => new Uint8Array(2_000_000)],
    ])('a key file that %s is 0200040', async (_, damage) => {
      const customer = await world.admit();
      const damaged = path.join(world.folder, 'damaged.pfx');
      writeFileSync(damaged, damage(customer.keyFile));
      const wrong = check(customer, { keyFile: { path: damaged, password: customer.keyFilePassword } });
      await expect(wrong).rejects.toThrow(expect.objectContaining({ code: '0200040' }));
    });

    it('the key file of another customer is 0200040 and says that this is the likely cause', async () => {
      const [mine, other] = [await world.admit(), await world.admit()];
      const wrong = check(mine, { keyFile: { path: other.keyFilePath, password: other.keyFilePassword } });
      await expect(wrong).rejects.toThrow(
        aKiltError('key-container-wrong', { likelyCause: 'other-customer' }),
      );
    });

    it('an initial key whose time is over is said to be expired', async () => {
      const wrong = check(await world.admit({ expired: true }), {});
      await expect(wrong).rejects.toThrow(aKiltError('key-container-expired'));
    });

    it.each([
      ['a Cyrillic token name', { label: 'Асель', newPin: chosenPassword }, 'label'],
      ['a token name longer than 32 characters', { label: 'a'.repeat(33), newPin: chosenPassword }, 'label'],
      ['a password with a run of digits', { label: '', newPin: 'qwerty1234' }, 'newPin'],
      ['the factory password', { label: '', newPin: factoryPin }, 'newPin'],
    ])('%s is refused before the token is changed', async (_, { label, newPin }, field) => {
      const customer = await world.admit();
      const tokenId = world.token().id;
      await world.kilt.profiles.open(tokenId, secretFromText(factoryPin));
      const draft = await check(customer, {});
      expect(() =>
        world.kilt.register({ draftId: draft.id, tokenId, label, newPin: secretFromText(newPin) }),
      ).toThrow(aKiltError('input-invalid', { field }));
      expect(world.kilt.runner.list()).toEqual([]);
    });

    it('a wrong ПИН is refused by the CA, and the right one continues with the same keys', async () => {
      const customer = await world.admit({ pfxPassword: 'separate' });
      const refused = await world.register({ ...customer, pin: secretFromText('AAAAAAAAAAA') });
      expect(refused).toMatchObject({ state: 'interrupted', error: { id: 'registration-data-refused' } });
      await expectSuccessAfterResume(customer);
    });

    it('a ПИН typed wrong five times is locked, and the registration stays open for a new one', async () => {
      const customer = await world.admit({ pfxPassword: 'separate' });
      const wrong = { ...customer, pin: secretFromText('AAAAAAAAAAA') };
      let last = await world.register(wrong);
      for (let i = 0; i < 5; i += 1) last = await world.resume(wrong);
      expect(last).toMatchObject({ state: 'interrupted', error: { id: 'registration-pin-locked' } });
      expect(world.token().kind).toBe('unfinished');
    });
  });

  describe('with the CA or the bank', () => {
    it.each([
      [{ next: 'rubbish' }, 'ca-answer-invalid'],
      [{ next: 'http-500' }, 'server-failed'],
      [{ next: 'drop-connection', times: 3 }, 'network-unreachable'],
      [{ next: 'broken-protection' }, 'ca-answer-invalid'],
      [{ next: 'foreign-nonce' }, 'ca-answer-invalid'],
      [{ next: 'certificate-for-another-key' }, 'ca-certificate-wrong'],
      [{ next: 'foreign-chain' }, 'ca-certificate-wrong'],
      [{ next: 'rubbish', on: 'api' }, 'bank-answer-invalid'],
      [{ next: 'http-500', on: 'api' }, 'server-failed'],
      [{ next: 'drop-connection', on: 'api', times: 3 }, 'network-unreachable'],
    ] as const satisfies [FaultOrder, string][])(
      '%o stops with %s and continues to success',
      async (fault, id) => {
        const customer = await world.admit();
        world.bank.setFault(fault);
        const stopped = await world.register(customer);
        expect(stopped).toMatchObject({ state: 'interrupted', error: { id } });
        await expectSuccessAfterResume(customer);
      },
    );

    it('one torn connection is not worth a word: the same request is sent again', async () => {
      const customer = await world.admit();
      world.bank.setFault({ next: 'drop-connection' });
      expect(await world.register(customer)).toMatchObject({ state: 'finished' });
      expectOneOfEverything(customer.userId);
    });

    it('waits while the bank thinks, shows until when, and ends by itself', async () => {
      const customer = await world.admit({ hold: true });
      const waits: string[] = [];
      world.kilt.runner.onChange(({ waitingUntil }) => waitingUntil && waits.push(waitingUntil));
      const { journalId } = await world.begin(customer);
      await eventually(() => waits.length > 0, { what: 'waiting' });
      world.bank.approve(customer.userId);
      expect(await world.kilt.runner.ended(journalId)).toMatchObject({ state: 'finished' });
      expectOneOfEverything(customer.userId);
    });

    it('a refusal carries the reason of the bank', async () => {
      const customer = await world.admit({ hold: true });
      const { journalId } = await world.begin(customer);
      await eventually(() => world.kilt.runner.list().some(({ waitingUntil }) => waitingUntil !== undefined));
      world.bank.refuse(customer.userId, 'Договор расторгнут');
      const ended = await world.kilt.runner.ended(journalId);
      expect(ended.error).toMatchObject({ id: 'ca-refused', data: { reason: 'Договор расторгнут' } });
    });
  });

  it('a mistyped user ID is corrected without making new keys', async () => {
    const [right, wrong] = [await world.admit({ pfxPassword: 'separate' }), await world.admit()];
    const noUid = { ...right, userId: wrong.userId };
    // The key file says whose it is, so a typing error in the ID is found before anything is changed.
    await expect(world.begin(noUid)).rejects.toThrow(expect.objectContaining({ code: '0200040' }));
    expect(await world.register(right)).toMatchObject({ state: 'finished' });
    expectOneOfEverything(right.userId);
  });
});
