import { createHash } from 'node:crypto';
import { asDer, concatBytes, fromHex, type DerBytes } from '#shared/bytes.ts';
import {
  derTag,
  DerError,
  encodeElement,
  encodeSequence,
  encodeUnsigned,
  readElement,
  readElements,
} from './pkcs15/der.ts';

/** 65537: the only exponent that the card makes keys with. */
const exponentOfCard = Uint8Array.of(0x01, 0x00, 0x01);

/** OID 1.2.840.113549.1.1.1 with NULL parameters, RFC 8017 §A.1. */
const rsaEncryption = encodeSequence(
  encodeElement(derTag.objectIdentifier, fromHex('2a864886f70d010101')),
  encodeElement(derTag.nothing),
);

/** DigestInfo of SHA-256 up to the digest, RFC 8017 §9.2 note 1. */
export const sha256Prefix = fromHex('3031300d060960864801650304020105000420');

/** RSA numbers travel least significant byte first on this card (facts §2 rows 21, 25, 26). */
export const reversed = (bytes: Uint8Array): Uint8Array => Uint8Array.from(bytes).reverse();

/**
 * RSAPublicKey, RFC 8017 §A.1.1: what OpenSC keeps in EF 02nn (trace T6).
 *
 * @param modulus most significant byte first, as is the exponent
 */
export const rsaPublicKey = (modulus: Uint8Array, exponent: Uint8Array = exponentOfCard): DerBytes =>
  asDer(encodeSequence(encodeUnsigned(modulus), encodeUnsigned(exponent)));

/** SubjectPublicKeyInfo, RFC 5280 §4.1.2.7. */
export const publicKeyInfo = (publicKey: Uint8Array): DerBytes =>
  asDer(encodeSequence(rsaEncryption, encodeElement(derTag.bitString, Uint8Array.of(0), publicKey)));

/** SubjectPublicKeyInfo from a public key file, which holds that or RSAPublicKey; `null` when it holds neither. */
export function publicKeyInfoFromFile(content: Uint8Array): DerBytes | null {
  try {
    const whole = readElement(content);
    const [first, second] = readElements(whole.content);
    if (whole.tag !== derTag.sequence || second === undefined) return null;
    if (first?.tag === derTag.integer && second.tag === derTag.integer) return publicKeyInfo(whole.raw);
    const isKeyInfo = first?.tag === derTag.sequence && second.tag === derTag.bitString;
    return isKeyInfo ? asDer(whole.raw.slice()) : null;
  } catch (error) {
    if (error instanceof DerError) return null;
    throw error;
  }
}

/**
 * EMSA-PKCS1-v1_5 with SHA-256, RFC 8017 §9.2.
 *
 * @param length of the modulus in bytes
 */
export function signatureBlock(data: Uint8Array, length: number): Uint8Array {
  const digestInfo = concatBytes(sha256Prefix, createHash('sha256').update(data).digest());
  const padding = new Uint8Array(length - digestInfo.length - 3).fill(0xff);
  return concatBytes(Uint8Array.of(0x00, 0x01), padding, Uint8Array.of(0x00), digestInfo);
}
