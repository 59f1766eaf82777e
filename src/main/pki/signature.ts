import type { DerBytes } from '#shared/bytes.ts';
import type { AlgorithmIdentifier } from './algorithm-identifier.ts';
import type {
  AlgorithmProfile,
  SignatureAlgorithm,
  SignatureCheck,
  SignedData,
} from './algorithm-profile.ts';
import { gostProfiles } from './gost/gost-profiles.ts';
import { ecProfile, rsaProfile } from './node-crypto-profiles.ts';

export type { SignatureCheck } from './algorithm-profile.ts';

const profiles: readonly AlgorithmProfile[] = [rsaProfile, ecProfile, ...gostProfiles];

const profileOf = (algorithm: AlgorithmIdentifier): AlgorithmProfile | undefined =>
  profiles.find(({ hashes }) => Object.hasOwn(hashes, algorithm.oid));

/** The hash that a signature algorithm is built on; undefined for unknown ones. */
export const hashOfSignature = (
  algorithm: AlgorithmIdentifier,
): ((data: Uint8Array) => Uint8Array) | undefined => profileOf(algorithm)?.hashes[algorithm.oid];

/** AlgorithmIdentifier of what a signer makes. */
export function signatureIdentifier(algorithm: SignatureAlgorithm): DerBytes {
  for (const { identifiers } of profiles) {
    const identifier = identifiers[algorithm];
    if (identifier) return identifier;
  }
  throw new RangeError(`no profile signs with ${algorithm}`);
}

/**
 * Checks a signature: RSASSA-PKCS1-v1_5 or ECDSA with SHA-256, SHA-384 or SHA-512, and GOST in the dialects of
 * {@link AlgorithmFamily}, there in either byte order.
 *
 * Never throws: a key that is not a key, a key of the other kind or a weak one is `unsupported`.
 */
export const verifySignature = async (signed: SignedData): Promise<SignatureCheck> =>
  (await profileOf(signed.algorithm)?.verify(signed)) ?? 'unsupported';
