import { pbkdf2 } from 'node:crypto';
import { promisify } from 'node:util';
import { wipe } from '#shared/bytes.ts';
import { readAlgorithm, type AlgorithmIdentifier } from '../algorithm-identifier.ts';
import { parseDer, parseSequence, tag } from '../asn1.ts';
import { decryptGost28147Cfb, gost28147Bytes, substitutionBoxes } from '../gost/gost28147.ts';
import type { GostHashKind } from '../gost/gost-hash.ts';
import { gostPbkdf2 } from '../gost/hmac.ts';
import { streebog256, streebog512 } from '../gost/streebog.ts';
import { oids } from '../oids.ts';
import { decipher, DecryptionError, tripleDes, type BlockCipher } from './decipher.ts';
import { unsupportedContainer } from './failure.ts';
import { checkedIterations, mostIterations } from './iterations.ts';
import type { ContainerPassword } from './password.ts';

/** PBES2 (RFC 8018 §6.2): PBKDF2, and a cipher that is chosen apart; also with GOST (R 50.1.112-2016, RFC 9337). */

const ciphers: Readonly<Record<string, BlockCipher>> = {
  [oids.desEde3Cbc]: tripleDes,
  [oids.aes128Cbc]: { type: 'node', name: 'aes-128-cbc', keyLength: 16, ivLength: 16 },
  [oids.aes192Cbc]: { type: 'node', name: 'aes-192-cbc', keyLength: 24, ivLength: 16 },
  [oids.aes256Cbc]: { type: 'node', name: 'aes-256-cbc', keyLength: 32, ivLength: 16 },
};

const pseudoRandomFunctions: Readonly<Record<string, string>> = {
  [oids.hmacWithSHA1]: 'sha1',
  [oids.hmacWithSHA224]: 'sha224',
  [oids.hmacWithSHA256]: 'sha256',
  [oids.hmacWithSHA384]: 'sha384',
  [oids.hmacWithSHA512]: 'sha512',
};

const gostPseudoRandomFunctions: Readonly<Record<string, GostHashKind>> = {
  [oids.hmacStreebog256]: streebog256,
  [oids.hmacStreebog512]: streebog512,
};

const gostSubstitutions: Readonly<
  Record<string, (typeof substitutionBoxes)[keyof typeof substitutionBoxes]>
> = {
  [oids.gost28147CryptoProA]: substitutionBoxes.cryptoProA,
  [oids.gost28147Tc26Z]: substitutionBoxes.tc26Z,
};

/** A cipher with its initialisation vector, ready for the key. */
interface Scheme {
  readonly keyLength: number;
  decrypt(key: Uint8Array, content: Uint8Array): Uint8Array;
}

function readScheme(scheme: AlgorithmIdentifier): Scheme {
  if (scheme.oid === oids.gost28147) return readGostScheme(scheme);
  const cipher = ciphers[scheme.oid];
  if (!cipher) throw unsupportedContainer(`encryption ${scheme.oid}`);
  const iv = parseDer(scheme.parameters ?? new Uint8Array()).content;
  return { keyLength: cipher.keyLength, decrypt: (key, content) => decipher(cipher, key, iv, content) };
}

/** Gost28147-89-Parameters: initialisation vector and substitution (RFC 4357 §8.1). */
function readGostScheme(scheme: AlgorithmIdentifier): Scheme {
  const parameters = parseSequence(scheme.parameters ?? new Uint8Array());
  const iv = parameters.octets();
  const set = parameters.oid();
  parameters.end();
  const box = gostSubstitutions[set];
  if (!box) throw unsupportedContainer(`substitution ${set}`);
  return {
    keyLength: gost28147Bytes.key,
    decrypt(key, content) {
      if (iv.length !== gost28147Bytes.block) {
        throw new DecryptionError('the initialisation vector has another length');
      }
      const plain = decryptGost28147Cfb(box, key, iv, content);
      // The mode has no padding that would give a wrong key away; all that is encrypted in a container is a SEQUENCE.
      if (plain[0] === tag.sequence) return plain;
      wipe(plain);
      throw new DecryptionError('not a SEQUENCE');
    },
  };
}

async function deriveKey(
  derivation: AlgorithmIdentifier,
  password: Uint8Array,
  length: number,
): Promise<Uint8Array> {
  if (derivation.oid !== oids.pbkdf2) throw unsupportedContainer(`key derivation ${derivation.oid}`);
  const fields = parseSequence(derivation.parameters ?? new Uint8Array());
  const salt = fields.octets();
  const count = fields.next(tag.integer);
  fields.optional(tag.integer); // keyLength: the cipher knows it
  const prf = fields.atEnd ? oids.hmacWithSHA1 : readAlgorithm(fields.next(tag.sequence)).oid;
  const hash = pseudoRandomFunctions[prf];
  if (hash) return promisify(pbkdf2)(password, salt, checkedIterations(count), length, hash);
  const gostHash = gostPseudoRandomFunctions[prf];
  if (!gostHash) throw unsupportedContainer(`key derivation with ${prf}`);
  return gostPbkdf2(gostHash, password, {
    salt,
    iterations: checkedIterations(count, mostIterations.gost),
    length,
  });
}

/** The caller wipes the result. @throws DecryptionError, DerError; KiltError `key-container-unsupported` */
export async function decryptPbes2(
  algorithm: AlgorithmIdentifier,
  content: Uint8Array,
  password: ContainerPassword,
): Promise<Uint8Array> {
  const parameters = parseSequence(algorithm.parameters ?? new Uint8Array());
  const derivation = readAlgorithm(parameters.next(tag.sequence));
  const scheme = readScheme(readAlgorithm(parameters.next(tag.sequence)));
  parameters.end();
  const key = await deriveKey(derivation, password.utf8, scheme.keyLength);
  try {
    return scheme.decrypt(key, content);
  } finally {
    wipe(key);
  }
}
