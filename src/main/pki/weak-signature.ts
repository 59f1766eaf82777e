import { createPublicKey, verify } from 'node:crypto';

/**
 * Whether RSASSA-PKCS1-v1_5 with SHA-1 is what it says. Such a signature proves nothing any more; it is looked at only so
 * that one that was good in its time is called weak, and not wrong.
 */
export function rsaSha1Holds(publicKeyInfo: Uint8Array, data: Uint8Array, signature: Uint8Array): boolean {
  try {
    const key = createPublicKey({ key: Buffer.from(publicKeyInfo), format: 'der', type: 'spki' });
    return key.asymmetricKeyType === 'rsa' && verify('sha1', data, key, signature);
  } catch {
    return false;
  }
}
