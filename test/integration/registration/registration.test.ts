import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { secretFromText } from '#shared/bytes.ts';
import { registrationSteps } from '#shared/views.ts';
import type { RunningBank } from '#test/bank/start-bank.ts';
import { World, chosenPassword, openBank } from '#test/support/world.ts';

describe('a registration from an empty token', () => {
  let bank: RunningBank;
  let world: World;
  beforeAll(async () => {
    bank = await openBank();
  });
  afterAll(() => bank.stop());
  beforeEach(async () => {
    world = await World.open({ bank });
  });
  afterEach(() => world.close());

  it('ends with a registered profile that signs in', async () => {
    await world.insertNewToken({ serial: '3A5B7C1D' });
    expect(world.token()).toMatchObject({ kind: 'empty', label: null, serial: '3A5B7C1D' });
    const customer = await world.admit({ name: 'Айгерим Сапарова' });

    const ended = await world.register(customer);

    expect(ended.error).toBeUndefined();
    expect(ended.state).toBe('finished');
    expect(ended.done).toEqual([...registrationSteps]);
    expect(world.token()).toMatchObject({
      kind: 'registered',
      label: customer.userId,
      profiles: [{ userId: customer.userId }],
    });
    expect(world.token().certificates.map(({ purpose, keyOnToken }) => [purpose, keyOnToken])).toEqual([
      ['signature', true],
      ['sign-in', true],
    ]);
    expect(world.bank.registrations()).toHaveLength(1);

    const opened = await world.kilt.profiles.open(world.token().id, secretFromText(chosenPassword));
    expect(opened).toMatchObject({
      outcome: 'signed-in',
      home: { customerName: 'Айгерим Сапарова', defaultPin: false },
    });
  });
});
