import { setImmediate as nextTurn } from 'node:timers/promises';
import { algorithmWithNull, hasNoParameters } from '../algorithm-identifier.ts';
import type { AlgorithmProfile, SignatureCheck, SignedData } from '../algorithm-profile.ts';
import { oid, sequence } from '../asn1.ts';
import { gostAlgorithms, type GostAlgorithm } from './gost-algorithms.ts';
import { gostDigest } from './gost-hash.ts';
import { verifyDigest } from './gost3410.ts';
import { readGostPublicKey } from './public-key.ts';
import { decodeSignature, signatureLayouts } from './signature-layout.ts';

/**
 * Checks in either layout: who made a thing decides which one it has, and nothing in it tells who that was. To take both
 * gives nothing away, since either is made of the other by reading it backwards.
 */
async function verify(
  algorithms: readonly GostAlgorithm[],
  { algorithm, publicKeyInfo, data, signature }: SignedData,
): Promise<SignatureCheck> {
  const expected = algorithms.find(({ signatureOid }) => signatureOid === algorithm.oid);
  const key = readGostPublicKey(publicKeyInfo);
  if (!expected || !hasNoParameters(algorithm) || key?.algorithm !== expected) return 'unsupported';
  // A check takes up to 20 ms of this thread, and others choose how many there are: let other work in between.
  await nextTurn();
  const { curve, point } = key;
  const digest = gostDigest(expected.hash, data);
  const valid = signatureLayouts.some((layout) => {
    const numbers = decodeSignature(layout, signature, curve.bytes);
    return numbers !== undefined && verifyDigest(curve, point, digest, numbers);
  });
  return valid ? 'valid' : 'invalid';
}

function profile(family: GostAlgorithm['family']): AlgorithmProfile {
  const algorithms = gostAlgorithms.filter((algorithm) => algorithm.family === family);
  return {
    family,
    hashes: Object.fromEntries(
      algorithms.map(({ signatureOid, hash }) => [
        signatureOid,
        (data: Uint8Array) => gostDigest(hash, data),
      ]),
    ),
    identifiers: Object.fromEntries(
      algorithms.map(({ name, signatureOid, nullParameters }) => [
        name,
        nullParameters ? algorithmWithNull(signatureOid) : sequence(oid(signatureOid)),
      ]),
    ),
    verify: (signed) => verify(algorithms, signed),
  };
}

const families: readonly GostAlgorithm['family'][] = ['KZ-2015', 'KZ-2004', 'GAMMA-2004', 'RU-2012'];

export const gostProfiles: readonly AlgorithmProfile[] = families.map(profile);
