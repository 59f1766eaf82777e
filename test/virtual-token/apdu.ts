import { demand, statusWord } from './status-word.ts';

/** A command APDU taken apart (ISO/IEC 7816-3 §12.1, short form only: the token's CCID layer takes 261 bytes, facts §1.3). */
export interface CommandApdu {
  readonly cla: number;
  readonly ins: number;
  readonly p1: number;
  readonly p2: number;
  readonly data: Uint8Array;
  /** 1…256; `null` when the command carries no Le. */
  readonly le: number | null;
}

/** CLA bit 5: more chunks of this command follow (ISO/IEC 7816-4 §5.3.3). */
export const CHAINING_BIT = 0x10;
const HEADER_BYTES = 4;
const LC_AT = 4;
const LE_FOR_256 = 256;

/**
 * Takes a short command APDU apart.
 *
 * @throws CardRefusal 6700 for anything else, extended lengths included
 */
export function parseCommand(bytes: Uint8Array): CommandApdu {
  demand(bytes.length >= HEADER_BYTES, statusWord.wrongLength);
  const header = headerOf(bytes);
  if (bytes.length === HEADER_BYTES) return { ...header, data: new Uint8Array(), le: null };
  const lengthByte = bytes[LC_AT] ?? 0;
  if (bytes.length === LC_AT + 1) return { ...header, data: new Uint8Array(), le: lengthByte || LE_FOR_256 };
  const end = LC_AT + 1 + lengthByte;
  const complete = lengthByte > 0 && (bytes.length === end || bytes.length === end + 1);
  demand(complete, statusWord.wrongLength);
  const le = bytes.length === end ? null : bytes[end] || LE_FOR_256;
  return { ...header, data: bytes.slice(LC_AT + 1, end), le };
}

/** The first four bytes. By their places: taking an array apart is slow, and this is done for each command. */
export function headerOf(bytes: Uint8Array): Pick<CommandApdu, 'cla' | 'ins' | 'p1' | 'p2'> {
  return { cla: bytes[0] ?? 0, ins: bytes[1] ?? 0, p1: bytes[2] ?? 0, p2: bytes[3] ?? 0 };
}

/** Response APDU: data and status word. */
export function response(data: Uint8Array, word: number): Uint8Array {
  const bytes = new Uint8Array(data.length + 2);
  bytes.set(data);
  bytes[data.length] = word >> 8;
  bytes[data.length + 1] = word & 0xff;
  return bytes;
}
