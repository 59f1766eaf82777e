/** Dates and numbers as Kazakhstan writes them, the same in the three languages. */

const two = (value: number): string => String(value).padStart(2, '0');

/** `30.11.2027`, in this computer's time zone. */
export const formatDate = (instant: Date): string =>
  `${two(instant.getDate())}.${two(instant.getMonth() + 1)}.${instant.getFullYear()}`;

/** `14:05`, 24 hours. */
export const formatTime = (instant: Date): string =>
  `${two(instant.getHours())}:${two(instant.getMinutes())}`;

/** A time of today: `14:05`; of another day: `30.11.2027, 14:05`. */
export const formatMoment = (instant: Date, now: Date): string =>
  formatDate(instant) === formatDate(now)
    ? formatTime(instant)
    : `${formatDate(instant)}, ${formatTime(instant)}`;

const groups = new Intl.NumberFormat('en', { useGrouping: true });

/** Thousands parted by a narrow no-break space (U+202F): `1 095`. */
export const formatNumber = (value: number): string => groups.format(value).replaceAll(',', '\u202f');

/** A decimal number that is text already, because money is not counted in binary fractions: `1 250 000,00`. */
export function formatDecimal(decimal: string): string {
  const [whole = '', fraction] = decimal.split('.');
  const grouped = whole.replaceAll(/\B(?=(?:\d{3})+$)/g, '\u202f');
  return fraction === undefined ? grouped : `${grouped},${fraction}`;
}

/** `0:07`, `12:30`, `1:02:03`: how long something has been going on. Negative time counts as none. */
export function formatElapsed(milliseconds: number): string {
  const seconds = Math.max(0, Math.floor(milliseconds / 1000));
  const [hours, minutes, rest] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, seconds % 60];
  return hours > 0 ? `${hours}:${two(minutes)}:${two(rest)}` : `${minutes}:${two(rest)}`;
}

/**
 * Whole calendar days from today to the day of `end`: 0 on the last day, negative afterwards. Counted by days and
 * not by 24-hour spans, so that a certificate ending tomorrow at noon has one day left all of today.
 */
export function daysUntil(end: Date, today: Date): number {
  const dayNumber = (instant: Date) =>
    Date.UTC(instant.getFullYear(), instant.getMonth(), instant.getDate()) / 86_400_000;
  return dayNumber(end) - dayNumber(today);
}
