/**
 * Rules for a new token password (the manuals, «Мастер создания профиля»): at least 8 characters, Latin letters and
 * digits, no runs such as `123`, `678`, `abc` in either direction. The page ticks them off while one types; the main
 * process refuses a password that breaks one.
 */
export const pinRules = ['length', 'letters-and-digits', 'no-runs', 'only-latin'] as const;
export type PinRule = (typeof pinRules)[number];

export const minPinLength = 8;
/** What a KAZTOKEN stores of a PIN (PKCS#15 `storedLength`). */
export const maxPinLength = 32;

/** Length of a forbidden run. */
const runLength = 3;

/** PINs every token is delivered with; the user's must not stay. */
export const defaultUserPin = '12345678';

/** Which rules a password meets. An empty one meets none, so that nothing is ticked before typing. */
export const checkPin = (pin: string): Readonly<Record<PinRule, boolean>> =>
  checkCodes(Array.from(pin, (_, at) => pin.charCodeAt(at)));

export const pinMeetsRules = (pin: string): boolean => Object.values(checkPin(pin)).every(Boolean);

/** The same for a password as UTF-8 bytes, without making a string of it, which could not be wiped. */
export const pinBytesMeetRules = (pin: Uint8Array): boolean => Object.values(checkCodes(pin)).every(Boolean);

function checkCodes(codes: ArrayLike<number>): Readonly<Record<PinRule, boolean>> {
  const all = Array.from(codes);
  return {
    length: all.length >= minPinLength && all.length <= maxPinLength,
    'letters-and-digits':
      all.some((code) => kindOf(code) === 'letter') && all.some((code) => kindOf(code) === 'digit'),
    'no-runs': all.length > 0 && !hasRun(all),
    // Printable ASCII without the space: what every keyboard layout and the card write alike.
    'only-latin': all.length > 0 && all.every((code) => code >= 0x21 && code <= 0x7e),
  };
}

/** Three neighbours of the alphabet or of the digits in a row, up or down, whatever their case: `aBc`, `321`. */
function hasRun(codes: readonly number[]): boolean {
  let steps = 0;
  let direction = 0;
  let before = 0;
  for (const now of codes.map(folded)) {
    const step = now - before;
    const neighbours = Math.abs(step) === 1 && kindOf(before) !== 'other' && kindOf(before) === kindOf(now);
    steps = !neighbours ? 0 : step === direction ? steps + 1 : 1;
    direction = neighbours ? step : 0;
    if (steps === runLength - 1) return true;
    before = now;
  }
  return false;
}

/** Capital letters as small ones. */
const folded = (code: number): number => (code >= 0x41 && code <= 0x5a ? code + 0x20 : code);

function kindOf(code: number): 'digit' | 'letter' | 'other' {
  if (code >= 0x30 && code <= 0x39) return 'digit';
  if (folded(code) >= 0x61 && folded(code) <= 0x7a) return 'letter';
  return 'other';
}
