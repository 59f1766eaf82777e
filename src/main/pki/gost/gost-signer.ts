import { wipe, type DerBytes } from '#shared/bytes.ts';
import { KiltError } from '#shared/errors.ts';
import type { Signer } from '../signer.ts';
import { gostDigest } from './gost-hash.ts';
import { signDigest } from './gost3410.ts';
import { fromLittleEndian, littleEndian } from './little-endian.ts';
import type { GostPublicKey } from './public-key.ts';
import { encodeSignature } from './signature-layout.ts';

/**
 * Signer over a GOST private key in memory, in the byte order that the dialect's documents have. It keeps the key in a
 * buffer, which {@link dispose} wipes; while it signs, the number is also a bigint, which only the garbage collector
 * clears. The calculation is not proof against somebody who can time it on this computer.
 */
export class GostSigner implements Signer {
  readonly publicKeyInfo: DerBytes;
  readonly #key: GostPublicKey;
  #privateKey: Uint8Array | undefined;

  constructor(d: bigint, publicKeyInfo: DerBytes, key: GostPublicKey) {
    this.publicKeyInfo = publicKeyInfo;
    this.#key = key;
    this.#privateKey = littleEndian(d, key.curve.bytes);
  }

  get algorithm(): Signer['algorithm'] {
    return this.#key.algorithm.name;
  }

  /** @throws KiltError `internal` once disposed of */
  async sign(data: Uint8Array): Promise<Uint8Array> {
    if (!this.#privateKey) throw new KiltError('internal', { reason: 'the GOST key has been disposed of' });
    const { algorithm, curve } = this.#key;
    const numbers = signDigest(curve, fromLittleEndian(this.#privateKey), gostDigest(algorithm.hash, data));
    return encodeSignature(algorithm.layouts.documents, numbers, curve.bytes);
  }

  dispose(): void {
    wipe(this.#privateKey);
    this.#privateKey = undefined;
  }
}
