import type { TFunction } from 'i18next';
import { nextCommand } from '#shared/key-set-state.ts';
import type { KeySetView } from '#shared/renewal-views.ts';
import { formatDate, formatMoment } from '#shared/texts/formats.ts';

/** A key set in JSON: as the window has it, with the `kilt renew` command that comes next, or null. */
export const keySetValue = (set: KeySetView) => ({ ...set, nextCommand: nextCommand(set) ?? null });

/** A key set as the window's table has it, and what is to be done about it. */
export function keySetLines(set: KeySetView, t: TFunction): readonly string[] {
  const { profileName, userId, tokenSerial, tokenId, cryptography, status, daysLeft, renewal, reason } = set;
  const [certificate] = set.certificates.toSorted((a, b) => a.notAfter.localeCompare(b.notAfter));
  const next = nextCommand(set);
  const date = certificate === undefined ? '' : formatDate(new Date(certificate.notAfter));
  return [
    [
      profileName,
      userId,
      t(tokenId === undefined ? 'keys.table.tokenAbsent' : 'keys.table.token', { serial: tokenSerial }),
      cryptography,
      t(`keys.status.${status}`),
      ...(certificate === undefined
        ? []
        : [
            daysLeft < 0
              ? t('picker.validity.ended', { date })
              : t('picker.validity.left', { date, count: daysLeft }),
          ]),
    ].join(' · '),
    ...(reason?.text === undefined ? [] : [`  ${reason.text}`]),
    ...(renewal?.waitingUntil === undefined
      ? []
      : [
          `  ${t('commandLine.renew.nextCheck', { time: formatMoment(new Date(renewal.waitingUntil), new Date()) })}`,
        ]),
    ...(next === undefined ? [] : [`  ${t('commandLine.renew.next', { command: `kilt renew ${next}` })}`]),
  ];
}
