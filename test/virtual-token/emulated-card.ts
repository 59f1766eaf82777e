import type { CardState } from './card-state.ts';

/**
 * A card as whatever holds it sees it: a reader, the vpcd client, or a fault injector in between.
 *
 * Powering is immediate; `transmit` rejects with {@link CardWithoutPower} or {@link CardRemoved} when no answer comes.
 */
export interface EmulatedCard {
  /** Answer to reset. */
  readonly atr: Uint8Array;
  powerOn(): void;
  powerOff(): void;
  reset(): void;
  /** Takes a command APDU, gives the response APDU (at least the status word). */
  transmit(command: Uint8Array): Promise<Uint8Array>;
}

/** A card whose memory can be read and replaced as a whole, which is what it takes to tear a write. */
export interface CardWithMemory extends EmulatedCard {
  /** All that outlives power. */
  snapshot(): CardState;
  /** Takes power away and puts this memory in place of the card's own. */
  reload(state: CardState): void;
}

/** The card has no power, or lost it before it could answer. */
export class CardWithoutPower extends Error {
  constructor() {
    super('the card has no power');
    this.name = 'CardWithoutPower';
  }
}

/** The card is not in the reader any more. */
export class CardRemoved extends Error {
  constructor() {
    super('the card was removed');
    this.name = 'CardRemoved';
  }
}
