import { accessMode } from '../access.ts';
import type { CardContext, CommandHandler } from '../card-context.ts';
import { type KeyFile, PRIVATE_KEY_FOLDER, PUBLIC_KEY_FOLDER } from '../file-system.ts';
import { parameterSetOf } from '../gost/parameter-sets.ts';
import { bitsOfPrivateFile, bitsOfPublicFile, keyFileValues, modulusOf } from '../rsa-key.ts';
import { demand, statusWord } from '../status-word.ts';

/** P1 of GENERATE KEY PAIR (facts §2 no. 21). */
const GENERATE_AND_ANSWER = 0x80;
/** `A6 06 94 04 <exponent, little-endian>`; the exponent itself has no effect (facts §2 no. 21). */
const EXPONENT_BLOCK_HEAD = [0xa6, 0x06, 0x94, 0x04];
const EXPONENT_BLOCK_BYTES = 8;
const BITS_THAT_NEED_EXPONENT = 4096;

/** Values of both key files, and what GENERATE answers. */
interface NewKey {
  readonly privateValue: Uint8Array;
  readonly publicValue: Uint8Array;
  readonly answer: Uint8Array;
}

/**
 * GENERATE KEY PAIR, 00 46 80 ref: fills both key files of `ref`, answers with the RSA modulus or the GOST point, both
 * little-endian (facts §2 no. 21; T6, T15a).
 */
export const generateKeyPair: CommandHandler = async (card, command) => {
  demand(command.p1 === GENERATE_AND_ANSWER, statusWord.badParameters);
  const privateFile = card.files.key(PRIVATE_KEY_FOLDER, command.p2);
  const publicFile = card.files.key(PUBLIC_KEY_FOLDER, command.p2);
  demand(privateFile !== undefined && publicFile !== undefined, statusWord.referenceNotFound);
  for (const file of [privateFile, publicFile]) {
    card.session.demandRight(file, accessMode.key.write);
    demandWritable(card, file);
  }
  const make = privateFile.kind === 'gost-private' ? newGostPair : newRsaPair;
  const { privateValue, publicValue, answer } = await make(card, privateFile, publicFile, command.data);
  privateFile.value?.fill(0);
  privateFile.value = privateValue;
  publicFile.value = publicValue;
  card.changed();
  return answer;
};

async function newRsaPair(
  card: CardContext,
  privateFile: KeyFile,
  publicFile: KeyFile,
  data: Uint8Array,
): Promise<NewKey> {
  const bits = bitsOfPrivateFile(privateFile.size);
  const fits = publicFile.kind === 'rsa-public' && bitsOfPublicFile(publicFile.size) === bits;
  demand(bits !== undefined && fits, statusWord.conditionsNotMet);
  checkExponentBlock(data, bits >= BITS_THAT_NEED_EXPONENT && card.behaviour.rsa4096NeedsExponentBlock);
  const values = keyFileValues(await card.makeKey(() => card.rsaKeySource(bits)));
  return { ...values, answer: modulusOf(values.publicValue) };
}

function checkExponentBlock(data: Uint8Array, needed: boolean): void {
  if (data.length === 0 && !needed) return;
  const wellFormed =
    data.length === EXPONENT_BLOCK_BYTES && EXPONENT_BLOCK_HEAD.every((byte, i) => data[i] === byte);
  demand(wellFormed, statusWord.badData);
}

async function newGostPair(
  card: CardContext,
  privateFile: KeyFile,
  publicFile: KeyFile,
  data: Uint8Array,
): Promise<NewKey> {
  const set = parameterSetOf(privateFile.property);
  const fits = publicFile.kind === 'gost-public' && parameterSetOf(publicFile.property) === set;
  demand(set !== undefined && fits, statusWord.conditionsNotMet);
  // The exponent block is for RSA only (facts §2 no. 21).
  demand(data.length === 0, statusWord.badData);
  const { newGostKey } = await card.gostArithmetic();
  const values = await card.makeKey(async () => newGostKey(set));
  return { ...values, answer: values.publicValue.slice() };
}

/** @throws CardRefusal 6985 when a key with a value may not be replaced */
export function demandWritable(card: CardContext, file: KeyFile): void {
  const kept = file.value !== null && card.behaviour.keyOverwrite === 'refused';
  demand(!kept, statusWord.conditionsNotMet);
}
