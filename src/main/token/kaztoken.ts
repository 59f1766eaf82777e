import { concatBytes, wipe, type SecretBytes } from '#shared/bytes.ts';
import { chainingBit, maxShortData, maxShortResponse, type ApduChannel, type CommandApdu } from './apdu.ts';
import {
  encodeFileControl,
  parseFileControl,
  type FileControl,
  type FileId,
  type FilePath,
} from './file-control.ts';
import { cardError, statusWords } from './status-words.ts';

/** PIN references: the identifier of the PIN's special file in the master file (facts §2 row 11). */
export const pinReference = { administrator: 0x01, user: 0x02 } as const;
export type PinReference = (typeof pinReference)[keyof typeof pinReference];

/** What the card says to VERIFY. Nothing of this is an error of the transport or of the program. */
export type VerifyAnswer =
  | { readonly kind: 'verified' }
  /** `attemptsLeft` is absent when the card must be asked for it with {@link Kaztoken.verifyStatus}. */
  | { readonly kind: 'refused'; readonly attemptsLeft?: number }
  | { readonly kind: 'blocked' }
  /** The PIN was not looked at and no try was counted, because this PIN is logged in already. */
  | { readonly kind: 'already-logged-in' };

export type VerifyStatus =
  | { readonly kind: 'attempts-left'; readonly attemptsLeft: number }
  | { readonly kind: 'blocked' }
  | { readonly kind: 'logged-in' }
  /** There is no PIN of this reference. */
  | { readonly kind: 'missing' }
  | { readonly kind: 'not-told' };

const proprietary = 0x80;
const masterFileId = 0x3f00;

/** P1 P2 of INIT END (facts §2 row 20). */
const initEnd = { p1: 0x4e, p2: 0x19 } as const;

/** P1 P2 of GET DATA. */
const dataTag = { serialNumber: 0x0181, deviceInformation: 0x0189 } as const;

/** Tags of CHANGE REFERENCE DATA: whole length, then parts whose length is always one byte, not BER (facts §2). */
const valueTag = { wholeLength: 0x80, part: 0xa5 } as const;

/**
 * Public exponent 65537, little-endian, for GENERATE KEY PAIR. OpenSC sends it since 0.25; without it an RSA-4096
 * key comes out malformed. Older tokens have only ever seen the command without data, so 2048 stays as it was.
 */
const exponentParameter = Uint8Array.of(0xa6, 0x06, 0x94, 0x04, 0x01, 0x00, 0x01, 0x00);
const largestKeyWithoutParameter = 2048;

const bytesOfPath = (path: FilePath): Uint8Array =>
  Uint8Array.from(path.flatMap((id) => [id >> 8, id & 0xff]));

/**
 * The commands of the card, one method each (facts §2). Knows bytes and status words, nothing of what they are for.
 *
 * Every method throws `KiltError` as `cardError` maps status words, and what the transport throws.
 */
export class Kaztoken {
  readonly #channel: ApduChannel;

  constructor(channel: ApduChannel) {
    this.#channel = channel;
  }

  /** Selects a file by its path from the master file. `null`: there is no such file. */
  async select(path: FilePath): Promise<FileControl | null> {
    const command: CommandApdu =
      path.length === 0
        ? { cla: 0, ins: 0xa4, p1: 0x00, p2: 0, data: bytesOfPath([masterFileId]), le: maxShortResponse }
        : { cla: 0, ins: 0xa4, p1: 0x08, p2: 0, data: bytesOfPath(path), le: maxShortResponse };
    const { data, statusWord } = await this.#channel.send(command);
    if (statusWord === statusWords.fileNotFound) return null;
    if (statusWord !== statusWords.ok) throw cardError(statusWord, 'select');
    return parseFileControl(data);
  }

  /** READ BINARY of the selected file. May give fewer bytes than asked for. @param length 1…256 */
  readBinary(offset: number, length: number): Promise<Uint8Array> {
    return this.#wanted({ cla: 0, ins: 0xb0, p1: offset >> 8, p2: offset & 0xff, le: length }, 'read-binary');
  }

