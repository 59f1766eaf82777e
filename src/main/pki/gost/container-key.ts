import type { CertificateInfo } from '../certificate.ts';
import { readPrivateKeyInfo, matchPrivateKey } from './private-key.ts';
import { curveOfKey, readGostPublicKey } from './public-key.ts';
import { gostAlgorithmOfKey } from './gost-algorithms.ts';
import { GostSigner } from './gost-signer.ts';

/** What a private key of a container turns out to be. */
export type GostContainerKey =
  | { readonly outcome: 'signer'; readonly signer: GostSigner; readonly leaf: CertificateInfo }
  /** It belongs to none of the certificates, or is written in a way that is not known. */
  | { readonly outcome: 'no-certificate-fits' }
  | { readonly outcome: 'unknown-curve' };

export const isGostKey = (algorithmOid: string): boolean => gostAlgorithmOfKey(algorithmOid) !== undefined;

/**
 * The signer of a GOST private key and the certificate it belongs to.
 *
 * @param privateKeyInfo PKCS#8; nothing keeps a reference to it
 * @throws DerError
 */
export function gostContainerKey(
  privateKeyInfo: Uint8Array,
  certificates: readonly CertificateInfo[],
): GostContainerKey {
  const { algorithm, value } = readPrivateKeyInfo(privateKeyInfo);
  if (!curveOfKey(algorithm)) return { outcome: 'unknown-curve' };
  const publicKeys = certificates.flatMap((leaf) => {
    const key = readGostPublicKey(leaf.publicKeyInfo);
    return key ? [{ ...key, leaf }] : [];
  });
  const match = matchPrivateKey(value, publicKeys);
  if (!match) return { outcome: 'no-certificate-fits' };
  const { leaf, ...publicKey } = match.publicKey;
  return { outcome: 'signer', signer: new GostSigner(match.d, leaf.publicKeyInfo, publicKey), leaf };
}
