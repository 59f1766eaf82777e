import { hash as digest } from 'node:crypto';
import { transcode } from 'node:buffer';
import { concatBytes, wipe, type SecretBytes } from '#shared/bytes.ts';
import { inSlices } from '../slices.ts';
import { unsupportedContainer } from './failure.ts';

/**
 * A password in the forms that PKCS#12 wants. All of them are byte buffers, never strings, so that {@link dispose}
 * leaves no copy behind.
 */
export class ContainerPassword {
  /** For PBES2: UTF-8. */
  readonly utf8: Uint8Array;
  /**
   * For the key derivation of PKCS#12: BMPString with a terminating zero (RFC 7292 appendix B.1). An empty password is
   * written by some programs as the terminator alone and by others as nothing at all.
   */
  readonly bmpForms: readonly Uint8Array[];
  #parts = 0;

  constructor(password: SecretBytes) {
    this.utf8 = Uint8Array.from(password);
    const utf16 = transcode(password, 'utf8', 'utf16le').swap16();
    const terminated = concatBytes(utf16, new Uint8Array(2));
    wipe(utf16);
    this.bmpForms = password.length === 0 ? [terminated, new Uint8Array(0)] : [terminated];
  }

  /**
   * One more encrypted part of the file is about to be opened, which costs a derivation.
   *
   * @throws KiltError `key-container-unsupported` when a file has more of them than any that is not made to keep us busy
   */
  countPart(): void {
    this.#parts += 1;
    if (this.#parts > mostParts) throw unsupportedContainer(`more than ${String(mostParts)} encrypted parts`);
  }

  dispose(): void {
    for (const form of [this.utf8, ...this.bmpForms]) wipe(form);
  }
}

/** Certificates in one or two, and each key in one of its own. */
export const mostParts = 16;

/** What derived bytes are for: the diversifier ID of RFC 7292 appendix B.3. */
export const purpose = { key: 1, iv: 2, mac: 3 } as const;

const blockSize: Readonly<Record<string, number>> = {
  sha1: 64,
  sha224: 64,
  sha256: 64,
  sha384: 128,
  sha512: 128,
};

/** About four milliseconds of {@link derive}. */
const slice = 2_000;

const repeatTo = (bytes: Uint8Array, block: number): Uint8Array => {
  const length = block * Math.ceil(bytes.length / block);
  return Uint8Array.from({ length }, (_, i) => bytes[i % bytes.length] ?? 0);
};

/**
 * Key derivation of PKCS#12 (RFC 7292 appendix B.2), in slices ({@link inSlices}). The caller wipes the result, and
 * leaves the password as it is until then.
 *
 * @param bmp one of {@link ContainerPassword.bmpForms}
 * @param hash name in `node:crypto`
 */
export async function derive(
  bmp: Uint8Array,
  parameters: {
    readonly hash: string;
    readonly salt: Uint8Array;
    readonly iterations: number;
    readonly purpose: (typeof purpose)[keyof typeof purpose];
    readonly length: number;
  },
): Promise<Uint8Array> {
  const { hash, salt, iterations, length } = parameters;
  const block = blockSize[hash];
  if (block === undefined) throw new RangeError('no hash for PKCS#12');
  const diversifier = new Uint8Array(block).fill(parameters.purpose);
  const input = concatBytes(repeatTo(salt, block), repeatTo(bmp, block));
  const derived = new Uint8Array(length);
  for (let at = 0; at < length;) {
    const start = concatBytes(diversifier, input);
    let round = digest(hash, start, 'buffer');
    wipe(start);
    await inSlices(iterations - 1, slice, () => {
      const next = digest(hash, round, 'buffer');
      wipe(round);
      round = next;
    });
    derived.set(round.subarray(0, length - at), at);
    at += round.length;
    if (at < length) addToEveryBlock(input, repeatTo(round, block).subarray(0, block));
    wipe(round);
  }
  wipe(input);
  return derived;
}

/** I_j = (I_j + B + 1) mod 2^v for every block of v bits (RFC 7292 appendix B.2 step 6C). */
function addToEveryBlock(input: Uint8Array, addend: Uint8Array): void {
  const block = addend.length;
  for (let start = 0; start < input.length; start += block) {
    let carry = 1;
    for (let i = block - 1; i >= 0; i--) {
      const sum = (input[start + i] ?? 0) + (addend[i] ?? 0) + carry;
      input[start + i] = sum & 0xff;
      carry = sum >> 8;
    }
  }
}
