/** Status words of the token's commands (ISO/IEC 7816-4 table 6, facts §2 "Status words"). */
export const statusWord = {
  ok: 0x9000,
  /** Fewer bytes than asked for: the file ends here. */
  endOfFile: 0x6282,
  /** VERIFY compared and did not match. */
  wrongPin: 0x6300,
  chainEndExpected: 0x6883,
  chainingNotSupported: 0x6884,
  wrongLength: 0x6700,
  wrongFileType: 0x6981,
  rightNotGranted: 0x6982,
  blocked: 0x6983,
  conditionsNotMet: 0x6985,
  noCurrentFile: 0x6986,
  badData: 0x6a80,
  functionNotSupported: 0x6a81,
  fileNotFound: 0x6a82,
  noMemory: 0x6a84,
  badParameters: 0x6a86,
  referenceNotFound: 0x6a88,
  fileExists: 0x6a89,
  offsetOutside: 0x6b00,
  unknownInstruction: 0x6d00,
  unknownClass: 0x6e00,
  /** The token's own word: VERIFY of a PIN that is logged in already. */
  alreadyLoggedIn: 0x6f86,
} as const;

/** `63Cx`: x tries left. */
export const triesLeft = (tries: number): number => 0x63c0 | Math.min(tries, 0xf);
/** `61xx`: xx more bytes wait for GET RESPONSE (00: 256 or more). */
export const moreWaits = (bytes: number): number => 0x6100 | (bytes >= 256 ? 0 : bytes);
/** `6Cxx`: ask again with Le = xx. */
export const exactLength = (bytes: number): number => 0x6c00 | (bytes & 0xff);

/** A command ends with this status word instead of 9000. Whoever throws it has left no half-made change behind. */
export class CardRefusal extends Error {
  readonly statusWord: number;
  /** Sent before the status word; empty but for warnings. */
  readonly data: Uint8Array;

  constructor(word: number, data: Uint8Array = new Uint8Array()) {
    super(`status word ${word.toString(16).toUpperCase().padStart(4, '0')}`);
    this.name = 'CardRefusal';
    this.statusWord = word;
    this.data = data;
  }
}

export function refuse(word: number): never {
  throw new CardRefusal(word);
}

/** Refuses the command unless `condition` holds. */
export function demand(condition: boolean, word: number): asserts condition {
  if (!condition) throw new CardRefusal(word);
}
