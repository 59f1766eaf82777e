/**
 * GOST R 34.11-94 (RFC 5831) with the substitution of the standard's own examples, "D-TEST": what ST RK 34.311-95, the
 * Kazakh edition, uses in certificates (1.2.398.3.10.1.3.1). No published library has it.
 *
 * Vectors of 256 bits are byte arrays with the least significant byte first.
 */

/** id-GostR3411-94-TestParamSet (RFC 4357 §11.2): one row for each nibble, the lowest first. */
const substitution: readonly (readonly number[])[] = [
  [4, 10, 9, 2, 13, 8, 0, 14, 6, 11, 1, 12, 7, 15, 5, 3],
  [14, 11, 4, 12, 6, 13, 15, 10, 2, 3, 8, 1, 0, 7, 5, 9],
  [5, 8, 1, 13, 10, 3, 4, 2, 14, 15, 12, 7, 6, 0, 9, 11],
  [7, 13, 10, 1, 0, 8, 9, 15, 14, 4, 6, 12, 11, 2, 5, 3],
  [6, 12, 7, 1, 5, 15, 13, 8, 4, 10, 9, 14, 0, 3, 11, 2],
  [4, 11, 10, 0, 7, 2, 1, 13, 3, 6, 8, 5, 9, 12, 15, 14],
  [13, 11, 4, 1, 3, 15, 5, 9, 0, 10, 14, 7, 6, 8, 2, 12],
  [1, 15, 13, 0, 5, 7, 10, 4, 9, 2, 3, 14, 6, 11, 8, 12],
];

const BLOCK = 32;
const NIBBLES = 8;
/** C₃ of the key schedule; C₂ and C₄ are zero (RFC 5831 §5.1). */
const thirdConstant = Uint8Array.from(
  Buffer.from('ff00ffff000000ffff0000ff00ffff0000ff00ff00ff00ffff00ff00ff00ff00', 'hex'),
).reverse();
/** How often ψ is applied to what was enciphered, to the block mixed in, and to the sum (RFC 5831 §5.3). */
const stirs = { enciphered: 12, block: 1, sum: 61 } as const;

/** The digest in the order in which certificates and tools have it: least significant byte first. */
export function gostHash(message: Uint8Array): Uint8Array {
  let state: Uint8Array = new Uint8Array(BLOCK);
  let sum: Uint8Array = new Uint8Array(BLOCK);
  for (let at = 0; at < message.length; at += BLOCK) {
    const block = new Uint8Array(BLOCK);
    block.set(message.subarray(at, at + BLOCK));
    state = step(state, block);
    sum = plus(sum, block);
  }
  const length = new Uint8Array(BLOCK);
  new DataView(length.buffer).setBigUint64(0, BigInt(message.length) * 8n, true);
  return step(step(state, length), sum);
}

/** One application of the step function f(H, M). */
function step(state: Uint8Array, block: Uint8Array): Uint8Array {
  const enciphered = new Uint8Array(BLOCK);
  keysFor(state, block).forEach((key, i) => {
    enciphered.set(encipher(key, state.subarray(8 * i, 8 * i + 8)), 8 * i);
  });
  const mixed = stir(xor(block, stir(enciphered, stirs.enciphered)), stirs.block);
  return stir(xor(state, mixed), stirs.sum);
}

function keysFor(state: Uint8Array, block: Uint8Array): Uint8Array[] {
  let [u, v] = [state, block];
  const keys = [permute(xor(u, v))];
  for (const constant of [null, thirdConstant, null]) {
    u = constant === null ? rotate(u) : xor(rotate(u), constant);
    v = rotate(rotate(v));
    keys.push(permute(xor(u, v)));
  }
  return keys;
}

/** A(y₄‖y₃‖y₂‖y₁) = (y₁ ⊕ y₂)‖y₄‖y₃‖y₂, in words of 64 bits. */
function rotate(y: Uint8Array): Uint8Array {
  const result = new Uint8Array(BLOCK);
  result.set(y.subarray(8));
  result.set(xor(y.subarray(0, 8), y.subarray(8, 16)), 24);
  return result;
}

/** P: the byte at 4k + i comes from 8i + k. */
const permute = (y: Uint8Array): Uint8Array =>
  Uint8Array.from({ length: BLOCK }, (_, to) => y[8 * (to % 4) + Math.floor(to / 4)] ?? 0);

/** ψ, `times` over: the words of 16 bits move down by one, and a sum of six of them comes in on top. */
function stir(y: Uint8Array, times: number): Uint8Array {
  const words = Array.from({ length: 16 }, (_, i) => (y[2 * i] ?? 0) | ((y[2 * i + 1] ?? 0) << 8));
  for (let i = 0; i < times; i++) {
    const [w1 = 0, w2 = 0, w3 = 0, w4 = 0] = words;
    words.push(w1 ^ w2 ^ w3 ^ w4 ^ (words[12] ?? 0) ^ (words[15] ?? 0));
    words.shift();
  }
  return Uint8Array.from(words.flatMap((word) => [word & 0xff, word >> 8]));
}

/** GOST 28147-89 of one block of 8 bytes (RFC 5830 §5): the key forwards three times, then backwards. */
function encipher(key: Uint8Array, block: Uint8Array): Uint8Array {
  const subkeys = words32(key);
  const order = [...subkeys, ...subkeys, ...subkeys, ...subkeys.slice().reverse()];
  let [low = 0, high = 0] = words32(block);
  for (const subkey of order) [low, high] = [high ^ substitute((low + subkey) >>> 0), low];
  const result = new Uint8Array(8);
  const view = new DataView(result.buffer);
  // After the last round the halves are not exchanged.
  view.setUint32(0, high >>> 0, true);
  view.setUint32(4, low >>> 0, true);
  return result;
}

function substitute(word: number): number {
  let result = 0;
  for (let i = 0; i < NIBBLES; i++) result |= (substitution[i]?.[(word >>> (4 * i)) & 0xf] ?? 0) << (4 * i);
  return (result << 11) | (result >>> 21);
}

const words32 = (bytes: Uint8Array): number[] => {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  return Array.from({ length: bytes.length / 4 }, (_, i) => view.getUint32(4 * i, true));
};

const xor = (a: Uint8Array, b: Uint8Array): Uint8Array => a.map((byte, i) => byte ^ (b[i] ?? 0));

/** Sum modulo 2²⁵⁶. */
function plus(a: Uint8Array, b: Uint8Array): Uint8Array {
  let carry = 0;
  return a.map((byte, i) => {
    const total = byte + (b[i] ?? 0) + carry;
    carry = total >> 8;
    return total & 0xff;
  });
}
