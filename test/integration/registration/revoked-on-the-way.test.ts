import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { RunningBank } from '#test/bank/start-bank.ts';
import { World, openBank, type InsertedToken } from '#test/support/world.ts';

/** A certificate that the CA revokes, or that nobody vouches for, before it is on the token: it never gets there. */
describe('between issue and storing', () => {
  let bank: RunningBank;
  let world: World;
  let token: InsertedToken;
  beforeAll(async () => {
    bank = await openBank({ revocation: 'required' });
  });
  afterAll(() => bank.stop());
  beforeEach(async () => {
    bank.setFault({ next: 'none', on: 'revocation' });
    world = await World.open({ bank });
    token = await world.insertNewToken();
  });
  afterEach(() => world.close());

  const stored = () => world.kilt.tokens.tokens()[0]?.objects?.certificates.length;

  it('a revoked certificate is not stored, and the registration goes on with another', async () => {
    const customer = await world.admit();
    // The CA issues; its answer is lost each time.
    bank.setFault({ next: 'drop-connection', times: 3 });
    const cut = await world.register(customer);
    expect(cut).toMatchObject({ state: 'interrupted', current: 'signature-certificate-received' });
    bank.revoke(customer.userId, 'signature', 'keyCompromise');

    const refused = await world.resume(customer);
    expect(refused).toMatchObject({
      state: 'interrupted',
      error: { id: 'certificate-revoked', data: { reason: 'keyCompromise' } },
    });
    expect(stored()).toBe(0);
    expect(world.token().kind).toBe('unfinished');

    expect(await world.resume(customer)).toMatchObject({ state: 'finished' });
    expect(token.watched.keyFiles()).toEqual({ privateKeys: 2, publicKeys: 2, empty: 0 });
    expect(bank.registrations().filter(({ userId }) => userId === customer.userId)).toHaveLength(1);
    expect(token.watched.refusedVerifies).toBe(0);
  });
});

describe('between issue and storing, with ID and ПИН alone,', () => {
  it('a certificate that nobody vouches for waits until somebody does, and is the same one', async () => {
    const bank = await openBank({ revocation: 'required', authentication: 'id-and-pin' });
    const world = await World.open({ bank });
    await world.insertNewToken();
    const customer = await world.admit();
    bank.setFault({ next: 'stale', on: 'revocation', times: 20 });

    const refused = await world.register(customer);
    expect(refused).toMatchObject({
      state: 'interrupted',
      current: 'signature-certificate-received',
      error: { id: 'revocation-unknown' },
    });
    expect(world.kilt.tokens.tokens()[0]?.objects?.certificates).toHaveLength(0);

    bank.setFault({ next: 'none', on: 'revocation' });
    expect(await world.resume(customer)).toMatchObject({ state: 'finished' });
    const row = bank.customers().find(({ userId }) => userId === customer.userId);
    expect(row?.certificates.filter(({ purpose }) => purpose === 'signature')).toHaveLength(1);
    expect(bank.registrations().filter(({ userId }) => userId === customer.userId)).toHaveLength(1);
    await world.close();
    await bank.stop();
  });
});
