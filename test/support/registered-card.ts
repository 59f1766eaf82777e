import { VirtualCard } from '#test/virtual-token/card.ts';
import type { RunningBank } from '#test/bank/start-bank.ts';
import { rsaKeyFromStock } from './rsa-key-stock.ts';
import { WatchedCard } from './watched-card.ts';
import { World, newCard } from './world.ts';
import { FaultyCard } from '#test/virtual-token/faults.ts';

/** Registers a new token in the bank, with Kilt itself. Its password is `chosenPassword`. */
export async function registerNewCard(
  bank: RunningBank,
): Promise<{ readonly card: WatchedCard; readonly userId: string }> {
  const card = newCard();
  const world = await World.open({ bank });
  try {
    await world.insert(new FaultyCard(card));
    const customer = await world.admit();
    const { state, error } = await world.register(customer);
    if (state !== 'finished') throw new Error(`registration: ${state} ${error?.id ?? ''}`);
    return { card: copyOf(card), userId: customer.userId };
  } finally {
    await world.close();
  }
}

/** The same card with a fresh witness. */
const copyOf = (card: WatchedCard): WatchedCard => {
  const copy = new WatchedCard(
    VirtualCard.create({ profile: 'default-pins' }, { rsaKeySource: rsaKeyFromStock }),
  );
  copy.reload(card.snapshot());
  return copy;
};
