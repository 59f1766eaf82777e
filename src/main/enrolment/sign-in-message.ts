import { createHash } from 'node:crypto';
import { concatBytes } from '#shared/bytes.ts';
import { signInDomain } from './bank-protocol.ts';

/**
 * What the sign-in key signs: domain ‖ SHA-256(origin) ‖ SHA-256(nonce).
 *
 * Bound to the origin, so that a challenge relayed from another site is worthless, and hashed, so that the key never
 * signs bytes somebody else chose.
 */
export function signInMessage(origin: string, nonce: Uint8Array): Uint8Array {
  const sha256 = (data: string | Uint8Array) => createHash('sha256').update(data).digest();
  return concatBytes(signInDomain, sha256(origin), sha256(nonce));
}
