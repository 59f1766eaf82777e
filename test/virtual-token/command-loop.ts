import { concatBytes } from '#shared/bytes.ts';

import { CHAINING_BIT, type CommandApdu, parseCommand, response } from './apdu.ts';
import type { CardContext, CommandHandler } from './card-context.ts';
import { type CommandEntry, commandTable, INTERINDUSTRY_CLASS, PROPRIETARY_CLASS } from './commands/table.ts';
import { CardRefusal, demand, exactLength, moreWaits, refuse, statusWord } from './status-word.ts';

const GET_RESPONSE = 0xc0;
const NOTHING = new Uint8Array();

/**
 * Carries out one command APDU: chaining before it, GET RESPONSE after it.
 *
 * @returns the response APDU; refusals are responses too. Rejects only when the card lost power meanwhile.
 */
export async function execute(card: CardContext, bytes: Uint8Array): Promise<Uint8Array> {
  try {
    const command = parseCommand(bytes);
    const isGetResponse = command.cla === INTERINDUSTRY_CLASS && command.ins === GET_RESPONSE;
    // In the middle of a chain it is out of place like any other command.
    if (isGetResponse && card.session.chain === null) return getResponse(card, command);
    card.session.waiting = null;
    const data = await carryOut(card, command);
    return firstPart(card, command, data ?? NOTHING);
  } catch (error) {
    if (error instanceof CardRefusal) return response(error.data, error.statusWord);
    throw error;
  }
}

function carryOut(card: CardContext, command: CommandApdu): ReturnType<CommandHandler> {
  // Of the proprietary class nothing is chained, so 90 is no class the token knows.
  const chained = command.cla === (INTERINDUSTRY_CLASS | CHAINING_BIT);
  const cla = chained ? INTERINDUSTRY_CLASS : command.cla;
  const before = takeChain(card, command, cla);
  const entry = entryFor(cla, command.ins);
  const chunks = [...before, command.data];
  const whole = { ...command, cla, chunks };
  if (chunks.length > 1 || chained) {
    const { chainLimit, checkChunk } = entry;
    demand(chainLimit !== undefined, statusWord.chainingNotSupported);
    const length = chunks.reduce((sum, chunk) => sum + chunk.length, 0);
    demand(command.data.length > 0 && length <= chainLimit, statusWord.wrongLength);
    if (chained) {
      checkChunk?.(card, whole);
      const { ins, p1, p2 } = command;
      card.session.chain = { cla, ins, p1, p2, chunks };
      return undefined;
    }
  }
  return entry.handle(card, chunks.length === 1 ? whole : { ...whole, data: concatBytes(...chunks) });
}

/** The chunks so far. A chain that is not continued is given up (ISO/IEC 7816-4 §5.3.3). */
function takeChain(card: CardContext, command: CommandApdu, cla: number): Uint8Array[] {
  const { chain } = card.session;
  card.session.chain = null;
  if (chain === null) return [];
  const continued =
    chain.cla === cla && chain.ins === command.ins && chain.p1 === command.p1 && chain.p2 === command.p2;
  demand(continued, statusWord.chainEndExpected);
  return chain.chunks;
}

function entryFor(cla: number, ins: number): CommandEntry {
  demand(cla === INTERINDUSTRY_CLASS || cla === PROPRIETARY_CLASS, statusWord.unknownClass);
  const entry = commandTable[cla]?.[ins];
  demand(entry !== undefined, statusWord.unknownInstruction);
  return entry;
}

function firstPart(card: CardContext, command: CommandApdu, data: Uint8Array): Uint8Array {
  if (data.length === 0) return response(NOTHING, statusWord.ok);
  const direct = card.behaviour.answerWithoutLe === 'direct' ? 256 : 0;
  const length = command.le ?? direct;
  return part(card, data, length);
}

/** GET RESPONSE, 00 C0: the rest of the last answer (facts §2 no. 27). */
function getResponse(card: CardContext, command: CommandApdu): Uint8Array {
  const { waiting } = card.session;
  demand(command.p1 === 0 && command.p2 === 0, statusWord.badParameters);
  demand(waiting !== null, statusWord.conditionsNotMet);
  demand(command.le !== null && command.data.length === 0, statusWord.wrongLength);
  // Le 00 means "all there is"; another length must be there.
  if (command.le < 256 && command.le > waiting.length) refuse(exactLength(waiting.length));
  card.session.waiting = null;
  return part(card, waiting, command.le);
}

function part(card: CardContext, data: Uint8Array, length: number): Uint8Array {
  const rest = data.slice(length);
  if (rest.length === 0) return response(data, statusWord.ok);
  card.session.waiting = rest;
  return response(data.slice(0, length), moreWaits(rest.length));
}
