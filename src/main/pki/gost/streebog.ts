import { wipe } from '#shared/bytes.ts';
import type { GostHash } from './gost-hash.ts';
import { matrix, roundConstants, substitution } from './streebog-constants.ts';

/**
 * Streebog, GOST R 34.11-2012 (RFC 6986), called 34.11-2015 in Kazakhstan.
 *
 * The standard numbers bytes from the right; here the first byte of a message is the lowest of its 512-bit number, as
 * in every implementation. A number of 512 bits is an array of sixteen 32-bit words, the lowest first.
 */

const blockBytes = 64;
const words = 16;
const rounds = 12;

/** What L∘S makes of byte `b` in column `j`, as low and high half, at `256 * j + b` (RFC 6986 §6.2–6.4). */
const lowHalves = new Uint32Array(8 * 256);
const highHalves = new Uint32Array(8 * 256);

const viewOf = (bytes: Uint8Array): DataView =>
  new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
const rows = viewOf(matrix);

for (let column = 0; column < 8; column++) {
  for (let byte = 0; byte < 256; byte++) {
    const substituted = substitution[byte] ?? 0;
    for (let bit = 0; bit < 8; bit++) {
      if (!((substituted >> bit) & 1)) continue;
      // Row 0 belongs to bit 63.
      const row = 8 * (63 - 8 * column - bit);
      const at = 256 * column + byte;
      highHalves[at] = (highHalves[at] ?? 0) ^ rows.getUint32(row);
      lowHalves[at] = (lowHalves[at] ?? 0) ^ rows.getUint32(row + 4);
    }
  }
}

const constants = Array.from({ length: rounds }, (_, round) =>
  Uint32Array.from({ length: words }, (__, i) =>
    viewOf(roundConstants).getUint32(blockBytes * (round + 1) - 4 * (i + 1)),
  ),
);

/** The index is known to be inside: a check of every look-up would double the time of a hash. */
const word = (numbers: Uint32Array, at: number): number => numbers[at] as number;

/**
 * LPS of `x` into `out`, another array: substitution, transposition and the linear map (§7). The columns are spelled
 * out: a loop over them takes half as long again, and all the time of a hash goes by here.
 */
function lps(x: Uint32Array, out: Uint32Array): void {
  for (let row = 0; row < 8; row++) {
    const half = row >> 2;
    const shift = 8 * (row & 3);
    const at0 = (word(x, half) >>> shift) & 0xff;
    const at1 = ((word(x, half + 2) >>> shift) & 0xff) | 0x100;
    const at2 = ((word(x, half + 4) >>> shift) & 0xff) | 0x200;
    const at3 = ((word(x, half + 6) >>> shift) & 0xff) | 0x300;
    const at4 = ((word(x, half + 8) >>> shift) & 0xff) | 0x400;
    const at5 = ((word(x, half + 10) >>> shift) & 0xff) | 0x500;
    const at6 = ((word(x, half + 12) >>> shift) & 0xff) | 0x600;
    const at7 = ((word(x, half + 14) >>> shift) & 0xff) | 0x700;
    out[2 * row] =
      word(lowHalves, at0) ^
      word(lowHalves, at1) ^
      word(lowHalves, at2) ^
      word(lowHalves, at3) ^
      word(lowHalves, at4) ^
      word(lowHalves, at5) ^
      word(lowHalves, at6) ^
      word(lowHalves, at7);
    out[2 * row + 1] =
      word(highHalves, at0) ^
      word(highHalves, at1) ^
      word(highHalves, at2) ^
      word(highHalves, at3) ^
      word(highHalves, at4) ^
      word(highHalves, at5) ^
      word(highHalves, at6) ^
      word(highHalves, at7);
  }
}

function xorInto(target: Uint32Array, other: Uint32Array): void {
  for (let i = 0; i < words; i++) target[i] = (target[i] ?? 0) ^ (other[i] ?? 0);
}

/** target + other mod 2⁵¹². */
function addInto(target: Uint32Array, other: Uint32Array): void {
  let carry = 0;
  for (let i = 0; i < words; i++) {
    const sum = (target[i] ?? 0) + (other[i] ?? 0) + carry;
    target[i] = sum;
    carry = sum > 0xffffffff ? 1 : 0;
  }
}

