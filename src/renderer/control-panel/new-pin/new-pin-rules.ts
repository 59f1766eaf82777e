import { checkPin, maxPinLength, minPinLength } from '#shared/pin-rules.ts';
import type { SettingsView } from '#shared/views.ts';

/** What a new PIN has to meet on this token and by the settings of this computer. */
export interface NewPinPolicy {
  /** The shortest that the token takes; `null` when it does not say. */
  readonly minLength: number | null;
  readonly weakPins: SettingsView['weakPins'];
}

export type NewPinRule =
  'token-length' | 'most-length' | 'only-latin' | 'good-length' | 'letters-and-digits' | 'no-runs';

export interface CheckedRule {
  readonly rule: NewPinRule;
  readonly met: boolean;
  /** False for what is only recommended: the PIN can be used without it. */
  readonly needed: boolean;
  /** Characters, where the rule is about their number. */
  readonly count: number;
}

/** `weak`: can be used, once the user has said so. */
export type NewPinVerdict = 'good' | 'weak' | 'refused';

/**
 * Holds a PIN against the token's own minimum and the rules of the manuals, while it is typed. An empty one meets
 * nothing, so that nothing is ticked before typing.
 */
export function checkNewPin(
  pin: string,
  { minLength, weakPins }: NewPinPolicy,
): { readonly rules: readonly CheckedRule[]; readonly verdict: NewPinVerdict } {
  const asked = minLength ?? 0;
  const good = Math.max(asked, minPinLength);
  const tooLong = pin.length > maxPinLength;
  const { 'only-latin': latin, 'letters-and-digits': mixed, 'no-runs': noRuns } = checkPin(pin);
  const strict = weakPins === 'forbid';
  const rule = (name: NewPinRule, met: boolean, needed: boolean, count = 0): CheckedRule => ({
    rule: name,
    met,
    needed,
    count,
  });
  const rules = [
    // One line about the length where the longer of the two is what counts.
    ...(asked > 0 && (asked >= minPinLength || !strict)
      ? [rule('token-length', pin.length >= asked, true, asked)]
      : []),
    ...(tooLong ? [rule('most-length', false, true, maxPinLength)] : []),
    rule('only-latin', latin, true),
    ...(asked < minPinLength ? [rule('good-length', pin.length >= good, strict, good)] : []),
    rule('letters-and-digits', mixed, strict),
    rule('no-runs', noRuns, strict),
  ];
  const unmet = rules.filter(({ met }) => !met);
  return {
    rules,
    verdict: unmet.some(({ needed }) => needed) ? 'refused' : unmet.length > 0 ? 'weak' : 'good',
  };
}
