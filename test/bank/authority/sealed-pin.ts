import { createCipheriv, createDecipheriv, createHmac, randomBytes } from 'node:crypto';
import { secretFromText, type SecretBytes } from '#shared/bytes.ts';

/**
 * The bank must know a customer's ПИН to check a password-based MAC, so it can not keep a mere hash. It keeps it
 * sealed (AES-256-GCM, bound to the user ID), so that the journal of records shows none.
 */
export function sealPin(pin: SecretBytes, userId: string, sealingKey: Uint8Array): string {
  const nonce = randomBytes(12);
  const cipher = createCipheriv('aes-256-gcm', sealingKey, nonce).setAAD(Buffer.from(userId));
  const sealed = Buffer.concat([cipher.update(pin), cipher.final()]);
  return Buffer.concat([nonce, cipher.getAuthTag(), sealed]).toString('base64');
}

/** The ПИН in a buffer that the caller wipes. */
export function unsealPin(sealed: string, userId: string, sealingKey: Uint8Array): SecretBytes {
  const bytes = Buffer.from(sealed, 'base64');
  const decipher = createDecipheriv('aes-256-gcm', sealingKey, bytes.subarray(0, 12))
    .setAAD(Buffer.from(userId))
    .setAuthTag(bytes.subarray(12, 28));
  const first = decipher.update(bytes.subarray(28));
  decipher.final();
  return new Uint8Array(first) as SecretBytes;
}

/** Recognises the same wrong attempt when a client repeats it, without keeping what was attempted. */
export const attemptFingerprint = (sealingKey: Uint8Array, ...parts: readonly Uint8Array[]): string => {
  const hmac = createHmac('sha256', sealingKey);
  for (const part of parts) hmac.update(Uint8Array.of(part.length >> 8, part.length & 0xff)).update(part);
  return hmac.digest('base64');
};

// The OTP cards print eleven capital letters and digits; letters and digits that look alike stay in on purpose,
// because the manuals' own check list speaks of them.
const pinAlphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789';

/** A new ПИН as on an OTP card: eleven characters A–Z, 0–9. */
export function newPin(): SecretBytes {
  const letters: string[] = [];
  while (letters.length < 11) {
    const octet = randomBytes(1)[0] ?? 255;
    // 252 = 7 × 36: higher octets would favour the first letters.
    if (octet < 252) letters.push(pinAlphabet.charAt(octet % 36));
  }
  return secretFromText(letters.join(''));
}