  /** UPDATE BINARY of the selected file. @param data 1…255 bytes: one command, which the card does whole or not at all */
  async updateBinary(offset: number, data: Uint8Array): Promise<void> {
    if (data.length > maxShortData) throw new RangeError('UPDATE BINARY is not chained');
    await this.#wanted({ cla: 0, ins: 0xd6, p1: offset >> 8, p2: offset & 0xff, data }, 'update-binary');
  }

  /** CREATE FILE in the current directory. Which file is selected afterwards is not known (facts §8). */
  async createFile(file: FileControl): Promise<void> {
    await this.#wanted({ cla: 0, ins: 0xe0, p1: 0, p2: 0, data: encodeFileControl(file) }, 'create-file');
  }

  /** DELETE FILE, by identifier in the current directory. */
  async deleteFile(id: FileId): Promise<void> {
    await this.#wanted({ cla: 0, ins: 0xe4, p1: 0, p2: 0, data: bytesOfPath([id]) }, 'delete-file');
  }

  /** VERIFY: one try. */
  async verify(reference: PinReference, pin: SecretBytes): Promise<VerifyAnswer> {
    if (pin.length === 0) throw new RangeError('an empty VERIFY is a status query, not a try');
    const { statusWord } = await this.#channel.send({ cla: 0, ins: 0x20, p1: 0, p2: reference, data: pin });
    if (statusWord === statusWords.ok) return { kind: 'verified' };
    if (statusWord === statusWords.alreadyLoggedIn) return { kind: 'already-logged-in' };
    if (statusWord === statusWords.verifyFailed) return { kind: 'refused' };
    const error = cardError(statusWord, 'verify');
    if (error.id === 'pin-blocked') return { kind: 'blocked' };
    const attemptsLeft = error.data['attemptsLeft'];
    if (typeof attemptsLeft === 'number') return { kind: 'refused', attemptsLeft };
    throw error;
  }

  /** VERIFY without data: asks for the tries left and costs none. */
  async verifyStatus(reference: PinReference): Promise<VerifyStatus> {
    const { statusWord } = await this.#channel.send({ cla: 0, ins: 0x20, p1: 0, p2: reference });
    if (statusWord === statusWords.ok || statusWord === statusWords.alreadyLoggedIn)
      return { kind: 'logged-in' };
    if (statusWord === statusWords.dataNotFound || statusWord === statusWords.fileNotFound)
      return { kind: 'missing' };
    const error = cardError(statusWord, 'verify-status');
    if (error.id === 'pin-blocked') return { kind: 'blocked' };
    const attemptsLeft = error.data['attemptsLeft'];
    return typeof attemptsLeft === 'number' ? { kind: 'attempts-left', attemptsLeft } : { kind: 'not-told' };
  }

  /** Ends all logins. */
  async logout(): Promise<void> {
    await this.#wanted({ cla: proprietary, ins: 0x40, p1: 0, p2: 0 }, 'logout');
  }

  /**
   * CHANGE REFERENCE DATA: writes a PIN, or with reference 0 the value of the selected key file.
   *
   * Every chunk of the chain starts with a part tag of its own, so this command makes its own chain. The old PIN is
   * never in it; the right comes from a login.
   */
  async changeReferenceData(reference: PinReference | 0, value: Uint8Array): Promise<void> {
    const chunks = referenceDataChunks(value);
    try {
      for (const { data, last } of chunks) {
        const cla = last ? 0 : chainingBit;
        await this.#wanted({ cla, ins: 0x24, p1: 0x01, p2: reference, data }, 'change-reference-data');
      }
    } finally {
      for (const { data } of chunks) wipe(data);
    }
  }

  /** RESET RETRY COUNTER: unblocks a PIN and leaves its value as it is. Needs administrator login. */
  async resetRetryCounter(reference: PinReference): Promise<void> {
    await this.#wanted({ cla: 0, ins: 0x2c, p1: 0x03, p2: reference }, 'reset-retry-counter');
  }

  /** INIT: wipes all files, PINs among them, and opens the initialisation phase. The serial number stays. */
  async eraseAll(): Promise<void> {
    await this.#wanted({ cla: proprietary, ins: 0x8a, p1: 0, p2: 0 }, 'erase-all');
  }

