import { Notification } from 'electron';
import type { TFunction } from 'i18next';
import type { Language } from '#shared/views.ts';
import type { Log } from './log.ts';

export interface NotificationWords {
  readonly title: string;
  readonly body: string;
}

/** Shows a notification, where the system has any. */
export type Notify = (words: (t: TFunction) => NotificationWords, onPressed: () => void) => void;

export function createNotify({ language, log }: { language: () => Language; log: Log }): Notify {
  // The system forgets a notification whose object is gone: its click would do nothing.
  const shown = new Set<Notification>();

  const show = async (...[words, onPressed]: Parameters<Notify>): Promise<void> => {
    // The texts of the whole program: not needed until something is to be told.
    const { createTranslator } = await import('#shared/texts/i18n.ts');
    const notification = new Notification(words(createTranslator(language()).t));
    shown.add(notification);
    notification.on('click', () => {
      shown.delete(notification);
      onPressed();
    });
    notification.on('close', () => shown.delete(notification));
    notification.show();
  };

  return (words, onPressed) => {
    if (!Notification.isSupported()) return;
    show(words, onPressed).catch((error: unknown) => log.warn('a notification could not be shown', error));
  };
}
