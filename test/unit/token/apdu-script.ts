import { expect } from 'vitest';
import { fromHex, toHex } from '#shared/bytes.ts';
import type { CardTransport } from '#main/token/card-transport.ts';

/** KAZTOKEN, T=1. */
const kaztokenAtr = '3B 88 01 4B 41 5A 54 4F 4B 45 4E 82';

export interface ScriptedCard extends CardTransport {
  /** Fails when exchanges of the script were not asked for. */
  expectNoneLeftOver(): void;
}

/** A card that expects exactly these commands, in this order, and gives these answers. */
export function scriptedCard(
  exchanges: readonly (readonly [command: string, response: string])[],
  atr = kaztokenAtr,
): ScriptedCard {
  const left = exchanges.map(([command, response]) => ({
    command: toHex(fromHex(command)),
    response: fromHex(response),
  }));
  return {
    readerName: 'Script',
    atr: fromHex(atr),
    async transmit(command) {
      const next = left.shift();
      expect(toHex(command), 'command sent to the card').toBe(next?.command ?? 'no further command');
      return next?.response ?? fromHex('6F00');
    },
    beginTransaction: () => Promise.resolve(),
    endTransaction: () => Promise.resolve(),
    close: () => Promise.resolve(),
    expectNoneLeftOver: () => expect(left.map(({ command }) => command)).toEqual([]),
  };
}
