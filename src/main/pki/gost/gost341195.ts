import { fromHex, wipe } from '#shared/bytes.ts';
import { Gost28147, substitutionBoxes, type SubstitutionBox } from './gost28147.ts';
import type { GostHash } from './gost-hash.ts';

/**
 * GOST R 34.11-94 (RFC 5831), in Kazakhstan 34.311-95. The first byte of a message, of a hash and of everything between
 * is the lowest one of its 256-bit number.
 */

const blockBytes = 32;

/** C₃ of the key generation; C₂ and C₄ are zero (RFC 5831 §6.1). */
const keyConstant = fromHex('00ff00ff00ff00ffff00ff00ff00ff0000ffff00ff0000ffff000000ffff00ff');

function xor(a: Uint8Array, b: Uint8Array): Uint8Array {
  const sum = new Uint8Array(blockBytes);
  for (let i = 0; i < blockBytes; i++) sum[i] = (a[i] ?? 0) ^ (b[i] ?? 0);
  return sum;
}

/** A: x₄‖x₃‖x₂‖x₁ becomes (x₁⊕x₂)‖x₄‖x₃‖x₂ (§6.1). */
function turn(x: Uint8Array): Uint8Array {
  const turned = new Uint8Array(blockBytes);
  turned.set(x.subarray(8));
  for (let i = 0; i < 8; i++) turned[24 + i] = (x[i] ?? 0) ^ (x[8 + i] ?? 0);
  return turned;
}

/** P: reads the bytes as four rows of eight, and writes them column by column (§6.1). */
function transpose(x: Uint8Array): Uint8Array {
  const transposed = new Uint8Array(blockBytes);
  for (let at = 0; at < blockBytes; at++) transposed[at] = x[8 * (at & 3) + (at >> 2)] ?? 0;
  return transposed;
}

/** ψ so many times: a shift register of sixteen 16-bit words (§6.3), which lies behind all it has let go of. */
function shift(x: Uint8Array, times: number): Uint8Array {
  const view = new DataView(x.buffer, x.byteOffset, blockBytes);
  const register = new Uint16Array(16 + times);
  for (let i = 0; i < 16; i++) register[i] = view.getUint16(2 * i, true);
  for (let at = 0; at < times; at++) {
    register[at + 16] =
      (register[at] ?? 0) ^
      (register[at + 1] ?? 0) ^
      (register[at + 2] ?? 0) ^
      (register[at + 3] ?? 0) ^
      (register[at + 12] ?? 0) ^
      (register[at + 15] ?? 0);
  }
  const shifted = new Uint8Array(blockBytes);
  const out = new DataView(shifted.buffer);
  for (let i = 0; i < 16; i++) out.setUint16(2 * i, register[times + i] ?? 0, true);
  return shifted;
}

/** a + b mod 2²⁵⁶ into `a`. */
function addInto(a: Uint8Array, b: Uint8Array): void {
  let carry = 0;
  for (let i = 0; i < blockBytes; i++) {
    const sum = (a[i] ?? 0) + (b[i] ?? 0) + carry;
    a[i] = sum;
    carry = sum >> 8;
  }
}

/** χ(M, H): four blocks of H encrypted under keys made of M and H, and mixed (§6). */
function step(cipher: Gost28147, h: Uint8Array, m: Uint8Array): Uint8Array {
  const s = h.slice();
  let u = h;
  let v = m;
  for (let part = 0; part < 4; part++) {
    if (part > 0) {
      u = turn(u);
      if (part === 2) u = xor(u, keyConstant);
      v = turn(turn(v));
    }
    cipher.setKey(transpose(xor(u, v)));
    cipher.encrypt(s, 8 * part);
  }
  return shift(xor(h, shift(xor(m, shift(s, 12)), 1)), 61);
}

export class Gost341195 implements GostHash {
  readonly blockBytes = blockBytes;
  readonly digestBytes = 32;
  readonly #box: SubstitutionBox;
  readonly #cipher: Gost28147;
  #h: Uint8Array;
  readonly #sum: Uint8Array;
  readonly #pending: Uint8Array;
  #pendingBytes: number;
  /** Bytes so far, exact up to 2⁵³: far beyond what can be hashed. */
  #length: number;

  constructor(box: SubstitutionBox, copied?: Gost341195) {
    this.#box = box;
    this.#cipher = new Gost28147(box);
    this.#h = copied ? copied.#h.slice() : new Uint8Array(blockBytes);
    this.#sum = copied ? copied.#sum.slice() : new Uint8Array(blockBytes);
    this.#pending = copied ? copied.#pending.slice() : new Uint8Array(blockBytes);
    this.#pendingBytes = copied ? copied.#pendingBytes : 0;
    this.#length = copied ? copied.#length : 0;
  }

  update(data: Uint8Array): this {
    this.#length += data.length;
    for (let at = 0; at < data.length;) {
      const piece = data.subarray(at, at + blockBytes - this.#pendingBytes);
      this.#pending.set(piece, this.#pendingBytes);
      this.#pendingBytes += piece.length;
      at += piece.length;
      if (this.#pendingBytes === blockBytes) this.#absorb();
    }
    return this;
  }

  digest(): Uint8Array {
    if (this.#pendingBytes > 0) {
      this.#pending.fill(0, this.#pendingBytes);
      this.#absorb();
    }
    const bits = new Uint8Array(blockBytes);
    new DataView(bits.buffer).setBigUint64(0, 8n * BigInt(this.#length), true);
    this.#h = step(this.#cipher, this.#h, bits);
    const digest = step(this.#cipher, this.#h, this.#sum);
    this.wipe();
    return digest;
  }

  copy(): Gost341195 {
    return new Gost341195(this.#box, this);
  }

  wipe(): void {
    this.#cipher.wipe();
    for (const bytes of [this.#h, this.#sum, this.#pending]) wipe(bytes);
  }

  #absorb(): void {
    this.#h = step(this.#cipher, this.#h, this.#pending);
    addInto(this.#sum, this.#pending);
    this.#pendingBytes = 0;
  }
}

/** 34.311-95 as Kazakh CAs use it. */
export const gost341195 = (): Gost341195 => new Gost341195(substitutionBoxes.test);
