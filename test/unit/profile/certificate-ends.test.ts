import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { certificateEnds, dueReminders, milestoneOn, milestones } from '#main/profile/certificate-ends.ts';
import type { KnownCertificate } from '#main/store/known-certificates.ts';
import type { ToldReminder } from '#main/store/reminder-log.ts';

/** Noon, so many days from the day on which the certificate ends. */
const end = new Date(2027, 10, 30, 18);
const daysBefore = (days: number, hour = 12) => new Date(2027, 10, 30 - days, hour);
const certificate = (changes: Partial<KnownCertificate> = {}): KnownCertificate => ({
  tokenSerial: '47738461',
  tokenName: 'qq111111',
  issuer: 'CN=CA',
  serialNumber: '01',
  purpose: 'signature',
  subjectName: 'Сериккызы Айгерим',
  notAfter: end.toISOString(),
  ...changes,
});
const nobody = new Set<string>();
const ends = (known: readonly KnownCertificate[], now: Date) => certificateEnds(known, nobody, now);

describe('the end of a certificate', () => {
  it.each([
    ['31 days before', 31, undefined],
    ['30 days before', 30, 30],
    ['15 days before', 15, 30],
    ['14 days before', 14, 14],
    ['two days before', 2, 3],
    ['the day before', 1, 1],
    ['on the last day', 0, 1],
    ['the day after', -1, -1],
    ['a month after', -30, -30],
    ['31 days after', -31, undefined],
  ])('%s', (_when, days, milestone) => {
    expect(milestoneOn(days)).toBe(milestone);
    expect(ends([certificate()], daysBefore(days)).map(({ daysLeft }) => daysLeft)).toEqual(
      milestone === undefined ? [] : [days],
    );
  });

  it('has come once its hour is over, on its last day', () => {
    expect(ends([certificate()], daysBefore(0, 17))[0]).toMatchObject({ daysLeft: 0, ended: false });
    expect(ends([certificate()], daysBefore(0, 19))[0]).toMatchObject({ daysLeft: 0, ended: true });
  });

  it('counts once for both certificates of a profile, and for each of two tokens', () => {
    const both = [certificate(), certificate({ purpose: 'sign-in', serialNumber: '02' })];
    expect(ends(both, daysBefore(20))).toHaveLength(1);
    const two = [...both, ...both.map((one) => ({ ...one, tokenSerial: '3A5B7C1D' }))];
    expect(ends(two, daysBefore(20))).toHaveLength(2);
  });

  it('tells whether the token is connected', () => {
    const present = new Set(['47738461']);
    expect(certificateEnds([certificate()], present, daysBefore(3))[0]?.tokenPresent).toBe(true);
    expect(ends([certificate()], daysBefore(3))[0]?.tokenPresent).toBe(false);
  });

  const later = { serialNumber: '09', notAfter: new Date(2028, 10, 30).toISOString() };

  it.each([
    ['for the same purpose', certificate(), certificate(later)],
    ['that the profile has taken into use', certificate({ purpose: 'other' }), certificate(later)],
  ])('does not matter once there is a successor %s', (_what, old, successor) => {
    expect(ends([old, successor], daysBefore(3))).toEqual([]);
  });

  it.each([
    ['of another person', { subjectName: 'Somebody Else' }],
    ['of another issuer', { issuer: 'CN=NUC' }],
    ['on another token', { tokenSerial: '3A5B7C1D' }],
    ['for another purpose', { purpose: 'sign-in' as const }],
  ])('matters beside a later certificate %s', (_what, changes) => {
    expect(ends([certificate(), certificate({ ...later, ...changes })], daysBefore(3))).toHaveLength(1);
  });
});

describe('a reminder', () => {
  /** Looks at these moments, one after the other, and tells what is due; returns the days left at each telling. */
  function remindedAt(moments: readonly Date[], snoozed: ReadonlyMap<string, string> = new Map()): number[] {
    const told: ToldReminder[] = [];
    return moments.flatMap((now) =>
      dueReminders(ends([certificate()], now), told, snoozed, now).map(
        ({ end: { id, daysLeft }, milestone }) => {
          told.push({ reminder: id, milestone, at: now.toISOString() });
          return daysLeft;
        },
      ),
    );
  }
  const everyHour = (from: number, to: number): Date[] =>
    Array.from({ length: (from - to + 1) * 24 }, (_, hour) => daysBefore(from, hour));

  it('comes 30, 14, 7, 3 and 1 days before the end and after it, each once', () => {
    expect(remindedAt(everyHour(40, -40))).toEqual([...milestones]);
  });

  it('that was slept through comes late, with the days that are left, and only once', () => {
    expect(
      remindedAt([daysBefore(31), daysBefore(12), daysBefore(12), daysBefore(5), daysBefore(-2)]),
    ).toEqual([12, 5, -2]);
  });

  it('never comes twice for one milestone, however the program is started', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: -40, max: 40 }), { maxLength: 40 }), (days) => {
        const inOrder = days.toSorted((a, b) => b - a).map((day) => daysBefore(day));
        const told = remindedAt(inOrder).map(milestoneOn);
        expect(told).toEqual([...new Set(told)]);
      }),
    );
  });

  it('is not lost by a clock that was set forward and back again, and none is repeated', () => {
    const wrong = [
      daysBefore(30),
      daysBefore(2),
      daysBefore(29),
      daysBefore(14),
      daysBefore(7),
      daysBefore(3),
    ];
    expect(remindedAt(wrong)).toEqual([30, 2, 14, 7]);
    expect(remindedAt([...wrong, daysBefore(1), daysBefore(-1)])).toEqual([30, 2, 14, 7, 1, -1]);
  });

  it('that was put off comes when the time is over, unless the day of the next has come', () => {
    const [only] = ends([certificate()], daysBefore(14));
    const until = new Map([[only?.id ?? '', daysBefore(13).toISOString()]]);
    expect(
      remindedAt([daysBefore(14), daysBefore(13, 11), daysBefore(13, 13), daysBefore(7)], until),
    ).toEqual([13, 7]);
  });
});
