import type { EmulatedCard } from '#test/virtual-token/emulated-card.ts';

/** A reader's place in which one token takes another's so fast that the smart-card service does not notice. */
export class ChangeableCard implements EmulatedCard {
  inPlace: EmulatedCard;

  constructor(first: EmulatedCard) {
    this.inPlace = first;
  }

  get atr(): Uint8Array {
    return this.inPlace.atr;
  }

  powerOn(): void {
    this.inPlace.powerOn();
  }

  powerOff(): void {
    this.inPlace.powerOff();
  }

  reset(): void {
    this.inPlace.reset();
  }

  transmit(command: Uint8Array): Promise<Uint8Array> {
    return this.inPlace.transmit(command);
  }

  /** The new token has power, and nobody has logged in on it. */
  change(next: EmulatedCard): void {
    this.inPlace.powerOff();
    this.inPlace = next;
    next.powerOn();
  }
}
