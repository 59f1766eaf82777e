import { createDecipheriv, pbkdf2Sync } from 'node:crypto';
import forge from 'node-forge';
import { wipe } from '#shared/bytes.ts';
import { readAlgorithm, type AlgorithmIdentifier } from '../algorithm-identifier.ts';
import { binaryString, parseDer, parseSequence, readSmallInteger, tag, type DerValue } from '../asn1.ts';
import { oids } from '../oids.ts';
import { unsupportedContainer } from './failure.ts';
import { derive, purpose, type ContainerPassword } from './password.ts';

/** Password-based encryption of key containers: PKCS#12 PBE (RFC 7292 appendix C) and PBES2 (RFC 8018 §6.2). */

/** Beyond it a file is made to keep us busy: a derivation needs one or two seconds for so many. */
const mostIterations = 1_000_000;

type BlockCipher =
  | { readonly type: 'node'; readonly name: string; readonly keyLength: number; readonly ivLength: number }
  | { readonly type: 'rc2'; readonly keyLength: number; readonly ivLength: number };

const tripleDes: BlockCipher = { type: 'node', name: 'des-ede3-cbc', keyLength: 24, ivLength: 8 };

/** Two-key triple DES derives 16 bytes and uses the first eight again as the third key. */
const pkcs12Ciphers: Readonly<Record<string, { cipher: BlockCipher; derivedKeyLength: number }>> = {
  [oids.pbeSha1And3KeyTripleDes]: { cipher: tripleDes, derivedKeyLength: 24 },
  [oids.pbeSha1And2KeyTripleDes]: { cipher: tripleDes, derivedKeyLength: 16 },
  [oids.pbeSha1And128BitRc2]: { cipher: { type: 'rc2', keyLength: 16, ivLength: 8 }, derivedKeyLength: 16 },
  [oids.pbeSha1And40BitRc2]: { cipher: { type: 'rc2', keyLength: 5, ivLength: 8 }, derivedKeyLength: 5 },
};

const pbes2Ciphers: Readonly<Record<string, BlockCipher>> = {
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

export function checkedIterations(value: DerValue): number {
  const iterations = readSmallInteger(value);
  if (iterations < 1 || iterations > mostIterations) throw unsupportedContainer(`${iterations} iterations`);
  return iterations;
}

/** The password does not decrypt the content, or the content is damaged. */
export class DecryptionError extends Error {}

/**
 * Decrypts with every form of the password that fits the algorithm until one works. The caller wipes the result.
 *
 * @throws DecryptionError, DerError; KiltError `key-container-unsupported`
 */
export function decrypt(
  algorithm: AlgorithmIdentifier,
  content: Uint8Array,
  password: ContainerPassword,
): Uint8Array {
  if (algorithm.oid === oids.pbes2) return decryptPbes2(algorithm, content, password);
  const known = pkcs12Ciphers[algorithm.oid];
  if (!known) throw unsupportedContainer(`encryption ${algorithm.oid}`);
  const parameters = parseSequence(algorithm.parameters ?? new Uint8Array());
  const salt = parameters.octets();
  const iterations = checkedIterations(parameters.next(tag.integer));
  parameters.end();
  for (const bmp of password.bmpForms) {
    const derivation = { hash: 'sha1', salt, iterations };
    const derived = derive(bmp, { ...derivation, purpose: purpose.key, length: known.derivedKeyLength });
    const iv = derive(bmp, { ...derivation, purpose: purpose.iv, length: known.cipher.ivLength });
    const key = Uint8Array.from(
      { length: known.cipher.keyLength },
      (_, i) => derived[i % derived.length] ?? 0,
    );
    try {
      return decipher(known.cipher, key, iv, content);
    } catch (error) {
      if (!(error instanceof DecryptionError) || bmp === password.bmpForms.at(-1)) throw error;
    } finally {
      wipe(derived);
      wipe(key);
    }
  }
  throw new DecryptionError();
}

function decryptPbes2(
  algorithm: AlgorithmIdentifier,
  content: Uint8Array,
  password: ContainerPassword,
): Uint8Array {
  const parameters = parseSequence(algorithm.parameters ?? new Uint8Array());
  const derivation = readAlgorithm(parameters.next(tag.sequence));
  const scheme = readAlgorithm(parameters.next(tag.sequence));
  parameters.end();
  const cipher = pbes2Ciphers[scheme.oid];
  if (!cipher) throw unsupportedContainer(`encryption ${scheme.oid}`);
  if (derivation.oid !== oids.pbkdf2) throw unsupportedContainer(`key derivation ${derivation.oid}`);
  const fields = parseSequence(derivation.parameters ?? new Uint8Array());
  const salt = fields.octets();
  const iterations = checkedIterations(fields.next(tag.integer));
  fields.optional(tag.integer); // keyLength: the cipher knows it
  const prf = fields.atEnd ? oids.hmacWithSHA1 : readAlgorithm(fields.next(tag.sequence)).oid;
  const hash = pseudoRandomFunctions[prf];
  if (!hash) throw unsupportedContainer(`key derivation with ${prf}`);
  const iv = parseDer(scheme.parameters ?? new Uint8Array());
  const key = pbkdf2Sync(password.utf8, salt, iterations, cipher.keyLength, hash);
  try {
    return decipher(cipher, key, iv.content, content);
  } finally {
    wipe(key);
  }
}

function decipher(cipher: BlockCipher, key: Uint8Array, iv: Uint8Array, content: Uint8Array): Uint8Array {
  if (iv.length !== cipher.ivLength)
    throw new DecryptionError('the initialisation vector has another length');
  if (cipher.type === 'rc2') return decipherRc2(key, iv, content);
  const stream = createDecipheriv(cipher.name, key, iv);
  const start = stream.update(content);
  try {
    const end = stream.final();
    const plain = new Uint8Array(start.length + end.length);
    plain.set(start);
    plain.set(end, start.length);
    wipe(end);
    return plain;
  } catch (cause) {
    throw new DecryptionError('wrong padding', { cause });
  } finally {
    wipe(start);
  }
}

/**
 * RC2 is not in OpenSSL 3's default provider nor in Electron's BoringSSL, so forge does it. Forge works on strings,
 * which can not be wiped; the writers of such files encrypt their certificates with RC2 and the key with triple DES.
 */
function decipherRc2(key: Uint8Array, iv: Uint8Array, content: Uint8Array): Uint8Array {
  const bits = 8 * key.length;
  const rc2 = forge.rc2.createDecryptionCipher(binaryString(key), bits);
  rc2.start(binaryString(iv));
  rc2.update(forge.util.createBuffer(binaryString(content)));
  if (!rc2.finish()) throw new DecryptionError('wrong padding');
  return new Uint8Array(Buffer.from(rc2.output.getBytes(), 'latin1'));
}
