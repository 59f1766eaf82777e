import { isKiltError } from '#shared/errors.ts';

/**
 * Takes out of a log entry what must never be written down. It errs on the side of taking too much: a lost digit in
 * a log costs a question to the user, a written PIN costs the token.
 */

const longestText = 8_192;
const deepestValue = 6;
const mostEntries = 100;

/** Names of fields, variables and labels whose value is a secret, in the languages that people write in here. */
const secretWord =
  '(?:pin|puk|passw(?:or)?d|passphrase|pwd|secret|otp|credential|token-?password|private-?key|api-?key|cookie|authorization|suspicions|' +
  'пин|пароль|секрет|дсн|құпиясөз)';

/** `PIN: 1234`, `pin-код=1234`, `"newPin":"1234"`, `password is 1234`, `ПИН 12345678`. */
const secretAssignment = new RegExp(
  `(${secretWord}[\\p{L}\\p{N}_-]{0,24}["'«»]?\\s{0,3}(?:[:=]|is\\b|->|→)?\\s{0,3})(["'«]?)([^\\s"'«»,;]{3,})`,
  'giu',
);
const secretHeader = /\b((?:set-)?cookie|(?:proxy-)?authorization)\s*:[^\r\n]*/gi;
const bearer = /\b(bearer|basic)\s+[\w.~+/=-]{6,}/gi;
const pemPrivateKey =
  /-----BEGIN (?:[A-Z0-9]+ )*PRIVATE KEY-----[\s\S]*?(?:-----END (?:[A-Z0-9]+ )*PRIVATE KEY-----|$)/g;

/**
 * Commands that carry a PIN: VERIFY `20`, CHANGE REFERENCE DATA `24`, RESET RETRY COUNTER `2C` (ISO 7816-4 §11.5),
 * written in hexadecimal with or without spaces. The header stays, the data goes.
 */
const pinCommand =
  /(?<![0-9a-f])((?:0|8|9)[0-9a-f] ?(?:20|24|2c) ?[0-9a-f]{2} ?[0-9a-f]{2})(?: ?[0-9a-f]{2}){2,}/gi;

/** «ПИН» of the OTP card: 11 characters, capital letters and digits mixed. */
const registrationPin =
  /(?<![A-Z0-9])(?=[A-Z0-9]{0,10}[0-9])(?=[A-Z0-9]{0,10}[A-Z])[A-Z0-9]{11}(?![A-Z0-9])/g;
/** IIN of a person, BIN of a firm. */
const identificationNumber = /(?<!\d)\d{12}(?!\d)/g;
/** A key or a file in hexadecimal or Base64: longer than any digest (SHA-512 is 128 digits) or nonce. */
const longHexadecimal = /(?<![0-9a-f])(?:[0-9a-f]{2}[ :]?){65,}/gi;
const longBase64 = /[A-Za-z0-9+/_-]{120,}={0,2}/g;

/** Redacts one line or text. */
export function redactText(text: string): string {
  const whole =
    text.length > longestText
      ? `${text.slice(0, longestText)}… <${text.length - longestText} more characters>`
      : text;
  return whole
    .replace(pemPrivateKey, '<private key>')
    .replace(secretHeader, '$1: <redacted>')
    .replace(bearer, '$1 <redacted>')
    .replace(pinCommand, '$1 <redacted>')
    .replace(secretAssignment, '$1$2<redacted>')
    .replace(longHexadecimal, (run) => `<${run.length} hexadecimal digits>`)
    .replace(longBase64, (run) => `<${run.length} Base64 characters>`)
    .replace(registrationPin, '<11 characters>')
    .replace(identificationNumber, '<12 digits>');
}

const secretName = new RegExp(secretWord, 'iu');
/** Fields that speak about a secret without holding it. */
const harmlessName =
  /^(?:attemptsLeft|maxAttempts|minLength|defaultPin|pinOnToken|tokenPin|userPin|likelyCause)$/;

/**
 * Redacts any value that is about to be logged: bytes are replaced by their number, fields with a secret's name by a
 * mark, texts by {@link redactText}. The result is plain data: nothing in it is shared with the original, and no
 * getter or `toJSON` of an unknown object is trusted with the outcome.
 */
export function redactValue(value: unknown, depth = 0, seen: Set<object> = new Set()): unknown {
  if (typeof value === 'string') return redactText(value);
  if (typeof value === 'number' || typeof value === 'bigint') return redactNumber(value);
  if (value === null || typeof value === 'boolean' || value === undefined) return value;
  if (typeof value === 'symbol') return 'symbol';
  if (typeof value === 'function') return 'function';

  if (seen.has(value)) return '<again>';
  if (depth >= deepestValue) return '<deeper>';
  seen.add(value);
  try {
    if (ArrayBuffer.isView(value) || value instanceof ArrayBuffer) return `<${value.byteLength} bytes>`;
    if (value instanceof Error) return redactError(value, depth, seen);
    if (value instanceof Date) return Number.isNaN(value.getTime()) ? '<no date>' : value.toISOString();
    if (value instanceof URL) return redactText(`${value.origin}${value.pathname}`);
    if (Array.isArray(value)) return redactArray(value, depth, seen);
    if (value instanceof Map) return redactEntries([...value.entries()], depth, seen);
    if (value instanceof Set) return redactArray([...value], depth, seen);
    return looksLikeBytes(value)
      ? `<${Object.keys(value).length} bytes>`
      : redactEntries(Object.entries(value), depth, seen);
  } catch {
    return '<unreadable>';
  } finally {
    seen.delete(value);
  }
}

function redactNumber(value: number | bigint): unknown {
  const text = String(value);
  const redacted = redactText(text);
  return redacted === text ? (typeof value === 'bigint' ? text : value) : redacted;
}

function redactArray(items: readonly unknown[], depth: number, seen: Set<object>): unknown {
  if (items.length >= 4 && items.every(isByte)) return `<${items.length} bytes>`;
  const shown = items.slice(0, mostEntries).map((item) => redactValue(item, depth + 1, seen));
  return items.length > mostEntries ? [...shown, `<${items.length - mostEntries} more>`] : shown;
}

function redactEntries(
  entries: readonly (readonly [unknown, unknown])[],
  depth: number,
  seen: Set<object>,
): unknown {
  return Object.fromEntries(
    entries.slice(0, mostEntries).map(([key, item]) => {
      const name = String(key);
      const hidden = secretName.test(name) && !harmlessName.test(name);
      // What a secret field's value is stays unknown, even its type and length.
      return [
        redactText(name),
        hidden && item !== undefined ? '<redacted>' : redactValue(item, depth + 1, seen),
      ];
    }),
  );
}

function redactError(error: Error, depth: number, seen: Set<object>): unknown {
  return {
    // The stack begins with the name and the message.
    error: redactText(error.stack ?? `${error.name}: ${error.message}`),
    ...(isKiltError(error) ? { data: redactValue(error.data, depth + 1, seen) } : {}),
    ...('code' in error ? { code: redactValue(error.code, depth + 1, seen) } : {}),
    ...(error.cause === undefined ? {} : { cause: redactValue(error.cause, depth + 1, seen) }),
  };
}

const isByte = (item: unknown): boolean =>
  typeof item === 'number' && Number.isInteger(item) && item >= 0 && item <= 255;

/** `{"type":"Buffer","data":[…]}` and `{"0":49,"1":50}`: what JSON makes of bytes. */
function looksLikeBytes(value: object): boolean {
  const entries = Object.entries(value);
  return entries.length >= 4 && entries.every(([key, item], i) => key === String(i) && isByte(item));
}
