import path from 'node:path';
import { equalBytes } from '#shared/bytes.ts';
import { suspicions, type Suspicion } from '#shared/suspicions.ts';

/** «ПИН» of the OTP card, as every manual describes it. */
const registrationPinLength = 11;
/** A user ID inside a file's or folder's name: `qq111111_qwertyui`. */
const userIdInName = /[a-z]{2}\d{6}_[a-z0-9]+/gi;

const among = (characters: string) => {
  const codes = new Set(Buffer.from(characters, 'latin1'));
  return (byte: number): boolean => codes.has(byte);
};
const isSmall = (byte: number): boolean => byte >= 0x61 && byte <= 0x7a;
const isLookalike = among('0O1I');
/** Of a character of UTF-8 that is none of ASCII, such as a Cyrillic letter. */
const isForeign = (byte: number): boolean => byte >= 0x80;
const isContinuation = (byte: number): boolean => (byte & 0xc0) === 0x80;

/**
 * What is odd about registration data that did not open the key file. Works on the bytes as they were typed: nothing of
 * a secret becomes a string.
 */
export function typedSuspicions(typed: {
  readonly userId: string;
  readonly registrationPin: Uint8Array;
  readonly keyFile: { readonly path: string; readonly password: Uint8Array };
}): readonly Suspicion[] {
  const { userId, registrationPin: pin, keyFile } = typed;
  const characters = pin.reduce((count, byte) => count + (isContinuation(byte) ? 0 : 1), 0);
  const found: Readonly<Record<Suspicion, boolean>> = {
    'pin-length': characters !== registrationPinLength,
    'pin-small': pin.some(isSmall),
    'pin-letters': pin.some(isForeign),
    'password-letters': !equalBytes(keyFile.password, pin) && keyFile.password.some(isForeign),
    'other-id-in-file-name': namesAnotherUser(keyFile.path, userId),
    'pin-lookalikes': pin.some(isLookalike),
    'user-id-lookalikes': /[qg]/i.test(userId),
  };
  return suspicions.filter((suspicion) => found[suspicion]);
}

/** Banks put a customer's ID into the name of the file, or of the folder on the stick. */
function namesAnotherUser(file: string, userId: string): boolean {
  const names = `${path.basename(path.dirname(file))}/${path.basename(file)}`;
  const ids = Array.from(names.matchAll(userIdInName), ([id]) => id.toLowerCase());
  return ids.length > 0 && !ids.includes(userId.trim().toLowerCase());
}
