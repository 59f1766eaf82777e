import { fromHex, wipe } from '#shared/bytes.ts';

/** The block cipher GOST 28147-89 (RFC 5830): 64-bit blocks, 256-bit keys, and a substitution that is chosen apart. */

/** Eight rows of sixteen hexadecimal digits; the first row replaces the lowest four bits (RFC 5830 §5.1). */
export type SubstitutionBox = readonly [string, string, string, string, string, string, string, string];

export const gost28147Bytes = { block: 8, key: 32 } as const;

export const substitutionBoxes: Readonly<Record<'test' | 'cryptoProA' | 'tc26Z', SubstitutionBox>> = {
  /**
   * Of the examples in GOST R 34.11-94, elsewhere «D-TEST» (RFC 4357 §11.2, id-GostR3411-94-TestParamSet): Kazakhstan
   * hashes with it (34.311-95).
   */
  test: [
    '4a92d80e6b1c7f53',
    'eb4c6dfa23810759',
    '581da342efc7609b',
    '7da1089fe46cb253',
    '6c715fd84a9e03b2',
    '4ba0721d36859cfe',
    'db413f590ae7682c',
    '1fd057a4923e6b8c',
  ],
  /** RFC 4357 §11.1, id-Gost28147-89-CryptoPro-A-ParamSet. */
  cryptoProA: [
    '96328b17a4efc0d5',
    '37e98af0526cb4d1',
    'e462b3d8cf5a0719',
    'e7acd13902b4f856',
    'b5198df0e423c7a6',
    '3adc120b75948fe6',
    '1d297a608c45f3be',
    'baf50ce8623917d4',
  ],
  /** RFC 7836 appendix C, id-tc26-gost-28147-param-Z. */
  tc26Z: [
    'c462a5b9e8d703f1',
    '68239a5c1e47bd0f',
    'b3582fade174c960',
    'c821d4f670a53e9b',
    '7f5a816d093eb42c',
    '5df692cab78143e0',
    '8e25691cf4b0da37',
    '17ed05834fa69cb2',
  ],
};

/** Two rows at a time for one byte, moved to its place and turned left by 11 bits, at `256 * byte number + byte`. */
function lookUpTable(box: SubstitutionBox): Uint32Array {
  const digit = (row: number, at: number): number => parseInt(box[row]?.[at] ?? '', 16);
  return Uint32Array.from({ length: 4 * 256 }, (_, at) => {
    const [number, byte] = [at >> 8, at & 0xff];
    const replaced = (digit(2 * number + 1, byte >> 4) << 4) | digit(2 * number, byte & 0xf);
    const placed = replaced << (8 * number);
    return (placed << 11) | (placed >>> 21);
  });
}

const tables = new Map<SubstitutionBox, Uint32Array>();
function tableOf(box: SubstitutionBox): Uint32Array {
  const table = tables.get(box) ?? lookUpTable(box);
  tables.set(box, table);
  return table;
}

/** Order of the eight subkeys in encryption (RFC 5830 §5.1); decryption goes the other way. */
const keyOrder = [
  0, 1, 2, 3, 4, 5, 6, 7, 0, 1, 2, 3, 4, 5, 6, 7, 0, 1, 2, 3, 4, 5, 6, 7, 7, 6, 5, 4, 3, 2, 1, 0,
];
const reverseKeyOrder = keyOrder.toReversed();

/** One key in use. */
export class Gost28147 {
  readonly #table: Uint32Array;
  readonly #subkeys = new Uint32Array(8);

  constructor(box: SubstitutionBox, key?: Uint8Array) {
    this.#table = tableOf(box);
    if (key) this.setKey(key);
  }

  setKey(key: Uint8Array): void {
    const view = new DataView(key.buffer, key.byteOffset, gost28147Bytes.key);
    for (let i = 0; i < 8; i++) this.#subkeys[i] = view.getUint32(4 * i, true);
  }

  /** Encrypts one block in place, at an offset. */
  encrypt(bytes: Uint8Array, at = 0): void {
    this.#crypt(bytes, at, keyOrder);
  }

  decrypt(bytes: Uint8Array, at = 0): void {
    this.#crypt(bytes, at, reverseKeyOrder);
  }

  wipe(): void {
    this.#subkeys.fill(0);
  }

  #crypt(bytes: Uint8Array, at: number, order: readonly number[]): void {
    const view = new DataView(bytes.buffer, bytes.byteOffset + at, gost28147Bytes.block);
    const [table, subkeys] = [this.#table, this.#subkeys];
    let low = view.getUint32(0, true);
    let high = view.getUint32(4, true);
    for (const number of order) {
      const sum = (low + (subkeys[number] ?? 0)) >>> 0;
      const replaced =
        (table[sum & 0xff] ?? 0) ^
        (table[0x100 | ((sum >>> 8) & 0xff)] ?? 0) ^
        (table[0x200 | ((sum >>> 16) & 0xff)] ?? 0) ^
        (table[0x300 | (sum >>> 24)] ?? 0);
      [low, high] = [high ^ replaced, low];
    }
    // The halves are not exchanged after the last step.
    view.setUint32(0, high, true);
    view.setUint32(4, low, true);
  }
}

/** C of the key meshing of CryptoPro (RFC 4357 §2.3.2). */
const meshingConstant = fromHex('6900722264c904238d3adb9646e92ac418feac9400ed0712c086dcc2ef4ca92b');
/** Bytes after which the key is changed. */
const meshingInterval = 1024;

/**
 * Decrypts in CFB mode with CryptoPro's key meshing (RFC 4357 §2.3), as password-based containers use it. The caller
 * wipes key and result.
 *
 * @param iv eight bytes
 */
export function decryptGost28147Cfb(
  box: SubstitutionBox,
  key: Uint8Array,
  iv: Uint8Array,
  content: Uint8Array,
): Uint8Array {
  const cipher = new Gost28147(box, key);
  const plain = new Uint8Array(content.length);
  const feedback = Uint8Array.from(iv);
  for (let at = 0; at < content.length; at += gost28147Bytes.block) {
    if (at > 0 && at % meshingInterval === 0) {
      const nextKey = meshingConstant.slice();
      for (let part = 0; part < nextKey.length; part += gost28147Bytes.block) cipher.decrypt(nextKey, part);
      cipher.setKey(nextKey);
      wipe(nextKey);
      cipher.encrypt(feedback);
    }
    cipher.encrypt(feedback);
    const block = content.subarray(at, at + gost28147Bytes.block);
    block.forEach((byte, i) => {
      plain[at + i] = byte ^ (feedback[i] ?? 0);
    });
    feedback.set(block);
  }
  cipher.wipe();
  wipe(feedback);
  return plain;
}
