import { daysUntil, formatDate } from '#shared/texts/formats.ts';
import type { CertificateEndView } from '#shared/views.ts';
import type { KnownCertificate } from '#main/store/known-certificates.ts';
import type { ToldReminder } from '#main/store/reminder-log.ts';

/**
 * Days before the end of a certificate, and after it as negative numbers, on which its user is reminded. The manuals
 * warn from 30 days before the end (`003`, Статья 2).
 */
export const milestones = [30, 14, 7, 3, 1, -1, -3, -7, -14, -30] as const;

const first = milestones[0];
const last = milestones[milestones.length - 1] ?? -30;

/** The milestone that was reached last: 30 on the thirtieth day before the end and until the fifteenth. */
export function milestoneOn(daysLeft: number): number | undefined {
  if (daysLeft > first || daysLeft < last) return undefined;
  return milestones.findLast((milestone) => daysLeft <= milestone);
}

/**
 * Which certificates end within 30 days or have ended in the last 30, in order of their end. Those of one person on one
 * token that end on the same day, as those for signing and for signing in of one profile do, count as one. One that has
 * a successor on its token does not count.
 *
 * @param present serial numbers of the tokens in the readers
 */
export function certificateEnds(
  known: readonly KnownCertificate[],
  present: ReadonlySet<string>,
  now: Date,
): readonly CertificateEndView[] {
  const ends = new Map<string, CertificateEndView>();
  for (const certificate of known) {
    const notAfter = new Date(certificate.notAfter);
    const daysLeft = daysUntil(notAfter, now);
    if (milestoneOn(daysLeft) === undefined || hasSuccessor(certificate, known)) continue;
    const { tokenSerial, tokenName, subjectName } = certificate;
    const id = [tokenSerial, dayOf(notAfter), subjectName].join(' ');
    ends.set(id, {
      id,
      tokenSerial,
      tokenName,
      tokenPresent: present.has(tokenSerial),
      subjectName,
      notAfter: certificate.notAfter,
      ended: notAfter <= now,
      daysLeft,
    });
  }
  return [...ends.values()].sort((a, b) => (a.notAfter < b.notAfter ? -1 : 1));
}

/** The same person's later certificate from the same issuer, for the same purpose or taken into use by the profile. */
const hasSuccessor = (old: KnownCertificate, known: readonly KnownCertificate[]): boolean =>
  known.some(
    (other) =>
      other.tokenSerial === old.tokenSerial &&
      other.issuer === old.issuer &&
      other.subjectName === old.subjectName &&
      other.notAfter > old.notAfter &&
      (other.purpose === old.purpose || (old.purpose === 'other' && other.purpose !== 'other')),
  );

/** How far the clock may have been set back before a telling in its future counts as never made. */
const clockTolerance = 24 * 3600 * 1000;

/**
 * What is to be told now: each milestone once. One that was slept through is told late, with the days that are left;
 * several that were, once. A clock that was set forward and back again loses none.
 */
export function dueReminders(
  ends: readonly CertificateEndView[],
  told: readonly ToldReminder[],
  snoozed: ReadonlyMap<string, string>,
  now: Date,
): readonly { readonly end: CertificateEndView; readonly milestone: number }[] {
  return ends.flatMap((end) => {
    const milestone = milestoneOn(end.daysLeft);
    if (milestone === undefined || isSnoozed(end, snoozed, now)) return [];
    const alreadyTold = told.some(
      (line) =>
        line.reminder === end.id &&
        line.milestone <= milestone &&
        Date.parse(line.at) <= now.getTime() + clockTolerance,
    );
    return alreadyTold ? [] : [{ end, milestone }];
  });
}

export function isSnoozed(
  { id }: Pick<CertificateEndView, 'id'>,
  snoozed: ReadonlyMap<string, string>,
  now: Date,
): boolean {
  const until = snoozed.get(id);
  return until !== undefined && now < new Date(until);
}

const dayOf = (instant: Date): string => formatDate(instant).split('.').reverse().join('-');
