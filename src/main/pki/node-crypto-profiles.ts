import { createHash, createPublicKey, verify, type KeyObject } from 'node:crypto';
import { promisify } from 'node:util';
import { algorithmWithNull, hasNoParameters } from './algorithm-identifier.ts';
import type { AlgorithmProfile, SignatureCheck, SignedData } from './algorithm-profile.ts';
import { oids } from './oids.ts';

/** RSASSA-PKCS1-v1_5 and ECDSA (DER encoded r, s): the families that `node:crypto` does. */

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

/** @param hashNames hashes by the names of `node:crypto`, under the object identifiers of signature algorithms */
function profile(
  family: 'RSA' | 'EC',
  hashNames: Readonly<Record<string, string>>,
  identifiers: AlgorithmProfile['identifiers'],
): AlgorithmProfile {
  const keyType = family === 'RSA' ? 'rsa' : 'ec';
  const hashes = Object.entries(hashNames).map(
    ([oid, name]) => [oid, (data: Uint8Array) => createHash(name).update(data).digest()] as const,
  );
  return {
    family,
    hashes: Object.fromEntries(hashes),
    identifiers,
    async verify({ algorithm, publicKeyInfo, data, signature }: SignedData): Promise<SignatureCheck> {
      const hash = hashNames[algorithm.oid];
      if (!hash || !hasNoParameters(algorithm)) return 'unsupported';
      const key = publicKey(publicKeyInfo);
      if (key?.asymmetricKeyType !== keyType || !strongEnough(key)) return 'unsupported';
      try {
        return (await verifyInPool(hash, data, key, signature)) ? 'valid' : 'invalid';
      } catch {
        // OpenSSL raises an error instead of answering no when the signature is not even of the right form.
        return 'invalid';
      }
    },
  };
}

/** SHA-1 is left out on purpose: a signature over SHA-1 proves nothing about a certificate any more. */
export const rsaProfile = profile(
  'RSA',
  {
    [oids.sha256WithRSA]: 'sha256',
    [oids.sha384WithRSA]: 'sha384',
    [oids.sha512WithRSA]: 'sha512',
  },
  { 'rsa-sha256': algorithmWithNull(oids.sha256WithRSA) },
);

export const ecProfile = profile(
  'EC',
  {
    [oids.ecdsaWithSHA256]: 'sha256',
    [oids.ecdsaWithSHA384]: 'sha384',
    [oids.ecdsaWithSHA512]: 'sha512',
  },
  {},
);

/** RS256 (RFC 7518 §3.3) at once, for what is read while nothing may wait. A key that protects nothing fits nothing. */
export function isRs256Signature(signed: Pick<SignedData, 'publicKeyInfo' | 'data' | 'signature'>): boolean {
  const key = publicKey(signed.publicKeyInfo);
  if (key?.asymmetricKeyType !== 'rsa' || !strongEnough(key)) return false;
  try {
    return verify('sha256', signed.data, key, signed.signature);
  } catch {
    return false;
  }
}
