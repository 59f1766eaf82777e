import {
  createHash,
  createHmac,
  randomBytes,
  sign,
  timingSafeEqual,
  verify,
  type KeyObject,
} from 'node:crypto';
import { concatBytes, type SecretBytes, wipe } from '#shared/bytes.ts';
import {
  expectTag,
  integer,
  membersOf,
  nullValue,
  octetString,
  oid,
  oidText,
  sequence,
  smallInteger,
  tags,
  type DerValue,
} from '../asn1/der.ts';
import { oids } from '../asn1/oids.ts';
import { CmpRefusal } from './refusal.ts';

/** Iterations the bank accepts; the upper bound is OpenSSL's and keeps a message from costing seconds. */
const iterationBounds = { least: 100, most: 100_000 };
const ownIterations = 10_000;

const hashNames: ReadonlyMap<string, string> = new Map([
  [oids.sha1, 'sha1'],
  [oids.sha256, 'sha256'],
  [oids.sha384, 'sha384'],
  [oids.sha512, 'sha512'],
]);
const macNames: ReadonlyMap<string, string> = new Map([
  [oids.hmacSha1, 'sha1'],
  [oids.hmacWithSha1, 'sha1'],
  [oids.hmacWithSha256, 'sha256'],
  [oids.hmacWithSha384, 'sha384'],
  [oids.hmacWithSha512, 'sha512'],
]);
const signatureHashes: ReadonlyMap<string, string> = new Map([
  [oids.sha256WithRsa, 'sha256'],
  [oids.sha384WithRsa, 'sha384'],
  [oids.sha512WithRsa, 'sha512'],
]);

const algorithmOid = (algorithm: DerValue | undefined): string =>
  oidText(membersOf(expectTag(algorithm, tags.sequence))[0]);

/** Hash of an RSA signature algorithm. @throws CmpRefusal `badAlg` (SHA-1 among them) */
export function signatureHash(algorithm: DerValue | undefined): string {
  const name = signatureHashes.get(algorithmOid(algorithm));
  if (!name) throw new CmpRefusal('badAlg', 'signature algorithm is not accepted');
  return name;
}

export const isPasswordBased = (algorithm: DerValue): boolean =>
  algorithmOid(algorithm) === oids.passwordBasedMac;

/** PBMParameter (RFC 9810 §5.1.3.1). */
export interface PasswordBasedMac {
  readonly salt: Uint8Array;
  readonly hash: string;
  readonly iterations: number;
  readonly mac: string;
}

/** @throws CmpRefusal `badAlg` for a hash, MAC or iteration count that the bank does not take */
export function readPasswordBasedMac(algorithm: DerValue): PasswordBasedMac {
  const [, parameters] = membersOf(algorithm);
  const [salt, hash, iterations, mac] = membersOf(expectTag(parameters, tags.sequence));
  const hashName = hashNames.get(algorithmOid(hash));
  const macName = macNames.get(algorithmOid(mac));
  const count = smallInteger(iterations);
  if (!hashName || !macName) throw new CmpRefusal('badAlg', 'hash or MAC is not accepted');
  if (count < iterationBounds.least || count > iterationBounds.most) {
    throw new CmpRefusal('badAlg', 'bad pbm iteration count');
  }
  return { salt: expectTag(salt, tags.octetString).content, hash: hashName, iterations: count, mac: macName };
}

/** MAC over the protected part; the base key is the hash applied `iterations` times to secret ‖ salt. */
export function passwordBasedMac(
  parameters: PasswordBasedMac,
  secret: SecretBytes,
  data: Uint8Array,
): Uint8Array {
  let key: Uint8Array = concatBytes(secret, parameters.salt);
  for (let round = 0; round < parameters.iterations; round++) {
    const next = createHash(parameters.hash).update(key).digest();
    wipe(key);
    key = next;
  }
  const mac = createHmac(parameters.mac, key).update(data).digest();
  wipe(key);
  return mac;
}

export const macFits = (expected: Uint8Array, received: Uint8Array): boolean =>
  expected.length === received.length && timingSafeEqual(expected, received);

export const signatureFits = (
  algorithm: DerValue,
  key: KeyObject,
  data: Uint8Array,
  signature: Uint8Array,
): boolean => verify(signatureHash(algorithm), data, key, signature);

/** How an answer is protected. */
export interface AnswerProtection {
  /** AlgorithmIdentifier, DER. */
  readonly algorithm: Uint8Array;
  protect(data: Uint8Array): Uint8Array;
}

/** Password-based MAC with SHA-256 throughout. The secret is the caller's to wipe, after the answer is made. */
export function macProtection(secret: SecretBytes): AnswerProtection {
  const parameters = { salt: randomBytes(16), hash: 'sha256', iterations: ownIterations, mac: 'sha256' };
  return {
    algorithm: sequence(
      oid(oids.passwordBasedMac),
      sequence(
        octetString(parameters.salt),
        sequence(oid(oids.sha256)),
        integer(parameters.iterations),
        sequence(oid(oids.hmacWithSha256), nullValue()),
      ),
    ),
    protect: (data) => passwordBasedMac(parameters, secret, data),
  };
}

export const signatureProtection = (key: KeyObject): AnswerProtection => ({
  algorithm: sequence(oid(oids.sha256WithRsa), nullValue()),
  protect: (data) => sign('sha256', data, key),
});
