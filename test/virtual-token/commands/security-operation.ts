import type { KeyObject } from 'node:crypto';

import { accessMode } from '../access.ts';
import type { CardContext, CommandHandler } from '../card-context.ts';
import { type KeyFile, PRIVATE_KEY_FOLDER } from '../file-system.ts';
import { gostBytes, parameterSetOf } from '../gost/parameter-sets.ts';
import { hashOnWire, signatureOnWire } from '../gost/wire-form.ts';
import { bitsOfPrivateFile, keyFromPrivateValue, rawPrivateOperation } from '../rsa-key.ts';
import { demand, statusWord } from '../status-word.ts';

/** P1 P2 of MSE SET and PSO (facts §2 no. 22–26). */
const SET_FOR_OPERATION = 0x41;
const template = { sign: 0xb6, decipher: 0xb8 } as const;
const KEY_REFERENCE_TAG = 0x84;
const operation = { sign: 0x9e9a, decipher: 0x8086 } as const;

/**
 * MANAGE SECURITY ENVIRONMENT SET, 00 22 41 B6/B8: which key signs or deciphers (facts §2 no. 22, 23). RESTORE, 22 F3,
 * is refused as newer cards do (no. 24).
 */
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

/** PERFORM SECURITY OPERATION, 00 2A: one raw block, reversed both ways (facts §2 no. 25, 26; T7, T13, T15b). */
export const performSecurityOperation: CommandHandler = (card, command) => {
  const wanted = (command.p1 << 8) | command.p2;
  demand(wanted === operation.sign || wanted === operation.decipher, statusWord.badParameters);
  const { signingKey, decipheringKey } = card.session;
  const reference = wanted === operation.sign ? signingKey : decipheringKey;
  demand(reference !== null, statusWord.conditionsNotMet);
  const file = card.files.key(PRIVATE_KEY_FOLDER, reference);
  demand(file !== undefined, statusWord.referenceNotFound);
  card.session.demandRight(file, accessMode.key.use);
  demand(file.value !== null, statusWord.conditionsNotMet);
  if (file.kind === 'gost-private') {
    // GOST R 34.10 signs; there is nothing to decipher with it.
    demand(wanted === operation.sign, statusWord.conditionsNotMet);
    return signWithGost(card, file, file.value, command.data);
  }
  demand(command.data.length * 8 === bitsOfPrivateFile(file.size), statusWord.wrongLength);
  return rawPrivateOperation(keyIn(file.value), command.data);
};

async function signWithGost(
  card: CardContext,
  file: KeyFile,
  value: Uint8Array,
  data: Uint8Array,
): Promise<Uint8Array> {
  demand(data.length === gostBytes.hash, statusWord.wrongLength);
  const set = parameterSetOf(file.property);
  const { signHash, isPrivateValue } = await card.gostArithmetic();
  demand(set !== undefined && isPrivateValue(set, value), statusWord.badData);
  const { gostHashOrder, gostSignatureLayout } = card.behaviour;
  return signatureOnWire(signHash(set, value, hashOnWire(data, gostHashOrder)), gostSignatureLayout);
}

/** Rebuilding a key takes BigInt arithmetic, so it is done once for each value. */
const rebuiltKeys = new WeakMap<Uint8Array, KeyObject>();
function keyIn(value: Uint8Array): KeyObject {
  const known = rebuiltKeys.get(value);
  if (known !== undefined) return known;
  const key = keyFromPrivateValue(value);
  rebuiltKeys.set(value, key);
  return key;
}
