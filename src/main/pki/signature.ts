import { createPublicKey, verify, type KeyObject } from 'node:crypto';
import { promisify } from 'node:util';
import { hasNoParameters, type AlgorithmIdentifier } from './algorithm-identifier.ts';
import { oids } from './oids.ts';

/**
 * Hashes of the signature algorithms that count. SHA-1 is left out on purpose: a signature over SHA-1 proves nothing
 * about a certificate any more.
 */
const signatureAlgorithms: Readonly<Record<string, { key: 'rsa' | 'ec'; hash: string }>> = {
  [oids.sha256WithRSA]: { key: 'rsa', hash: 'sha256' },
  [oids.sha384WithRSA]: { key: 'rsa', hash: 'sha384' },
  [oids.sha512WithRSA]: { key: 'rsa', hash: 'sha512' },
  [oids.ecdsaWithSHA256]: { key: 'ec', hash: 'sha256' },
  [oids.ecdsaWithSHA384]: { key: 'ec', hash: 'sha384' },
  [oids.ecdsaWithSHA512]: { key: 'ec', hash: 'sha512' },
};

/** Hash that a signature algorithm is built on, by the name `node:crypto` knows; undefined for unknown ones. */
export const hashOfSignature = (algorithm: AlgorithmIdentifier): string | undefined =>
  signatureAlgorithms[algorithm.oid]?.hash;

export type SignatureCheck = 'valid' | 'invalid' | 'unsupported';

const verifyInPool = promisify(
  (
    hash: string,
    data: Uint8Array,
    key: KeyObject,
    signature: Uint8Array,
    done: (error: Error | null, valid: boolean) => void,
  ) => {
    verify(hash, data, key, signature, done);
  },
);

/** A key that has this size or less protects nothing. */
const leastRsaBits = 2048;
const leastEcBits = 224;

function publicKey(info: Uint8Array): KeyObject | undefined {
  try {
    return createPublicKey({ key: Buffer.from(info), format: 'der', type: 'spki' });
  } catch {
    return undefined;
  }
}

const curveBits: Readonly<Record<string, number>> = { prime256v1: 256, secp384r1: 384, secp521r1: 521 };

function strongEnough(key: KeyObject): boolean {
  const details = key.asymmetricKeyDetails;
  return key.asymmetricKeyType === 'rsa'
    ? (details?.modulusLength ?? 0) >= leastRsaBits
    : (curveBits[details?.namedCurve ?? ''] ?? 0) >= leastEcBits;
}

/**
 * Checks a signature: RSASSA-PKCS1-v1_5 or ECDSA (DER encoded r, s) with SHA-256, SHA-384 or SHA-512.
 *
 * Never throws: a key that is not a key, a key of the other kind or a weak one is `unsupported`.
 */
export async function verifySignature(signed: {
  readonly algorithm: AlgorithmIdentifier;
  /** SubjectPublicKeyInfo of whoever is said to have signed. */
  readonly publicKeyInfo: Uint8Array;
  readonly data: Uint8Array;
  readonly signature: Uint8Array;
}): Promise<SignatureCheck> {
  const algorithm = signatureAlgorithms[signed.algorithm.oid];
  if (!algorithm || !hasNoParameters(signed.algorithm)) return 'unsupported';
  const key = publicKey(signed.publicKeyInfo);
  if (key?.asymmetricKeyType !== algorithm.key || !strongEnough(key)) return 'unsupported';
  try {
    return (await verifyInPool(algorithm.hash, signed.data, key, signed.signature)) ? 'valid' : 'invalid';
  } catch {
    // OpenSSL raises an error instead of answering no when the signature is not even of the right form.
    return 'invalid';
  }
}
