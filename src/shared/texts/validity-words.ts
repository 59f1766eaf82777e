import type { TFunction } from 'i18next';
import { daysUntil, formatDate } from './formats.ts';

/** Until when a certificate is good, in the same words everywhere: «до 30.11.2027, осталось 373 дня». */
export function validityWords(end: Date, now: Date, t: TFunction): string {
  const date = formatDate(end);
  if (end <= now) return t('picker.validity.ended', { date });
  const days = daysUntil(end, now);
  return days === 0
    ? t('picker.validity.lastDay', { date })
    : t('picker.validity.left', { date, count: days });
}
