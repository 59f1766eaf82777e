import { createPublicKey, sign, type KeyObject } from 'node:crypto';
import { promisify } from 'node:util';
import { asDer } from '#shared/bytes.ts';
import type { Signer } from './signer.ts';

const signInPool = promisify(
  (data: Uint8Array, key: KeyObject, done: (error: Error | null, signature: Buffer) => void) => {
    sign('sha256', data, key, done);
  },
);

/** Signer over an RSA private key in memory. The work is done off the main thread. */
export function keyObjectSigner(privateKey: KeyObject): Signer {
  return {
    algorithm: 'rsa-sha256',
    publicKeyInfo: asDer(createPublicKey(privateKey).export({ format: 'der', type: 'spki' })),
    sign: async (data) => new Uint8Array(await signInPool(data, privateKey)),
  };
}
