import { concatBytes, wipe } from '#shared/bytes.ts';
import { inSlices } from '../slices.ts';
import { gostDigest, type GostHash, type GostHashKind } from './gost-hash.ts';

/** HMAC (RFC 2104) with the hashes of this room: key schedule done once, used for any number of messages. */
export class GostHmac {
  readonly #inner: GostHash;
  readonly #outer: GostHash;

  constructor(kind: GostHashKind, key: Uint8Array) {
    const { blockBytes } = kind();
    const short = key.length > blockBytes ? gostDigest(kind, key) : key;
    const padded = (pad: number): GostHash => {
      const block = new Uint8Array(blockBytes).fill(pad);
      short.forEach((byte, i) => (block[i] = byte ^ pad));
      const hash = kind().update(block);
      wipe(block);
      return hash;
    };
    this.#inner = padded(0x36);
    this.#outer = padded(0x5c);
    if (short !== key) wipe(short);
  }

  mac(data: Uint8Array): Uint8Array {
    const inner = this.#inner.copy().update(data).digest();
    const mac = this.#outer.copy().update(inner).digest();
    wipe(inner);
    return mac;
  }

  wipe(): void {
    this.#inner.wipe();
    this.#outer.wipe();
  }
}

/** About four milliseconds of {@link gostPbkdf2}. */
const slice = 40;

/** PBKDF2 (RFC 8018 §5.2) with HMAC of the hash, in slices ({@link inSlices}). The caller wipes the result. */
export async function gostPbkdf2(
  kind: GostHashKind,
  password: Uint8Array,
  { salt, iterations, length }: { salt: Uint8Array; iterations: number; length: number },
): Promise<Uint8Array> {
  const prf = new GostHmac(kind, password);
  const derived = new Uint8Array(length);
  for (let at = 0, block = 1; at < length; block++) {
    const number = new Uint8Array(4);
    new DataView(number.buffer).setUint32(0, block);
    let round = prf.mac(concatBytes(salt, number));
    const sum = round.slice();
    await inSlices(iterations - 1, slice, () => {
      const next = prf.mac(round);
      wipe(round);
      round = next;
      for (let j = 0; j < sum.length; j++) sum[j] = (sum[j] ?? 0) ^ (round[j] ?? 0);
    });
    derived.set(sum.subarray(0, length - at), at);
    at += sum.length;
    wipe(round);
    wipe(sum);
  }
  prf.wipe();
  return derived;
}
