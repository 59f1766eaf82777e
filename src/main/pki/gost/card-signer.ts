import { concatBytes, type DerBytes } from '#shared/bytes.ts';
import { KiltError } from '#shared/errors.ts';
import type { Signer } from '../signer.ts';
import { gostDigest } from './gost-hash.ts';
import { verifyDigest, type GostSignature } from './gost3410.ts';
import { readGostPublicKey, type GostPublicKey } from './public-key.ts';
import { decodeSignature, encodeSignature, signatureLayouts } from './signature-layout.ts';

/** What a token's GOST arithmetic is made for: GOST R 34.10-2001, a hash of 32 bytes (facts §2 row 25). */
const cardBytes = 32;

/** Signs a hash of 32 or 64 bytes on the token; the answer is in the token's own order. */
export type SignHashOnCard = (hash: Uint8Array) => Promise<Uint8Array>;

/** Whether a token without more than GOST R 34.10-2001 can sign for this key: any dialect of 256 bits. */
export function isGostKeyForCard(publicKeyInfo: Uint8Array): boolean {
  return readGostPublicKey(publicKeyInfo)?.curve.bytes === cardBytes;
}

/**
 * Signer over a GOST key of a token. The hash is made here; in which order the token reads it and writes the two numbers
 * of its answer is not known of every token, so the public key decides: what it accepts is the signature, and it leaves
 * in the order of the dialect's documents. What it accepts in no order never leaves.
 *
 * @throws RangeError when the key is no GOST key
 */
export function gostCardSigner(publicKeyInfo: DerBytes, signHash: SignHashOnCard): Signer {
  const key = readGostPublicKey(publicKeyInfo);
  if (!key) throw new RangeError('not a GOST key');
  /** Once one has been right, the other is not asked for again. */
  let hashForms: readonly ((digest: Uint8Array) => Uint8Array)[] = [asItIs, backwards];
  return {
    algorithm: key.algorithm.name,
    publicKeyInfo,
    async sign(data) {
      const digest = gostDigest(key.algorithm.hash, data);
      for (const form of hashForms) {
        const numbers = numbersOf(key, digest, await signHash(form(digest)));
        if (!numbers) continue;
        hashForms = [form];
        return encodeSignature(key.algorithm.layouts.documents, numbers, key.curve.bytes);
      }
      throw new KiltError('token-answer-unexpected', { step: 'sign' });
    },
  };
}

const asItIs = (digest: Uint8Array): Uint8Array => digest;
const backwards = (bytes: Uint8Array): Uint8Array => bytes.slice().reverse();

/** The two numbers, in whichever of the four orders the public key accepts them. */
function numbersOf(key: GostPublicKey, digest: Uint8Array, answer: Uint8Array): GostSignature | undefined {
  const { bytes: length } = key.curve;
  if (answer.length !== 2 * length) return undefined;
  const halvesChanged = concatBytes(answer.subarray(length), answer.subarray(0, length));
  for (const bytes of [answer, halvesChanged]) {
    for (const layout of signatureLayouts) {
      const numbers = decodeSignature(layout, bytes, length);
      if (numbers && verifyDigest(key.curve, key.point, digest, numbers)) return numbers;
    }
  }
  return undefined;
}
