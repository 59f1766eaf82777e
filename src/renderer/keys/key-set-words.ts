import type { TFunction } from 'i18next';
import type { KeySetView } from '#shared/renewal-views.ts';
import { daysUntil, formatDate, formatMoment } from '#shared/texts/formats.ts';
import { actionOf, haveEnded, isIssued, isWithBank, openRenewal, timeOfUse } from '#shared/key-set-state.ts';

/** What a key set is in for and lets one do, in whole sentences: the state first, then the button. */
export function adviceFor(set: KeySetView, now: Date, t: TFunction): string[] {
  const absent = set.tokenId === undefined ? [t('keys.advice.absent', { serial: set.tokenSerial })] : [];
  const text = set.reason?.text;
  switch (actionOf(set)) {
    case 'request':
      return [...standing(set, now, t), t('keys.advice.request'), ...absent];
    case 'send':
      return [t('keys.advice.send'), ...absent];
    case 'take':
      return [
        t(openRenewal(set)?.readyToTake === false ? 'keys.advice.takeOn' : 'keys.advice.take'),
        ...absent,
      ];
    case 'read-refusal':
      return [
        text === undefined ? t('keys.advice.refused') : t('keys.advice.refusedBecause', { reason: text }),
        t('keys.advice.oldWorks'),
      ];
    case 'watch': {
      if (!isWithBank(set)) {
        return [t(isIssued(set) ? 'keys.advice.taking' : 'keys.advice.sending')];
      }
      return [t('keys.advice.waiting'), ...waitingWords(set, now, t)];
    }
  }
}

/** When the bank's answer is expected and when Kilt asks again. */
export function waitingWords(set: KeySetView, now: Date, t: TFunction): string[] {
  const { expectedAt, waitingUntil } = set.renewal ?? {};
  return [
    ...(expectedAt === undefined
      ? []
      : [t('keys.waiting.expected', { time: formatMoment(new Date(expectedAt), now) })]),
    ...(waitingUntil === undefined
      ? []
      : [t('keys.waiting.nextCheck', { time: formatMoment(new Date(waitingUntil), now) })]),
  ];
}

/** Why new keys are due, or until when the ones in use are good. */
function standing(set: KeySetView, now: Date, t: TFunction): string[] {
  const until = timeOfUse(set)?.until;
  const date = until === undefined ? '' : formatDate(until);
  const days = until === undefined ? set.daysLeft : daysUntil(until, now);
  const { kind, text } = set.reason ?? {};
  if (set.status === 'unplanned-renewal') {
    if (kind === 'revoked' || kind === 'suspended') return [t(`keys.advice.${kind}`)];
    return [
      text === undefined ? t('keys.advice.demanded') : t('keys.advice.demandedBecause', { reason: text }),
    ];
  }
  if (haveEnded(set, now)) return [t('keys.advice.ended', { date })];
  if (set.status === 'planned-renewal')
    return [days === 0 ? t('keys.advice.endsToday', { date }) : t('keys.advice.ends', { date, count: days })];
  return [t('keys.advice.inUse', { date })];
}
