import { Notification } from 'electron';
import path from 'node:path';
import { z } from 'zod';
import { formatDate } from '#shared/texts/formats.ts';
import type { Language, SettingsView, TokenView } from '#shared/views.ts';
import { dueReminders, toldToday, type Reminder } from './certificate-reminders.ts';
import { readKept, writeKept } from './kept-file.ts';
import type { Log } from './log.ts';

const toldFile = z.record(z.string(), z.string());

export interface ReminderOptions {
  readonly dataFolder: string;
  readonly settings: () => Pick<SettingsView, 'reminders' | 'language'>;
  /** A click on the notification. */
  readonly open: () => void;
  readonly now?: () => Date;
  readonly log: Log;
}

/**
 * Tells in the system's notifications which certificates are about to end.
 *
 * @returns what to call with the tokens present whenever they change
 */
export function createReminders(options: ReminderOptions): (tokens: readonly TokenView[]) => void {
  const { settings, open, log, now = () => new Date() } = options;
  const file = path.join(options.dataFolder, 'reminders.json');
  // The system forgets a notification whose object is gone: its click would do nothing.
  const shown = new Set<Notification>();

  const show = async (reminder: Reminder, language: Language): Promise<void> => {
    const { title, body } = await reminderWords(reminder, language);
    const notification = new Notification({ title, body });
    shown.add(notification);
    notification.on('click', () => {
      shown.delete(notification);
      open();
    });
    notification.on('close', () => shown.delete(notification));
    notification.show();
  };

  return (tokens) => {
    const { reminders: wanted, language } = settings();
    if (!wanted || !Notification.isSupported()) return;
    const told = readKept(file, toldFile, {});
    const due = dueReminders(tokens, told, now());
    if (due.length === 0) return;
    try {
      // Before they are shown: where this can not be kept, nothing is told over and over at every change.
      writeKept(file, toldToday(told, due, now()));
    } catch (error) {
      return log.warn('reminders were left out: what was told can not be kept', error);
    }
    for (const reminder of due) {
      show(reminder, language).catch((error: unknown) => log.warn('a reminder could not be shown', error));
    }
  };
}

async function reminderWords(
  { subjectName, tokenName, notAfter, daysLeft }: Reminder,
  language: Language,
): Promise<{ title: string; body: string }> {
  // The texts of the whole program: not needed until something is to be told.
  const { createTranslator } = await import('#shared/texts/i18n.ts');
  const { t } = createTranslator(language);
  const words = { name: subjectName, token: tokenName, date: formatDate(notAfter) };
  return {
    title:
      daysLeft === 0
        ? t('certificates.reminder.lastDay')
        : t('certificates.reminder.title', { count: daysLeft }),
    body: t('certificates.reminder.text', words),
  };
}
