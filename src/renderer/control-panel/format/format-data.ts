import { z } from 'zod';
import type { FormatPlan, FormatSettings, PinChangedBy } from '#shared/control-panel-views.ts';
import type { CallInput } from '#shared/ipc-contract.ts';
import { defaultUserPin } from '#shared/pin-rules.ts';
import type { SettingsView } from '#shared/views.ts';
import { secretBytes } from '../../fields/typed-secret.ts';
import { tokenLabel } from '../administration/token-label.ts';
import { emptyNewPin, newPinRules, type NewPinData, type WithNewPins } from '../new-pin/new-pin-data.ts';
import type { PinRole } from '../pin-role.ts';

/** PINs that every token leaves the factory with (the manuals). */
export const standardPins: Readonly<Record<PinRole, string>> = {
  user: defaultUserPin,
  administrator: '87654321',
};

/** Choices of the dialog (facts of the maker). */
export const minLengths = range(6, 31);
export const attemptsOf: Readonly<Record<PinRole, readonly number[]>> = {
  user: range(1, 10),
  administrator: range(3, 10),
};

/** The settings of the manual's dialog as they are chosen. Numbers are those of list boxes. */
export interface FormatData extends WithNewPins {
  label: string;
  userPinChangedBy: PinChangedBy;
  minLength: Record<PinRole, string>;
  attempts: Record<PinRole, string>;
  /** The PIN of the factory, in place of a new one. */
  standard: Record<PinRole, boolean>;
}

/**
 * What the dialog proposes: the settings that the token has. The user's PIN is that of the factory, as the manuals have
 * it, because whoever registers the token next must replace it; the administrator's is to be chosen.
 */
export function initialFormatData(plan: FormatPlan, weakPins: SettingsView['weakPins']): FormatData {
  const { settings } = plan;
  return {
    label: settings.label,
    userPinChangedBy: settings.userPinChangedBy,
    minLength: {
      user: String(settings.userMinLength),
      administrator: String(settings.administratorMinLength),
    },
    attempts: {
      user: String(settings.userAttempts),
      administrator: String(settings.administratorAttempts),
    },
    standard: {
      user: weakPins === 'warn' && settings.userMinLength <= standardPins.user.length,
      administrator: false,
    },
    user: emptyNewPin,
    administrator: emptyNewPin,
  };
}

/** The standard PIN can not be set where it would be shorter than the token shall take. */
export const standardFits = (role: PinRole, minLength: string): boolean =>
  Number(minLength) <= standardPins[role].length;

/** The rules of the step «Параметры». A PIN that stays the standard one is not asked for. */
export function formatDataRules({ standard, minLength }: FormatData, weakPins: SettingsView['weakPins']) {
  const policyOf = (role: PinRole) =>
    standard[role] ? {} : { [role]: { minLength: Number(minLength[role]), weakPins } };
  return z
    .object({
      label: tokenLabel,
      userPinChangedBy: z.enum(['user', 'administrator', 'both']),
      minLength: z.object({ user: z.string(), administrator: z.string() }),
      attempts: z.object({ user: z.string(), administrator: z.string() }),
      standard: z.object({ user: z.boolean(), administrator: z.boolean() }),
    })
    .and(newPinRules({ ...policyOf('user'), ...policyOf('administrator') }));
}

export const formatSettingsOf = (data: FormatData): FormatSettings => ({
  label: data.label.trim(),
  userPinChangedBy: data.userPinChangedBy,
  userMinLength: Number(data.minLength.user),
  administratorMinLength: Number(data.minLength.administrator),
  userAttempts: Number(data.attempts.user),
  administratorAttempts: Number(data.attempts.administrator),
});

/** What goes over the bridge with «Начать». The caller wipes both PINs. */
export function formatOrder(
  tokenId: string,
  data: FormatData,
  confirmation: string,
  override: { readonly serial: string; readonly reason: string } | undefined,
): CallInput<'panel.format'> {
  const pinOf = (role: PinRole, { pin }: NewPinData) =>
    secretBytes(data.standard[role] ? standardPins[role] : pin);
  return {
    tokenId,
    settings: formatSettingsOf(data),
    newUserPin: pinOf('user', data.user),
    newAdministratorPin: pinOf('administrator', data.administrator),
    acceptWeak:
      data.standard.user ||
      data.standard.administrator ||
      data.user.acceptWeak ||
      data.administrator.acceptWeak,
    confirmation,
    ...(override && { override: { serial: override.serial.trim(), reason: override.reason.trim() } }),
  };
}

function range(from: number, to: number): readonly number[] {
  return Array.from({ length: to - from + 1 }, (_, index) => from + index);
}
