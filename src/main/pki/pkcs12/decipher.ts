import { createDecipheriv } from 'node:crypto';
import forge from 'node-forge';
import { wipe } from '#shared/bytes.ts';
import { binaryString } from '../asn1.ts';

/** Ciphers in CBC mode that key containers are encrypted with. */
export type BlockCipher =
  | { readonly type: 'node'; readonly name: string; readonly keyLength: number; readonly ivLength: number }
  | { readonly type: 'rc2'; readonly keyLength: number; readonly ivLength: number };

export const tripleDes: BlockCipher = { type: 'node', name: 'des-ede3-cbc', keyLength: 24, ivLength: 8 };

/** The password does not decrypt the content, or the content is damaged. */
export class DecryptionError extends Error {}

/** The caller wipes the result. @throws DecryptionError */
export function decipher(
  cipher: BlockCipher,
  key: Uint8Array,
  iv: Uint8Array,
  content: Uint8Array,
): Uint8Array {
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
