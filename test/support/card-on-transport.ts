import { toHex } from '#shared/bytes.ts';
import { KiltError } from '#shared/errors.ts';
import type { CardTransport } from '#main/token/card-transport.ts';
import { CardRemoved, type EmulatedCard } from '#test/virtual-token/emulated-card.ts';

export interface CardOnTransport extends CardTransport {
  /** Every command that reached the card, in hexadecimal. */
  readonly commands: readonly string[];
  /** Lets this many more commands through; after them the token is out of the reader. */
  removeAfter(commands: number): void;
}

/**
 * A card in this process as a transport: no reader, no PC/SC, no wire.
 *
 * @param options.powered the card has power already; without it the card is powered on, which ends all logins
 */
export function cardOnTransport(
  card: EmulatedCard,
  options: { readonly removeAfter?: number; readonly powered?: boolean } = {},
): CardOnTransport {
  const commands: string[] = [];
  let left = options.removeAfter ?? Number.POSITIVE_INFINITY;
  if (options.powered !== true) card.powerOn();
  return {
    readerName: 'In-process reader',
    atr: card.atr,
    commands,
    removeAfter: (count) => {
      left = count;
    },
    async transmit(command) {
      if (left <= 0) throw new KiltError('token-removed', { reader: 'In-process reader' });
      left -= 1;
      commands.push(toHex(command));
      try {
        return await card.transmit(command);
      } catch (error) {
        if (!(error instanceof CardRemoved)) throw error;
        throw new KiltError('token-removed', { reader: 'In-process reader' }, { cause: error });
      }
    },
    beginTransaction: () => Promise.resolve(),
    endTransaction: () => Promise.resolve(),
    close: () => Promise.resolve(),
  };
}
