import { concatBytes } from '#shared/bytes.ts';

import { accessMode } from '../access.ts';
import type { CardCommand, CardContext, CommandHandler } from '../card-context.ts';
import { number16 } from '../fcp.ts';
import type { KeyFile, PinFile } from '../file-system.ts';
import { parameterSetOf } from '../gost/parameter-sets.ts';
import { checkPublicValue, keyFromPrivateValue } from '../rsa-key.ts';
import { demand, statusWord } from '../status-word.ts';
import { demandPinChange, pinNamed, setPin } from './pin.ts';
import { demandWritable } from './key-pair.ts';

/** CHANGE REFERENCE DATA in the token's own form: "write this value" (facts §2 no. 14). */
const WRITE_VALUE = 0x01;
const CURRENT_FILE = 0x00;
const tag = { totalLength: 0x80, part: 0xa5 } as const;
const TOTAL_LENGTH_BYTES = 2;

/**
 * CHANGE REFERENCE DATA, 00 24 01 ref: sets PIN `ref`, or with ref 00 the value of the selected special file.
 *
 * The data is `80 02 hh ll` and parts `A5 n …`; each chunk of a chain holds whole parts (facts §2 "chaining", T16).
 */
export const changeReferenceData: CommandHandler = async (card, command) => {
  const target = targetOf(card, command);
  const value = readValue(command.chunks);
  if (target.type === 'pin') setPin(card, target, value);
  else await importKey(card, target, value);
  value.fill(0);
  return undefined;
};

/** Refuses a chunk of a chain as early as the card can. */
export function checkValueChunk(card: CardContext, command: CardCommand): void {
  targetOf(card, command);
  readParts(command.chunks);
}

function targetOf(card: CardContext, command: CardCommand): PinFile | KeyFile {
  demand(command.p1 === WRITE_VALUE, statusWord.badParameters);
  const target = command.p2 === CURRENT_FILE ? selectedSpecialFile(card) : pinNamed(card, command.p2);
  if (target.type === 'pin') {
    demandPinChange(card, target);
  } else {
    card.session.demandRight(target, accessMode.key.write);
    demandWritable(card, target);
  }
  return target;
}

function selectedSpecialFile(card: CardContext): PinFile | KeyFile {
  const { file } = card.session;
  demand(file !== null, statusWord.noCurrentFile);
  demand(file.type !== 'data', statusWord.wrongFileType);
  return file;
}

async function importKey(card: CardContext, file: KeyFile, value: Uint8Array): Promise<void> {
  demand(value.length === file.size, statusWord.badData);
  if (card.behaviour.importedKeys === 'checked') await checkKeyValue(card, file, value);
  file.value?.fill(0);
  file.value = value.slice();
  card.changed();
}

/** What no key can be is refused here (facts §8). @throws CardRefusal 6A80 */
async function checkKeyValue(card: CardContext, file: KeyFile, value: Uint8Array): Promise<void> {
  switch (file.kind) {
    case 'rsa-private':
      keyFromPrivateValue(value);
      return;
    case 'rsa-public':
      checkPublicValue(value);
      return;
    case 'gost-private':
    case 'gost-public': {
      const set = parameterSetOf(file.property);
      const { isPrivateValue, isPublicValue } = await card.gostArithmetic();
      const isKey = file.kind === 'gost-private' ? isPrivateValue : isPublicValue;
      demand(set !== undefined && isKey(set, value), statusWord.badData);
    }
  }
}

function readValue(chunks: readonly Uint8Array[]): Uint8Array {
  const { total, parts } = readParts(chunks);
  const value = concatBytes(...parts);
  demand(value.length === total, statusWord.badData);
  return value;
}

function readParts(chunks: readonly Uint8Array[]): { total: number; parts: Uint8Array[] } {
  const first = chunks[0] ?? new Uint8Array();
  demand(first[0] === tag.totalLength && first[1] === TOTAL_LENGTH_BYTES, statusWord.badData);
  const head = 2 + TOTAL_LENGTH_BYTES;
  demand(first.length >= head, statusWord.badData);
  const parts = chunks.flatMap((chunk, i) => partsOf(i === 0 ? chunk.subarray(head) : chunk));
  return { total: number16(first.subarray(2)), parts };
}

/** The part's length is one byte even above 127: this is not BER (facts §2 "chaining"). */
function partsOf(chunk: Uint8Array): Uint8Array[] {
  const parts: Uint8Array[] = [];
  for (let at = 0; at < chunk.length;) {
    const length = chunk[at + 1];
    demand(chunk[at] === tag.part && length !== undefined, statusWord.badData);
    demand(at + 2 + length <= chunk.length, statusWord.badData);
    parts.push(chunk.subarray(at + 2, at + 2 + length));
    at += 2 + length;
  }
  demand(parts.length > 0, statusWord.badData);
  return parts;
}
