import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { secretFromText } from '#shared/bytes.ts';
import type { RunningBank } from '#test/bank/start-bank.ts';
import { World, chosenPassword, openBank, type InsertedToken } from '#test/support/world.ts';

/** ID and ПИН alone prove who asks: only the CA can tell that an ID is wrong, when the keys are on the token already. */
describe('a user ID that was typed wrong, at a bank without key files', () => {
  let bank: RunningBank;
  let world: World;
  let token: InsertedToken;
  beforeEach(async () => {
    bank = await openBank({ authentication: 'id-and-pin' });
    world = await World.open({ bank });
    token = await world.insertNewToken();
  });
  afterEach(async () => {
    await world.close();
    await bank.stop();
  });

  it('is refused by the CA, put right, and the registration ends with the same keys and the right name', async () => {
    const customer = await world.admit();
    const refused = await world.register({ ...customer, userId: 'qq111111_demo' });
    expect(refused).toMatchObject({
      state: 'interrupted',
      current: 'signature-certificate-received',
      error: { id: 'registration-data-refused' },
    });

    const opened = await world.kilt.profiles.open(world.token().id, secretFromText(chosenPassword));
    expect(opened.outcome).toBe('continue-registration');
    const { userId, pin } = customer;
    const { journalId } = await world.kilt.resume({
      registrationId: refused.journalId,
      tokenId: world.token().id,
      data: { userId, registrationPin: pin },
    });

    expect(await world.kilt.runner.ended(journalId)).toMatchObject({ state: 'finished', userId });
    expect(world.token()).toMatchObject({ kind: 'registered', profiles: [{ userId }], label: userId });
    expect(token.watched.keyFiles()).toEqual({ privateKeys: 2, publicKeys: 2, empty: 0 });
    expect(token.watched.refusedVerifies).toBe(0);
    expect(bank.registrations()).toHaveLength(1);
  });

  it('stays as it is once the CA has issued the certificate that holds it', async () => {
    const customer = await world.admit();
    bank.setFault({ next: 'http-500', on: 'api' });
    const stopped = await world.register(customer);
    await world.kilt.profiles.open(world.token().id, secretFromText(chosenPassword));
    const corrected = world.kilt.resume({
      registrationId: stopped.journalId,
      tokenId: world.token().id,
      data: { userId: 'qq222222_demo', registrationPin: customer.pin },
    });
    await expect(corrected).rejects.toThrow(
      expect.objectContaining({ id: 'input-invalid', data: { field: 'userId' } }),
    );
    expect(await world.resume(customer)).toMatchObject({ state: 'finished', userId: customer.userId });
  });
});
