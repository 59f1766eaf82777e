import { createHmac, hash as digest, randomBytes, timingSafeEqual } from 'node:crypto';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { concatBytes, wipe, type DerBytes, type SecretBytes } from '#shared/bytes.ts';
import {
  algorithmWithNull,
  hasNoParameters,
  readAlgorithm,
  type AlgorithmIdentifier,
} from '../algorithm-identifier.ts';
import { DerError, integer, octetString, oid, parseSequence, sequence, tag } from '../asn1.ts';
import { oids } from '../oids.ts';
import { signatureIdentifier, verifySignature, type SignatureCheck } from '../signature.ts';
import type { Signer } from '../signer.ts';
import type { MessageProtector, PkiMessage } from './message.ts';

/** Protection of messages: PasswordBasedMac (RFC 4210 §5.1.3.1) and signature (§5.1.3.3). */

interface PbmParameters {
  readonly salt: Uint8Array;
  readonly hash: string;
  readonly iterations: number;
  readonly macHash: string;
}

/** One-way functions that are accepted, by the names of `node:crypto`. */
const oneWayFunctions: Readonly<Record<string, string>> = {
  [oids.sha1]: 'sha1',
  [oids.sha256]: 'sha256',
  [oids.sha384]: 'sha384',
  [oids.sha512]: 'sha512',
};

/** MACs that are accepted. HMAC with SHA-1 is what OpenSSL 3.0 answers with, and as a MAC it still holds. */
const macs: Readonly<Record<string, string>> = {
  [oids.hmacSHA1]: 'sha1',
  [oids.hmacWithSHA1]: 'sha1',
  [oids.hmacWithSHA256]: 'sha256',
  [oids.hmacWithSHA384]: 'sha384',
  [oids.hmacWithSHA512]: 'sha512',
};

/** Below, guessing is cheap; above, the other side could keep us busy. OpenSSL draws the same lines. */
export const pbmIterationLimits = { least: 100, most: 100_000 } as const;

/**
 * Iterations that we send. A ПИН has about 57 bits, and whoever sees a message can try them: every doubling costs them
 * twice as much. Ten thousand take about 20 ms.
 */
const sentIterations = 10_000;
const sentSaltLength = 16;

/** Iterations between two looks at the event loop: 2 to 5 ms of work. */
const iterationsPerTurn = 2_000;

/** K = H^n(secret ‖ salt). The caller wipes it. */
async function deriveKey(
  secret: SecretBytes,
  { salt, hash, iterations }: PbmParameters,
): Promise<Uint8Array> {
  const start = concatBytes(secret, salt);
  let key = digest(hash, start, 'buffer');
  wipe(start);
  for (let i = 1; i < iterations; i++) {
    const next = digest(hash, key, 'buffer');
    wipe(key);
    key = next;
    if (i % iterationsPerTurn === 0) await nextTurn();
  }
  return key;
}

async function computeMac(
  secret: SecretBytes,
  parameters: PbmParameters,
  data: Uint8Array,
): Promise<Uint8Array> {
  const key = await deriveKey(secret, parameters);
  try {
    return createHmac(parameters.macHash, key).update(data).digest();
  } finally {
    wipe(key);
  }
}

/** Protection by a shared secret: PasswordBasedMac with SHA-256 and HMAC-SHA-256, fresh salt for every message. */
export function macProtector(
  secret: SecretBytes,
  options: { readonly iterations?: number; readonly salt?: Uint8Array } = {},
): MessageProtector {
  const parameters: PbmParameters = {
    salt: options.salt ?? randomBytes(sentSaltLength),
    hash: 'sha256',
    iterations: options.iterations ?? sentIterations,
    macHash: 'sha256',
  };
  return {
    algorithm: sequence(
      oid(oids.passwordBasedMac),
      sequence(
        octetString(parameters.salt),
        algorithmWithNull(oids.sha256),
        integer(parameters.iterations),
        algorithmWithNull(oids.hmacWithSHA256),
      ),
    ),
    protect: (protectedPart) => computeMac(secret, parameters, protectedPart),
  };
}

/** Protection by signature. The signer's certificate has to go into extraCerts and its key identifier into the header. */
export const signatureProtector = (signer: Signer): MessageProtector => ({
  algorithm: signatureIdentifier(signer.algorithm),
  protect: (protectedPart) => signer.sign(protectedPart),
});

function readPbmParameters({ parameters }: AlgorithmIdentifier): PbmParameters | 'unsupported' {
  if (!parameters) throw new DerError('PasswordBasedMac without parameters');
  const reader = parseSequence(parameters);
  const salt = reader.octets();
  const owf = readAlgorithm(reader.next(tag.sequence));
  const iterations = reader.smallInteger();
  const mac = readAlgorithm(reader.next(tag.sequence));
  reader.end();
  const hash = oneWayFunctions[owf.oid];
  const macHash = macs[mac.oid];
  if (!hash || !macHash || !hasNoParameters(owf) || !hasNoParameters(mac)) return 'unsupported';
  if (iterations < pbmIterationLimits.least || iterations > pbmIterationLimits.most) return 'unsupported';
  return { salt, hash, iterations, macHash };
}

export type ProtectionKind = 'none' | 'mac' | 'signature' | 'unsupported';

/** How a message is protected, as far as its header says. */
export function protectionKind({ header, protection }: PkiMessage): ProtectionKind {
  if (!protection && !header.protectionAlgorithm) return 'none';
  if (!protection || !header.protectionAlgorithm) return 'unsupported';
  return header.protectionAlgorithm.oid === oids.passwordBasedMac ? 'mac' : 'signature';
}

/**
 * Checks a PasswordBasedMac over the bytes that arrived. `unsupported`: another protection, unknown algorithms, or an
 * iteration count outside {@link pbmIterationLimits}.
 */
export async function verifyMac(message: PkiMessage, secret: SecretBytes): Promise<SignatureCheck> {
  const { header, protection, protectedPart } = message;
  if (protectionKind(message) !== 'mac' || !header.protectionAlgorithm || !protection) return 'unsupported';
  let parameters: ReturnType<typeof readPbmParameters>;
  try {
    parameters = readPbmParameters(header.protectionAlgorithm);
  } catch (error) {
    if (error instanceof DerError) return 'unsupported';
    throw error;
  }
  if (parameters === 'unsupported') return 'unsupported';
  const expected = await computeMac(secret, parameters, protectedPart);
  return expected.length === protection.length && timingSafeEqual(expected, protection) ? 'valid' : 'invalid';
}

/** Checks a signature over the bytes that arrived. Whose key it is and what it may do is for the caller to know. */
export async function verifyMessageSignature(
  message: PkiMessage,
  publicKeyInfo: DerBytes,
): Promise<SignatureCheck> {
  const { header, protection, protectedPart } = message;
  if (protectionKind(message) !== 'signature' || !header.protectionAlgorithm || !protection) {
    return 'unsupported';
  }
  return verifySignature({
    algorithm: header.protectionAlgorithm,
    publicKeyInfo,
    data: protectedPart,
    signature: protection,
  });
}
