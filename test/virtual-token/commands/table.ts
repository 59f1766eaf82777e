import type { CardCommand, CardContext, CommandHandler } from '../card-context.ts';
import { getChallenge, getData } from './card-data.ts';
import { createFile } from './create-file.ts';
import { deleteFile, readBinary, updateBinary } from './file-contents.ts';
import { endInitialisation, eraseAll } from './initialise.ts';
import { generateKeyPair } from './key-pair.ts';
import { resetAccessRights, resetRetryCounter, verify } from './pin.ts';
import { manageSecurityEnvironment, performSecurityOperation } from './security-operation.ts';
import { select } from './select.ts';
import { changeReferenceData, checkValueChunk } from './write-value.ts';

export interface CommandEntry {
  readonly handle: CommandHandler;
  /** Present when the command may come in chunks: the most bytes of all chunks together. */
  readonly chainLimit?: number;
  /** Looks at the chunks so far, to refuse a chain before its end. */
  readonly checkChunk?: (card: CardContext, command: CardCommand) => void;
}

export const INTERINDUSTRY_CLASS = 0x00;
export const PROPRIETARY_CLASS = 0x80;

/** RSA-4096: one block of the modulus' length. */
const LONGEST_BLOCK = 512;
/** RSA-4096 private key file with its TLVs (facts §3.5). */
const LONGEST_VALUE = 1400;

/** All commands but GET RESPONSE, which belongs to the transport (facts §2). */
export const commandTable: Readonly<Record<number, Readonly<Record<number, CommandEntry>>>> = {
  [INTERINDUSTRY_CLASS]: {
    0x20: { handle: verify },
    0x22: { handle: manageSecurityEnvironment },
    0x24: { handle: changeReferenceData, chainLimit: LONGEST_VALUE, checkChunk: checkValueChunk },
    0x2a: { handle: performSecurityOperation, chainLimit: LONGEST_BLOCK },
    0x2c: { handle: resetRetryCounter },
    0x46: { handle: generateKeyPair },
    0x84: { handle: getChallenge },
    0xa4: { handle: select },
    0xb0: { handle: readBinary },
    0xca: { handle: getData },
    0xd6: { handle: updateBinary },
    0xe0: { handle: createFile },
    0xe4: { handle: deleteFile },
  },
  [PROPRIETARY_CLASS]: {
    0x40: { handle: resetAccessRights },
    0x84: { handle: endInitialisation },
    0x8a: { handle: eraseAll },
  },
};
