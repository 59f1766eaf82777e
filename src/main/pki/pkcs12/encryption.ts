import { wipe } from '#shared/bytes.ts';
import type { AlgorithmIdentifier } from '../algorithm-identifier.ts';
import { parseSequence, tag } from '../asn1.ts';
import { oids } from '../oids.ts';
import { decipher, DecryptionError, tripleDes, type BlockCipher } from './decipher.ts';
import { unsupportedContainer } from './failure.ts';
import { checkedIterations } from './iterations.ts';
import { derive, purpose, type ContainerPassword } from './password.ts';
import { decryptPbes2 } from './pbes2.ts';

/** Password-based encryption of key containers: PKCS#12 PBE (RFC 7292 appendix C), and PBES2 next door. */

/** Two-key triple DES derives 16 bytes and uses the first eight again as the third key. */
const pkcs12Ciphers: Readonly<Record<string, { cipher: BlockCipher; derivedKeyLength: number }>> = {
  [oids.pbeSha1And3KeyTripleDes]: { cipher: tripleDes, derivedKeyLength: 24 },
  [oids.pbeSha1And2KeyTripleDes]: { cipher: tripleDes, derivedKeyLength: 16 },
  [oids.pbeSha1And128BitRc2]: { cipher: { type: 'rc2', keyLength: 16, ivLength: 8 }, derivedKeyLength: 16 },
  [oids.pbeSha1And40BitRc2]: { cipher: { type: 'rc2', keyLength: 5, ivLength: 8 }, derivedKeyLength: 5 },
};

/**
 * Decrypts with every form of the password that fits the algorithm until one works. The caller wipes the result.
 *
 * @throws DecryptionError, DerError; KiltError `key-container-unsupported`
 */
export async function decrypt(
  algorithm: AlgorithmIdentifier,
  content: Uint8Array,
  password: ContainerPassword,
): Promise<Uint8Array> {
  password.countPart();
  if (algorithm.oid === oids.pbes2) return decryptPbes2(algorithm, content, password);
  const known = pkcs12Ciphers[algorithm.oid];
  if (!known) throw unsupportedContainer(`encryption ${algorithm.oid}`);
  const parameters = parseSequence(algorithm.parameters ?? new Uint8Array());
  const salt = parameters.octets();
  const iterations = checkedIterations(parameters.next(tag.integer));
  parameters.end();
  for (const bmp of password.bmpForms) {
    const derivation = { hash: 'sha1', salt, iterations };
    const derived = await derive(bmp, {
      ...derivation,
      purpose: purpose.key,
      length: known.derivedKeyLength,
    });
    const iv = await derive(bmp, { ...derivation, purpose: purpose.iv, length: known.cipher.ivLength });
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
