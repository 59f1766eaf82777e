import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { RunningBank } from '#test/bank/start-bank.ts';
import { chosenPassword, factoryPin, newCard, openBank } from '#test/support/world.ts';
import type { WatchedCard } from '#test/support/watched-card.ts';
import { CommandLineDesk, fd } from '#test/support/command-line.ts';

/** A bank that asks for user ID and ПИН and nothing else, at the command line. */
describe('kilt register with ID and ПИН alone', () => {
  let bank: RunningBank;
  let card: WatchedCard;
  let desk: CommandLineDesk;
  beforeAll(async () => {
    bank = await openBank({ authentication: 'id-and-pin' });
  });
  afterAll(() => bank.stop());
  beforeEach(async () => {
    card = newCard();
    desk = await CommandLineDesk.set(card);
  });
  afterEach(() => desk.clear());

  const kilt = (args: readonly string[], ...secrets: string[]) =>
    desk.run([...args, '--bank-file', bank.bankFile], secrets);
  const register = (userId: string, registrationPin: string, ...more: string[]) =>
    kilt(
      [
        ...['register', '--user-id', userId, ...more],
        ...['--pin-fd', fd, '--registration-pin-fd', fd, '--new-pin-fd', fd],
      ],
      factoryPin,
      registrationPin,
      chosenPassword,
    );
  const admit = async () => {
    const { userId, pin } = await bank.admit();
    return { userId, pin: Buffer.from(pin).toString() };
  };

  it('needs no key file, and the profile signs in', async () => {
    const { userId, pin } = await admit();
    expect((await register(userId, pin)).value).toMatchObject({
      registered: true,
      registration: { userId, state: 'finished' },
    });
    expect((await kilt(['sign-in', '--pin-fd', fd], chosenPassword)).value).toMatchObject({
      signedIn: true,
      home: { userId },
    });
    expect(card.keyFiles()).toEqual({ privateKeys: 2, publicKeys: 2, empty: 0 });
    expect(card.refusedVerifies).toBe(0);
  });

  it('refused for a mistyped ПИН goes on with the right one and the same keys', async () => {
    const { userId, pin } = await admit();
    expect((await register(userId, 'AAAAAAAAAA1')).value).toMatchObject({
      error: { id: 'registration-data-refused' },
    });
    const keys = card.keyFiles();
    const again = await kilt(
      ['register', '--user-id', userId, '--pin-fd', fd, '--registration-pin-fd', fd],
      chosenPassword,
      pin,
    );
    expect(again.value).toMatchObject({ registered: true, registration: { state: 'finished' } });
    expect(card.keyFiles()).toEqual(keys);
    expect(bank.registrations().filter((one) => one.userId === userId)).toHaveLength(1);
    expect(card.refusedVerifies).toBe(0);
  });
});
