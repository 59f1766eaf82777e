import { Notification } from 'electron';
import { formatDate } from '#shared/texts/formats.ts';
import type { CertificateEndView, Language } from '#shared/views.ts';
import type { Log } from './log.ts';

export interface ReminderOptions {
  readonly language: () => Language;
  /** A click on the notification. */
  readonly openEnd: (end: CertificateEndView) => void;
  readonly log: Log;
}

/** @returns what shows a reminder among the system's notifications, where it has any */
export function createReminders({
  language,
  openEnd,
  log,
}: ReminderOptions): (end: CertificateEndView) => void {
  // The system forgets a notification whose object is gone: its click would do nothing.
  const shown = new Set<Notification>();

  const show = async (end: CertificateEndView): Promise<void> => {
    const notification = new Notification(await reminderWords(end, language()));
    shown.add(notification);
    notification.on('click', () => {
      shown.delete(notification);
      openEnd(end);
    });
    notification.on('close', () => shown.delete(notification));
    notification.show();
  };

  return (end) => {
    if (!Notification.isSupported()) return;
    show(end).catch((error: unknown) => log.warn('a reminder could not be shown', error));
  };
}

async function reminderWords(
  { subjectName, tokenName, notAfter, ended, daysLeft }: CertificateEndView,
  language: Language,
): Promise<{ title: string; body: string }> {
  // The texts of the whole program: not needed until something is to be told.
  const { createTranslator } = await import('#shared/texts/i18n.ts');
  const { t } = createTranslator(language);
  const words = { name: subjectName, token: tokenName, date: formatDate(new Date(notAfter)) };
  if (ended) return { title: t('ends.ended'), body: t('ends.endedText', words) };
  return {
    title: daysLeft === 0 ? t('ends.lastDay') : t('ends.title', { count: daysLeft }),
    body: t('ends.text', words),
  };
}
