import { KiltError, type ErrorData } from '#shared/errors.ts';

/** Status words of the card (facts §2). */
export const statusWords = {
  ok: 0x9000,
  /** VERIFY failed; the counter is asked for with an empty VERIFY. */
  verifyFailed: 0x6300,
  /** Writing to the memory failed (ISO 7816-4 §5.6): the chip is worn out or broken. */
  memoryFailure: 0x6581,
  wrongLength: 0x6700,
  lastOfChainExpected: 0x6883,
  wrongFileType: 0x6981,
  rightNotGranted: 0x6982,
  pinBlocked: 0x6983,
  conditionsNotMet: 0x6985,
  noCurrentFile: 0x6986,
  wrongData: 0x6a80,
  notSupported: 0x6a81,
  fileNotFound: 0x6a82,
  memoryFull: 0x6a84,
  wrongParameters: 0x6a86,
  dataNotFound: 0x6a88,
  fileExists: 0x6a89,
  offsetOutsideFile: 0x6b00,
  insNotSupported: 0x6d00,
  claNotSupported: 0x6e00,
  /** VERIFY of a PIN that is logged in already: the card did not look at the PIN and counts no try. */
  alreadyLoggedIn: 0x6f86,
} as const;

const moreDataSw1 = 0x61;
const exactLengthSw1 = 0x6c;

/** SW2 of `61xx`: bytes waiting for GET RESPONSE, 256 for `6100`. `null` for any other status word. */
export const bytesWaiting = (statusWord: number): number | null =>
  statusWord >> 8 === moreDataSw1 ? statusWord & 0xff || 256 : null;

/** SW2 of `6Cxx`: the only Le that the card accepts here. `null` for any other status word. */
export const exactLength = (statusWord: number): number | null =>
  statusWord >> 8 === exactLengthSw1 ? statusWord & 0xff || 256 : null;

/** Tries left from `63Cx`; `null` for any other status word. */
export const attemptsFrom = (statusWord: number): number | null =>
  (statusWord & 0xfff0) === 0x63c0 ? statusWord & 0x0f : null;

export const statusText = (statusWord: number): string =>
  statusWord.toString(16).toUpperCase().padStart(4, '0');

/**
 * The one place where a status word becomes an error that a user can act on.
 *
 * @param step the card command, for support (`select`, `create-file`, …)
 */
export function cardError(statusWord: number, step: string, data: ErrorData = {}): KiltError {
  const details: ErrorData = { ...data, step, statusWord: statusText(statusWord) };
  const attemptsLeft = attemptsFrom(statusWord);
  if (attemptsLeft === 0) return new KiltError('pin-blocked', details);
  if (attemptsLeft !== null) return new KiltError('wrong-pin', { ...details, attemptsLeft });
  switch (statusWord) {
    case statusWords.verifyFailed:
      return new KiltError('wrong-pin', details);
    case statusWords.pinBlocked:
      return new KiltError('pin-blocked', details);
    case statusWords.rightNotGranted:
      return new KiltError('pin-needed', details);
    case statusWords.memoryFull:
      return new KiltError('token-memory-full', details);
    case statusWords.memoryFailure:
      return new KiltError('token-failing', details);
    // Whether a file, a command or a right is missing for good is known only to who asked for it.
    default:
      return new KiltError('token-answer-unexpected', details);
  }
}
