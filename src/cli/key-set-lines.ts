import type { TFunction } from 'i18next';
import { nextCommand, timeOfUse } from '#shared/key-set-state.ts';
import type { KeySetView } from '#shared/renewal-views.ts';
import { formatMoment } from '#shared/texts/formats.ts';
import { validityWords } from '#shared/texts/validity-words.ts';

/** A key set in JSON: as the window has it, with the `kilt renew` command that comes next, or null. */
export const keySetValue = (set: KeySetView) => ({ ...set, nextCommand: nextCommand(set) ?? null });

/** A key set as the window's table has it, and what is to be done about it. */
export function keySetLines(set: KeySetView, t: TFunction): readonly string[] {
  const { profileName, userId, tokenSerial, tokenId, cryptography, status, reason } = set;
  const until = timeOfUse(set)?.until;
  const next = nextCommand(set);
  const now = new Date();
  return [
    [
      profileName,
      userId,
      t(tokenId === undefined ? 'keys.table.tokenAbsent' : 'keys.table.token', { serial: tokenSerial }),
      cryptography,
      t(`keys.status.${status}`),
      ...(until === undefined ? [] : [validityWords(until, now, t)]),
    ].join(' · '),
    ...(reason?.text === undefined ? [] : [`  ${reason.text}`]),
    ...moment('keys.waiting.expected', set.renewal?.expectedAt),
    ...moment('commandLine.renew.nextCheck', set.renewal?.waitingUntil),
    ...(next === undefined ? [] : [`  ${t('commandLine.renew.next', { command: `kilt renew ${next}` })}`]),
  ];

  function moment(words: 'keys.waiting.expected' | 'commandLine.renew.nextCheck', iso?: string): string[] {
    return iso === undefined ? [] : [`  ${t(words, { time: formatMoment(new Date(iso), now) })}`];
  }
}
