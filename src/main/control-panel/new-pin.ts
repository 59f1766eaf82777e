import type { SecretBytes } from '#shared/bytes.ts';
import { KiltError } from '#shared/errors.ts';
import { maxPinLength, pinBytesMeetRules } from '#shared/pin-rules.ts';
import type { SettingsView } from '#shared/views.ts';
import type { PinRole } from '#main/token/token-session.ts';

/** What is done about a PIN that is easy to guess. */
export interface WeakPinPolicy {
  readonly weakPins: SettingsView['weakPins'];
  /** The user has been warned and wants it all the same. */
  readonly acceptWeak: boolean;
}

const firstPrintable = 0x21;
const lastPrintable = 0x7e;

/**
 * Checks a new PIN on this computer, before the token is asked.
 *
 * Printable ASCII without the space is what every keyboard and every program sends to the token alike: a Cyrillic PIN
 * set here could not be typed elsewhere.
 *
 * @param minLength the shortest that the token takes, `null` when it does not say
 * @throws KiltError `pin-refused` {role, rule: `characters` | `too-short` | `too-long`, minLength?, maxLength?},
 *   `pin-weak` {role, forbidden}
 */
export function checkNewPin(
  role: PinRole,
  pin: SecretBytes,
  minLength: number | null,
  policy: WeakPinPolicy,
): void {
  const shortest = Math.max(1, minLength ?? 1);
  if (pin.length < shortest)
    throw new KiltError('pin-refused', { role, rule: 'too-short', minLength: shortest });
  if (pin.length > maxPinLength)
    throw new KiltError('pin-refused', { role, rule: 'too-long', maxLength: maxPinLength });
  if (!pin.every((code) => code >= firstPrintable && code <= lastPrintable))
    throw new KiltError('pin-refused', { role, rule: 'characters' });
  if (!pinBytesMeetRules(pin)) refuseWeak(role, policy);
}

/** @throws KiltError `pin-weak` unless the settings only warn and the user accepts it */
export function refuseWeak(role: PinRole, { weakPins, acceptWeak }: WeakPinPolicy): void {
  const forbidden = weakPins === 'forbid';
  if (forbidden || !acceptWeak) throw new KiltError('pin-weak', { role, forbidden });
}
