import { chainingBit, maxShortData, type ApduChannel, type CommandApdu } from './apdu.ts';
import { statusWords } from './status-words.ts';

/** The short commands that carry `command`: all but the last have the chaining bit and want nothing back. */
export function chainOf(command: CommandApdu): readonly CommandApdu[] {
  const { cla, ins, p1, p2, data } = command;
  if (data === undefined || data.length <= maxShortData) return [command];
  const chain: CommandApdu[] = [];
  let at = 0;
  for (; data.length - at > maxShortData; at += maxShortData) {
    chain.push({ cla: cla | chainingBit, ins, p1, p2, data: data.subarray(at, at + maxShortData) });
  }
  return [...chain, { ...command, data: data.subarray(at) }];
}

/** Splits long command data with command chaining (ISO 7816-4 §5.3.3): the card takes no extended APDUs. */
export function withCommandChaining(next: ApduChannel): ApduChannel {
  return {
    async send(command) {
      const chain = chainOf(command);
      for (const link of chain.slice(0, -1)) {
        const response = await next.send(link);
        if (response.statusWord !== statusWords.ok) return response;
      }
      return next.send(chain.at(-1) ?? command);
    },
  };
}
