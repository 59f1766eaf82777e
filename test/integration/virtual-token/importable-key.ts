import { generateKeyPairSync } from 'node:crypto';

/**
 * An RSA key, as PEM, that pkcs15-init takes for tokens of this family.
 *
 * OpenSC 0.23 wants each of p, q, dP, dQ and qInv to fill half of the modulus (`rtecp_store_key`): it refuses by itself
 * the one key in a hundred of which a number begins with a zero byte.
 */
export function importableKey(bits: number): string {
  for (;;) {
    const { privateKey } = generateKeyPairSync('rsa', { modulusLength: bits });
    const { p, q, dp, dq, qi } = privateKey.export({ format: 'jwk' });
    const fills = (number: string | undefined): boolean =>
      Buffer.from(number ?? '', 'base64url').length === bits / 16;
    if ([p, q, dp, dq, qi].every(fills))
      return privateKey.export({ format: 'pem', type: 'pkcs8' }).toString();
  }
}
