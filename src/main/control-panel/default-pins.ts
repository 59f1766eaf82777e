import { equalBytes, secretFromText, wipe, type SecretBytes } from '#shared/bytes.ts';
import { defaultUserPin } from '#shared/pin-rules.ts';
import type { PinRole } from '#main/token/token-session.ts';

/** PINs that every KAZTOKEN leaves the factory with (manual `004`; facts §1.1). Everybody knows them. */
export const defaultPins: Readonly<Record<PinRole, string>> = {
  user: defaultUserPin,
  administrator: '87654321',
};

export function isDefaultPin(role: PinRole, pin: SecretBytes): boolean {
  const factory = secretFromText(defaultPins[role]);
  const same = equalBytes(pin, factory);
  wipe(factory);
  return same;
}
