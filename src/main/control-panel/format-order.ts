import { equalBytes, type SecretBytes } from '#shared/bytes.ts';
import { formatSettings, type FormatSettings } from '#shared/control-panel-views.ts';
import { KiltError } from '#shared/errors.ts';
import type { SettingsView } from '#shared/views.ts';
import type { TokenInfo } from '#main/token/token-session.ts';
import type { InterlockOverride } from './format-interlock.ts';
import { confirmationOf } from './format-plan.ts';
import { checkNewPin, refuseWeak } from './new-pin.ts';
import { tokenLabel } from './token-label.ts';

/** «Начать»: what was typed in the dialog. The PINs stay the caller's. */
export interface FormatOrder {
  readonly tokenId: string;
  readonly settings: FormatSettings;
  readonly newUserPin: SecretBytes;
  readonly newAdministratorPin: SecretBytes;
  readonly acceptWeak: boolean;
  /** `confirmWith` of the plan, typed. */
  readonly confirmation: string;
  readonly override?: InterlockOverride | undefined;
}

/**
 * Checks what was typed, on this computer.
 *
 * @returns the settings as they will be
 * @throws KiltError `input-invalid` {field}, `confirmation-differs`, and those of {@link checkNewPin}
 */
export function checkFormatOrder(
  order: FormatOrder,
  info: TokenInfo,
  weakPins: SettingsView['weakPins'],
): FormatSettings {
  const read = formatSettings.safeParse(order.settings);
  if (!read.success)
    throw new KiltError('input-invalid', { field: String(read.error.issues[0]?.path[0] ?? '') });
  const settings = { ...read.data, label: tokenLabel(read.data.label) };
  const policy = { weakPins, acceptWeak: order.acceptWeak };
  checkNewPin('user', order.newUserPin, settings.userMinLength, policy);
  checkNewPin('administrator', order.newAdministratorPin, settings.administratorMinLength, policy);
  // Whoever knows the one could unblock, and format, with the other.
  if (equalBytes(order.newUserPin, order.newAdministratorPin)) refuseWeak('administrator', policy);
  if (order.confirmation.trim() !== confirmationOf(info)) throw new KiltError('confirmation-differs');
  return settings;
}
