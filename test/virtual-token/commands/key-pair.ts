import type { KeyObject } from 'node:crypto';

import { accessMode } from '../access.ts';
import type { CardContext, CommandHandler } from '../card-context.ts';
import { type KeyFile, PRIVATE_KEY_FOLDER, PUBLIC_KEY_FOLDER } from '../file-system.ts';
import {
  bitsOfPrivateFile,
  bitsOfPublicFile,
  keyFileValues,
  keyFromPrivateValue,
  modulusOf,
  rawPrivateOperation,
} from '../rsa-key.ts';
import { demand, refuse, statusWord } from '../status-word.ts';

/** P1 of GENERATE KEY PAIR (facts §2 no. 21). */
const GENERATE_AND_ANSWER = 0x80;
/** `A6 06 94 04 <exponent, little-endian>`; the exponent itself has no effect (facts §2 no. 21). */
const EXPONENT_BLOCK_HEAD = [0xa6, 0x06, 0x94, 0x04];
const EXPONENT_BLOCK_BYTES = 8;
const BITS_THAT_NEED_EXPONENT = 4096;

/** P1 P2 of MSE SET and PSO (facts §2 no. 22–26). */
const SET_FOR_OPERATION = 0x41;
const template = { sign: 0xb6, decipher: 0xb8 } as const;
const KEY_REFERENCE_TAG = 0x84;
const operation = { sign: 0x9e9a, decipher: 0x8086 } as const;

/** GENERATE KEY PAIR, 00 46 80 ref: fills both key files of `ref`, answers with the modulus (facts §2 no. 21, T6). */
export const generateKeyPair: CommandHandler = async (card, command) => {
  demand(command.p1 === GENERATE_AND_ANSWER, statusWord.badParameters);
  const privateFile = card.files.key(PRIVATE_KEY_FOLDER, command.p2);
  const publicFile = card.files.key(PUBLIC_KEY_FOLDER, command.p2);
  demand(privateFile !== undefined && publicFile !== undefined, statusWord.referenceNotFound);
  for (const file of [privateFile, publicFile]) {
    card.session.demandRight(file, accessMode.key.write);
    demandWritable(card, file);
  }
  if (privateFile.kind === 'gost-private') return gostNotImplemented();
  const bits = bitsOfPrivateFile(privateFile.size);
  const fits = publicFile.kind === 'rsa-public' && bitsOfPublicFile(publicFile.size) === bits;
  demand(bits !== undefined && fits, statusWord.conditionsNotMet);
  checkExponentBlock(
    command.data,
    bits >= BITS_THAT_NEED_EXPONENT && card.behaviour.rsa4096NeedsExponentBlock,
  );

  const { privateValue, publicValue } = keyFileValues(await card.makeRsaKey(bits));
  privateFile.value?.fill(0);
  privateFile.value = privateValue;
  publicFile.value = publicValue;
  card.changed();
  return modulusOf(publicValue);
};

function checkExponentBlock(data: Uint8Array, needed: boolean): void {
  if (data.length === 0 && !needed) return;
  const wellFormed =
    data.length === EXPONENT_BLOCK_BYTES && EXPONENT_BLOCK_HEAD.every((byte, i) => data[i] === byte);
  demand(wellFormed, statusWord.badData);
}

/** MANAGE SECURITY ENVIRONMENT SET, 00 22 41 B6/B8: which key signs or deciphers (facts §2 no. 22, 23). */
export const manageSecurityEnvironment: CommandHandler = (card, command) => {
  demand(command.p1 === SET_FOR_OPERATION, statusWord.badParameters);
  demand(command.p2 === template.sign || command.p2 === template.decipher, statusWord.badParameters);
  const [name, length, reference = 0] = command.data;
  demand(command.data.length === 3 && name === KEY_REFERENCE_TAG && length === 1, statusWord.badData);
  const key = card.files.key(PRIVATE_KEY_FOLDER, reference);
  demand(key !== undefined, statusWord.referenceNotFound);
  demand(!card.behaviour.keyMustBeSelected || card.session.file === key, statusWord.conditionsNotMet);
  if (command.p2 === template.sign) card.session.signingKey = reference;
  else card.session.decipheringKey = reference;
  return undefined;
};

/** PERFORM SECURITY OPERATION, 00 2A: one raw block, reversed both ways (facts §2 no. 25, 26; T7, T13). */
export const performSecurityOperation: CommandHandler = (card, command) => {
  const wanted = (command.p1 << 8) | command.p2;
  demand(wanted === operation.sign || wanted === operation.decipher, statusWord.badParameters);
  const { signingKey, decipheringKey } = card.session;
  const reference = wanted === operation.sign ? signingKey : decipheringKey;
  demand(reference !== null, statusWord.conditionsNotMet);
  const file = card.files.key(PRIVATE_KEY_FOLDER, reference);
  demand(file !== undefined, statusWord.referenceNotFound);
  card.session.demandRight(file, accessMode.key.use);
  if (file.kind === 'gost-private') return gostNotImplemented();
  demand(file.value !== null, statusWord.conditionsNotMet);
  demand(command.data.length * 8 === bitsOfPrivateFile(file.size), statusWord.wrongLength);
  return rawPrivateOperation(keyIn(file, file.value), command.data);
};

/** Rebuilding a key takes BigInt arithmetic, so it is done once for each value. */
const rebuiltKeys = new WeakMap<Uint8Array, KeyObject>();
function keyIn(file: KeyFile, value: Uint8Array): KeyObject {
  const known = rebuiltKeys.get(value);
  if (known !== undefined) return known;
  const key = keyFromPrivateValue(value);
  rebuiltKeys.set(value, key);
  return key;
}

/** @throws CardRefusal 6985 when a key with a value may not be replaced */
export function demandWritable(card: CardContext, file: KeyFile): void {
  const kept = file.value !== null && card.behaviour.keyOverwrite === 'refused';
  demand(!kept, statusWord.conditionsNotMet);
}

/** GOST R 34.10-2001: key files can be made, but nothing computes with them yet. The one place that says so. */
function gostNotImplemented(): never {
  return refuse(statusWord.functionNotSupported);
}
