import { daysUntil, formatDate } from '#shared/texts/formats.ts';
import type { CertificateView, TokenView } from '#shared/views.ts';

/** The manuals warn from 30 days before the end. */
const warnDays = 30;

/** What was told, and on which day: `2026-11-22`, in this computer's time zone. */
export type ToldReminders = Readonly<Record<string, string>>;

export interface Reminder {
  /** Names the certificates that are told of together; never changes. */
  readonly id: string;
  readonly subjectName: string;
  readonly tokenName: string;
  readonly notAfter: Date;
  /** 0: today is the last day. */
  readonly daysLeft: number;
}

/**
 * What is to be told about the tokens present: each certificate whose key is on the token and which ends within 30
 * days, once a day. Certificates of one person that end on the same day, as those for signing and for signing in of
 * one profile do, are told of together.
 */
export function dueReminders(
  tokens: readonly TokenView[],
  told: ToldReminders,
  now: Date,
): readonly Reminder[] {
  const due = new Map<string, Reminder>();
  for (const token of tokens) {
    for (const certificate of token.certificates) {
      const reminder = reminderOf(token, certificate, now);
      if (reminder !== undefined && told[reminder.id] !== dayOf(now)) due.set(reminder.id, reminder);
    }
  }
  return [...due.values()];
}

function reminderOf(token: TokenView, certificate: CertificateView, now: Date): Reminder | undefined {
  const notAfter = new Date(certificate.notAfter);
  const daysLeft = daysUntil(notAfter, now);
  if (!certificate.keyOnToken || notAfter <= now || daysLeft > warnDays) return undefined;
  return {
    id: [token.serial ?? token.reader, dayOf(notAfter), certificate.subjectName].join(' '),
    subjectName: certificate.subjectName,
    tokenName: token.label?.trim() || token.serial || token.reader,
    notAfter,
    daysLeft,
  };
}

/** What has been told today. Earlier days are forgotten: they keep nothing back. */
export const toldToday = (
  told: ToldReminders,
  reminders: readonly Pick<Reminder, 'id'>[],
  now: Date,
): ToldReminders => ({
  ...Object.fromEntries(Object.entries(told).filter(([, day]) => day === dayOf(now))),
  ...Object.fromEntries(reminders.map(({ id }) => [id, dayOf(now)])),
});

const dayOf = (instant: Date): string => formatDate(instant).split('.').reverse().join('-');