const zero = new Uint32Array(words);

/** Where the rounds work. One for all hashes, since none of them waits for anything in between. */
const room = {
  block: new Uint32Array(words),
  key: new Uint32Array(words),
  state: new Uint32Array(words),
  scratch: new Uint32Array(words),
};

/** Streebog of either length (RFC 6986 §8–10). */
export class Streebog implements GostHash {
  readonly blockBytes = blockBytes;
  readonly digestBytes: 32 | 64;
  readonly #h: Uint32Array;
  /** N: bits of the whole blocks so far. */
  readonly #bits: Uint32Array;
  /** Σ: sum of the blocks so far. */
  readonly #sum: Uint32Array;
  readonly #pending: Uint8Array;
  #pendingBytes = 0;

  constructor(digestBytes: 32 | 64, copied?: Streebog) {
    this.digestBytes = digestBytes;
    this.#h = copied ? copied.#h.slice() : new Uint32Array(words).fill(digestBytes === 64 ? 0 : 0x01010101);
    this.#bits = copied ? copied.#bits.slice() : new Uint32Array(words);
    this.#sum = copied ? copied.#sum.slice() : new Uint32Array(words);
    this.#pending = copied ? copied.#pending.slice() : new Uint8Array(blockBytes);
    this.#pendingBytes = copied ? copied.#pendingBytes : 0;
  }

  update(data: Uint8Array): this {
    let at = 0;
    while (at < data.length) {
      const piece = data.subarray(at, at + blockBytes - this.#pendingBytes);
      this.#pending.set(piece, this.#pendingBytes);
      this.#pendingBytes += piece.length;
      at += piece.length;
      if (this.#pendingBytes === blockBytes) this.#absorb(blockBytes);
    }
    return this;
  }

  digest(): Uint8Array {
    const rest = this.#pendingBytes;
    this.#pending.fill(0, rest);
    this.#pending[rest] = 1;
    this.#absorb(rest);
    this.#compress(zero, this.#bits);
    this.#compress(zero, this.#sum);
    const whole = new Uint8Array(blockBytes);
    const view = new DataView(whole.buffer);
    this.#h.forEach((word, i) => {
      view.setUint32(4 * i, word, true);
    });
    const digest = whole.slice(blockBytes - this.digestBytes);
    wipe(whole);
    this.wipe();
    return digest;
  }

  copy(): Streebog {
    return new Streebog(this.digestBytes, this);
  }

  wipe(): void {
    for (const numbers of [this.#h, this.#bits, this.#sum, ...Object.values(room)]) numbers.fill(0);
    wipe(this.#pending);
  }

  /** Takes in the pending block, of which `length` bytes are message. */
  #absorb(length: number): void {
    const view = new DataView(this.#pending.buffer);
    for (let i = 0; i < words; i++) room.block[i] = view.getUint32(4 * i, true);
    this.#compress(this.#bits, room.block);
    addInto(this.#sum, room.block);
    room.block.fill(0);
    room.block[0] = 8 * length;
    addInto(this.#bits, room.block);
    this.#pendingBytes = 0;
  }

  /** h = g_N(h, m): E(LPS(h ⊕ N), m) ⊕ h ⊕ m (§8). */
  #compress(n: Uint32Array, m: Uint32Array): void {
    let { key, state, scratch } = room;
    scratch.set(this.#h);
    xorInto(scratch, n);
    lps(scratch, key);
    state.set(m);
    for (let round = 0; round < rounds; round++) {
      xorInto(state, key);
      lps(state, scratch);
      [state, scratch] = [scratch, state];
      xorInto(key, constants[round] ?? zero);
      lps(key, scratch);
      [key, scratch] = [scratch, key];
    }
    xorInto(this.#h, state);
    xorInto(this.#h, key);
    xorInto(this.#h, m);
  }
}

export const streebog256 = (): Streebog => new Streebog(32);
export const streebog512 = (): Streebog => new Streebog(64);
