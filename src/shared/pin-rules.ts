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
export function checkPin(pin: string): Readonly<Record<PinRule, boolean>> {
  return {
    length: pin.length >= minPinLength && pin.length <= maxPinLength,
    'letters-and-digits': /[A-Za-z]/.test(pin) && /[0-9]/.test(pin),
    'no-runs': pin !== '' && !hasRun(pin),
    // Printable ASCII without the space: what every keyboard layout and the card write alike.
    'only-latin': /^[\x21-\x7e]+$/.test(pin),
  };
}

export const pinMeetsRules = (pin: string): boolean => Object.values(checkPin(pin)).every(Boolean);

/** Three neighbours of the alphabet or of the digits in a row, up or down, whatever their case: `aBc`, `321`. */
function hasRun(pin: string): boolean {
  const folded = pin.toLowerCase();
  let steps = 0;
  let direction = 0;
  for (let at = 1; at < folded.length; at++) {
    const [before, now] = [folded.charCodeAt(at - 1), folded.charCodeAt(at)];
    const step = now - before;
    const neighbours = Math.abs(step) === 1 && kindOf(before) !== 'other' && kindOf(before) === kindOf(now);
    steps = !neighbours ? 0 : step === direction ? steps + 1 : 1;
    direction = neighbours ? step : 0;
    if (steps === runLength - 1) return true;
  }
  return false;
}

function kindOf(code: number): 'digit' | 'letter' | 'other' {
  if (code >= 0x30 && code <= 0x39) return 'digit';
  if (code >= 0x61 && code <= 0x7a) return 'letter';
  return 'other';
}
