import type { RunningBank } from '#test/bank/start-bank.ts';
import { FaultyCard } from '#test/virtual-token/faults.ts';
import type { VirtualCardOptions } from '#test/virtual-token/profiles.ts';
import type { CardState } from '#test/virtual-token/card-state.ts';
import type { WatchedCard } from './watched-card.ts';
import { World, newCard } from './world.ts';

/** A token with a profile, as it was right after its registration. Its password is `chosenPassword`. */
export interface RegisteredCard {
  readonly state: CardState;
  readonly userId: string;
}

/** Registers a new token in the bank, with Kilt itself. */
export async function registerNewCard(
  bank: RunningBank,
  options: Partial<VirtualCardOptions> = {},
): Promise<RegisteredCard> {
  const card = newCard(options);
  const world = await World.open({ bank });
  try {
    await world.insert(new FaultyCard(card));
    const customer = await world.admit();
    const { state, error } = await world.register(customer);
    if (state !== 'finished') throw new Error(`registration: ${state} ${error?.id ?? ''}`);
    return { state: card.snapshot(), userId: customer.userId };
  } finally {
    await world.close();
  }
}

/** The card with a fresh witness. */
export function registeredCard({ state }: RegisteredCard): WatchedCard {
  const card = newCard();
  card.reload(state);
  return card;
}