  /** INIT END: closes the initialisation phase, in which CREATE FILE and the first value of a PIN need no login. */
  async endInitialisation(): Promise<void> {
    await this.#wanted({ cla: proprietary, ins: 0x84, ...initEnd }, 'end-initialisation');
  }

  /**
   * Makes an RSA key pair in the two special files of this reference, which must be there.
   *
   * @returns modulus, least significant byte first
   */
  generateRsaKeyPair(keyReference: number, bits: number): Promise<Uint8Array> {
    const header = { cla: 0, ins: 0x46, p1: 0x80, p2: keyReference, le: maxShortResponse };
    const command = bits > largestKeyWithoutParameter ? { ...header, data: exponentParameter } : header;
    return this.#wanted(command, 'generate-key-pair');
  }

  /** MANAGE SECURITY ENVIRONMENT: chooses the key of the next operation. */
  async chooseKey(keyReference: number, operation: 'sign' | 'decipher'): Promise<void> {
    const p2 = operation === 'sign' ? 0xb6 : 0xb8;
    const data = Uint8Array.of(0x84, 0x01, keyReference);
    await this.#wanted({ cla: 0, ins: 0x22, p1: 0x41, p2, data }, 'choose-key');
  }

  /** PSO COMPUTE DIGITAL SIGNATURE: raw RSA with the chosen key. Both sides least significant byte first. */
  sign(block: Uint8Array): Promise<Uint8Array> {
    return this.#wanted({ cla: 0, ins: 0x2a, p1: 0x9e, p2: 0x9a, data: block, le: maxShortResponse }, 'sign');
  }

  /** PSO DECIPHER: raw RSA with the chosen key, padding still inside. Both sides least significant byte first. */
  decipher(cryptogram: Uint8Array): Promise<Uint8Array> {
    const command = { cla: 0, ins: 0x2a, p1: 0x80, p2: 0x86, data: cryptogram, le: maxShortResponse };
    return this.#wanted(command, 'decipher');
  }

  /** Serial number: 4 or 8 bytes, as the card gives them. */
  serialNumber(): Promise<Uint8Array> {
    const [p1, p2] = [dataTag.serialNumber >> 8, dataTag.serialNumber & 0xff];
    return this.#wanted({ cla: 0, ins: 0xca, p1, p2, le: maxShortResponse }, 'serial-number');
  }

  /** Type, version, memory… (facts §2 row 17), or `null`: not every token of the family tells. */
  async deviceInformation(): Promise<Uint8Array | null> {
    const [p1, p2] = [dataTag.deviceInformation >> 8, dataTag.deviceInformation & 0xff];
    const { data, statusWord } = await this.#channel.send({ cla: 0, ins: 0xca, p1, p2, le: 8 });
    return statusWord === statusWords.ok ? data : null;
  }

  /** Random bytes. @param length 1…256 */
  getChallenge(length: number): Promise<Uint8Array> {
    return this.#wanted({ cla: 0, ins: 0x84, p1: 0, p2: 0, le: length }, 'get-challenge');
  }

  async #wanted(command: CommandApdu, step: string): Promise<Uint8Array> {
    const { data, statusWord } = await this.#channel.send(command);
    if (statusWord !== statusWords.ok) throw cardError(statusWord, step);
    return data;
  }
}

/** Data fields of the chain that writes `value`: `80 02 hh ll A5 n …`, then `A5 n …` (facts §2, trace T16). */
export function referenceDataChunks(value: Uint8Array): { data: Uint8Array; last: boolean }[] {
  const chunks: { data: Uint8Array; last: boolean }[] = [];
  let head = Uint8Array.of(valueTag.wholeLength, 0x02, value.length >> 8, value.length & 0xff);
  let at = 0;
  do {
    const part = value.subarray(at, at + maxShortData - head.length - 2);
    at += part.length;
    chunks.push({
      data: concatBytes(head, Uint8Array.of(valueTag.part, part.length), part),
      last: at >= value.length,
    });
    head = new Uint8Array();
  } while (at < value.length);
  return chunks;
}
