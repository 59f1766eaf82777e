import type { DerBytes } from '#shared/bytes.ts';
import { KiltError } from '#shared/errors.ts';
import { readAlgorithm } from '#main/pki/algorithm-identifier.ts';
import { parseDer } from '#main/pki/asn1.ts';
import { signatureIdentifier, verifySignature } from '#main/pki/signature.ts';
import type { CertifiedSigner } from '#main/pki/signer.ts';

/**
 * What a key answers is a signature when its certificate says so: a certificate stored beside another key, or a key that
 * signs wrongly, makes what nobody would accept.
 *
 * @throws KiltError `token-answer-unexpected`; what `sign` throws
 */
export async function checkedSignature(
  key: {
    readonly algorithm: CertifiedSigner['algorithm'];
    readonly publicKeyInfo: DerBytes;
    readonly sign: CertifiedSigner['sign'];
  },
  data: Uint8Array,
): Promise<Uint8Array> {
  const { algorithm, publicKeyInfo, sign } = key;
  const signature = await sign(data);
  const check = await verifySignature({
    algorithm: readAlgorithm(parseDer(signatureIdentifier(algorithm))),
    publicKeyInfo,
    data,
    signature,
  });
  if (check !== 'valid') throw new KiltError('token-answer-unexpected', { step: 'sign-document' });
  return signature;
}
