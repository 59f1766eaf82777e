import { createHash } from 'node:crypto';
import type { SignatureAlgorithm } from './algorithm-profile.ts';
import { algorithmWithNull } from './algorithm-identifier.ts';
import { oid, sequence } from './asn1.ts';
import type { DerBytes } from '#shared/bytes.ts';
import { gostAlgorithms } from './gost/gost-algorithms.ts';
import { oids } from './oids.ts';

/** A calculation under way, for data that does not fit into memory. */
export interface StreamingDigest {
  update(data: Uint8Array): unknown;
  /** Ends it; may be called once. */
  digest(): Uint8Array;
}

/** A hash by the object identifier that names it where it stands alone, as in CMS. */
export interface DigestAlgorithm {
  readonly oid: string;
  /** As people write it: `SHA-256`. */
  readonly name: string;
  /** Collisions can be made: what it was signed with proves nothing about a document. */
  readonly weak: boolean;
  readonly start: () => StreamingDigest;
}

const sha = (objectIdentifier: string, name: string, bits: string, weak = false): DigestAlgorithm => ({
  oid: objectIdentifier,
  name,
  weak,
  start: () => createHash(bits),
});

const gostNames: Readonly<Record<string, string>> = {
  [oids.gostKz2015Hash512]: 'ГОСТ 34.11-2015 (512)',
  [oids.gostKz2015Hash256]: 'ГОСТ 34.11-2015 (256)',
  [oids.gostKz2004Hash]: 'ГОСТ 34.311-95',
  [oids.gostGammaHash]: 'ГОСТ 34.311-95',
  [oids.streebog512]: 'ГОСТ Р 34.11-2012 (512)',
  [oids.streebog256]: 'ГОСТ Р 34.11-2012 (256)',
};

const digestAlgorithms: readonly DigestAlgorithm[] = [
  sha(oids.sha256, 'SHA-256', 'sha256'),
  sha(oids.sha384, 'SHA-384', 'sha384'),
  sha(oids.sha512, 'SHA-512', 'sha512'),
  sha(oids.sha1, 'SHA-1', 'sha1', true),
  ...gostAlgorithms.map(({ hashOid, hash }): DigestAlgorithm => ({
    oid: hashOid,
    name: gostNames[hashOid] ?? hashOid,
    weak: false,
    start: hash,
  })),
];

/** Undefined for a hash that this program does not know. */
export const digestAlgorithm = (objectIdentifier: string): DigestAlgorithm | undefined =>
  digestAlgorithms.find((known) => known.oid === objectIdentifier);

/** The hash that goes with what a signer makes, and how CMS names it in that dialect. */
export function digestOfSigner(algorithm: SignatureAlgorithm): {
  readonly digest: DigestAlgorithm;
  readonly identifier: DerBytes;
} {
  const gost = gostAlgorithms.find(({ name }) => name === algorithm);
  const objectIdentifier = gost?.hashOid ?? oids.sha256;
  const digest = digestAlgorithm(objectIdentifier);
  if (!digest) throw new RangeError(`no hash for ${algorithm}`);
  const identifier =
    gost?.nullParameters === false ? sequence(oid(objectIdentifier)) : algorithmWithNull(objectIdentifier);
  return { digest, identifier };
}

export function digestOf(algorithm: DigestAlgorithm, data: Uint8Array): Uint8Array {
  const calculation = algorithm.start();
  calculation.update(data);
  return calculation.digest();
}
