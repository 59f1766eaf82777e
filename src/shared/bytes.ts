/**
 * Byte strings that mean something. They are plain `Uint8Array`s at run time; the brand only keeps a
 * certificate from being passed where a PIN is expected.
 */
declare const brand: unique symbol;
type Branded<Base, Name extends string> = Base & { readonly [brand]: Name };

/** DER encoding of one ASN.1 value (X.690 §10). */
export type DerBytes = Branded<Uint8Array, 'DerBytes'>;

/**
 * A PIN or password as the bytes that go to the card or the key container (UTF-8).
 *
 * The holder of the buffer wipes it with {@link wipe} as soon as it is no longer needed.
 */
export type SecretBytes = Branded<Uint8Array, 'SecretBytes'>;

/** Serial number of a token: upper-case hexadecimal without leading zero bytes, for example `3A5B7C1D`. */
export type TokenSerial = Branded<string, 'TokenSerial'>;

export const asDer = (bytes: Uint8Array): DerBytes => bytes as DerBytes;
export const asSecret = (bytes: Uint8Array): SecretBytes => bytes as SecretBytes;
export const asTokenSerial = (hex: string): TokenSerial => hex as TokenSerial;

/** UTF-8 bytes of a typed secret, in a buffer of their own that the caller must {@link wipe}. */
export const secretFromText = (text: string): SecretBytes => new TextEncoder().encode(text) as SecretBytes;

/** Overwrites a secret with zeros. Safe to call twice and on `undefined`. */
export function wipe(secret: Uint8Array | undefined): void {
  secret?.fill(0);
}

const hexOfByte: readonly string[] = Array.from({ length: 256 }, (_, byte) =>
  byte.toString(16).padStart(2, '0'),
);

/** Lower-case hexadecimal. */
export function toHex(bytes: Uint8Array): string {
  let hex = '';
  for (const byte of bytes) hex += hexOfByte[byte] ?? '';
  return hex;
}

/** Reads hexadecimal, upper or lower case, spaces and colons allowed. */
export function fromHex(hex: string): Uint8Array {
  const digits = hex.replace(/[\s:]/g, '');
  if (digits.length % 2 !== 0 || /[^0-9a-f]/i.test(digits)) throw new RangeError('not hexadecimal');
  return Uint8Array.from({ length: digits.length / 2 }, (_, i) =>
    parseInt(digits.slice(2 * i, 2 * i + 2), 16),
  );
}

export const equalBytes = (a: Uint8Array, b: Uint8Array): boolean =>
  a.length === b.length && a.every((byte, i) => byte === b[i]);

export function concatBytes(...parts: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}
