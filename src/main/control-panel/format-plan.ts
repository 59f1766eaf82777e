import type { FormatPlan, FormatSettings, PinChangedBy } from '#shared/control-panel-views.ts';
import type { JournalledFormat } from '#main/store/format-journal.ts';
import type { PinStatus, TokenInfo } from '#main/token/token-session.ts';

/** Ranges of the maker (facts §6), and what it sets where nothing is chosen. */
const ranges = {
  minLength: { least: 6, most: 31, usual: 8 },
  userAttempts: { least: 1, most: 10, usual: 10 },
  administratorAttempts: { least: 3, most: 10, usual: 10 },
} as const;
const usualChangedBy: PinChangedBy = 'both';

/** What has to be typed to format a token: its name, or its serial number when it has none. */
export const confirmationOf = ({ label, serial }: TokenInfo): string => label?.trim() || serial;

/** Why no administrator login is needed. */
export function withoutAdministrator({
  layout,
  administratorPin,
}: TokenInfo): FormatPlan['withoutAdministrator'] {
  if (layout === 'half-formatted') return 'half-formatted';
  return administratorPin.blocked ? 'administrator-pin-blocked' : null;
}

/** The settings that a token has now, brought into the ranges; for a half-formatted one those it was to get. */
export function presentSettings(info: TokenInfo, interrupted: JournalledFormat | undefined): FormatSettings {
  if (info.layout === 'half-formatted' && interrupted) return interrupted.settings;
  const { userPin, administratorPin, label } = info;
  return {
    label: isWritable(label) ? label : '',
    userPinChangedBy: userPin.changedBy ?? usualChangedBy,
    userMinLength: within(ranges.minLength, userPin.minLength),
    administratorMinLength: within(ranges.minLength, administratorPin.minLength),
    userAttempts: within(ranges.userAttempts, attemptsOf(userPin)),
    administratorAttempts: within(ranges.administratorAttempts, attemptsOf(administratorPin)),
  };
}

/** A name that another program gave may hold what Kilt does not write. */
const isWritable = (label: string | null): label is string =>
  label !== null && label.length <= 32 && /^[\x20-\x7e]*$/.test(label);

const attemptsOf = ({ maxAttempts }: PinStatus): number | null => maxAttempts;

const within = (
  { least, most, usual }: { readonly least: number; readonly most: number; readonly usual: number },
  value: number | null,
): number => (value === null ? usual : Math.min(Math.max(value, least), most));
