import { KiltError } from '#shared/errors.ts';

/** A command to the card, ISO 7816-4 §5.1, short form. */
export interface CommandApdu {
  readonly cla: number;
  readonly ins: number;
  readonly p1: number;
  readonly p2: number;
  /** More than 255 bytes need command chaining before they can be encoded. */
  readonly data?: Uint8Array;
  /** How many bytes are wanted back, 1…256. Absent when the command answers with a status word only. */
  readonly le?: number;
}

export interface ResponseApdu {
  readonly data: Uint8Array;
  /** SW1 SW2 as one number, for example `0x9000`. */
  readonly statusWord: number;
}

/** Sends one command and gives its response. Processors wrap one channel in another. */
export interface ApduChannel {
  send(command: CommandApdu): Promise<ResponseApdu>;
}

/** The readers of this token family exchange short APDUs only (dwMaxCCIDMessageLength 271, facts §1.3). */
export const maxShortData = 255;
export const maxShortResponse = 256;

/** CLA bit "more commands of this chain follow", ISO 7816-4 §5.3.3. */
export const chainingBit = 0x10;

/**
 * Bytes of one short APDU.
 *
 * @param options.omitLe leaves Le out of a command that carries data, as T=0 wants (ISO 7816-3 §12.2.5)
 * @throws RangeError when data or Le do not fit: such a command should have been chained
 */
export function encodeCommand(command: CommandApdu, options: { omitLe?: boolean } = {}): Uint8Array {
  const { cla, ins, p1, p2, data, le } = command;
  for (const byte of [cla, ins, p1, p2]) {
    if (!Number.isInteger(byte) || byte < 0 || byte > 0xff)
      throw new RangeError('APDU header byte out of range');
  }
  const lc = data?.length ?? 0;
  if (lc > maxShortData) throw new RangeError('command data does not fit a short APDU');
  if (le !== undefined && (!Number.isInteger(le) || le < 1 || le > maxShortResponse)) {
    throw new RangeError('Le does not fit a short APDU');
  }
  const withLe = le !== undefined && !(options.omitLe === true && lc > 0);
  const bytes = new Uint8Array(4 + (lc > 0 ? 1 + lc : 0) + (withLe ? 1 : 0));
  bytes.set([cla, ins, p1, p2]);
  if (data !== undefined && lc > 0) {
    bytes[4] = lc;
    bytes.set(data, 5);
  }
  if (withLe) bytes[bytes.length - 1] = le & 0xff; // 256 is written as 00
  return bytes;
}

/** @throws KiltError `token-answer-unexpected` when there is no status word */
export function decodeResponse(bytes: Uint8Array): ResponseApdu {
  const [sw1, sw2] = bytes.subarray(-2);
  if (sw1 === undefined || sw2 === undefined) {
    throw new KiltError('token-answer-unexpected', { step: 'response', length: bytes.length });
  }
  return { data: bytes.slice(0, -2), statusWord: (sw1 << 8) | sw2 };
}
