import { beforeEach, describe, expect, it, vi } from 'vitest';
import { createReminders } from '#main/desktop/reminder-notifications.ts';
import type { CertificateEndView, Language } from '#shared/views.ts';
import { eventually } from '#test/support/eventually.ts';
import { recordingLog } from './recording-log.ts';

const electron = vi.hoisted(() => ({
  shown: [] as { title: string; body: string; listeners: Map<string, () => void> }[],
  supported: true,
}));
vi.mock('electron', () => ({
  Notification: class {
    static isSupported = () => electron.supported;
    readonly listeners = new Map<string, () => void>();
    readonly words: { title: string; body: string };
    constructor(words: { title: string; body: string }) {
      this.words = words;
    }
    on(event: string, listener: () => void) {
      this.listeners.set(event, listener);
    }
    show() {
      electron.shown.push({ ...this.words, listeners: this.listeners });
    }
  },
}));

const end = (changes: Partial<CertificateEndView> = {}): CertificateEndView => ({
  id: 'a',
  tokenSerial: '47738461',
  tokenName: 'qq111111',
  tokenPresent: false,
  subjectName: 'Сериккызы Айгерим',
  notAfter: new Date(2026, 11, 12, 12).toISOString(),
  ended: false,
  daysLeft: 14,
  ...changes,
});

describe('the notification that a certificate ends', () => {
  const reminding = (language: Language = 'ru') => {
    const openEnd = vi.fn();
    return {
      openEnd,
      remind: createReminders({ language: () => language, openEnd, log: recordingLog().log }),
    };
  };
  const shown = (count: number) =>
    eventually(() => electron.shown.length === count, { what: `${count} notifications` });

  beforeEach(() => {
    electron.shown.length = 0;
    electron.supported = true;
  });

  it.each([
    ['ru', 'Сертификат закончится через 14 дней', 'до 12.12.2026'],
    ['kk', 'Сертификаттың мерзімі 14 күннен кейін бітеді', '12.12.2026 дейін'],
    ['en', 'The certificate ends in 14 days', 'until 12.12.2026'],
  ] as const)('says in %s whose certificate ends, on which token and when', async (language, title, date) => {
    reminding(language).remind(end());
    await shown(1);
    expect(electron.shown[0]?.title).toBe(title);
    expect(electron.shown[0]?.body).toContain(date);
    expect(electron.shown[0]?.body).toContain('Сериккызы Айгерим');
    expect(electron.shown[0]?.body).toContain('qq111111');
  });

  it.each([
    [{ daysLeft: 0 }, 'Сертификат действует последний день', 'действует до'],
    [{ daysLeft: 0, ended: true }, 'Срок действия сертификата истек', 'Ключи на токене целы'],
    [{ daysLeft: -3, ended: true }, 'Срок действия сертификата истек', 'срок истек 12.12.2026'],
  ] as const)('on and after the last day says so: %o', async (changes, title, words) => {
    reminding().remind(end(changes));
    await shown(1);
    expect(electron.shown[0]?.title).toBe(title);
    expect(electron.shown[0]?.body).toContain(words);
  });

  it('opens Kilt at its certificate by a click', async () => {
    const { remind, openEnd } = reminding();
    remind(end());
    await shown(1);
    electron.shown[0]?.listeners.get('click')?.();
    expect(openEnd).toHaveBeenCalledExactlyOnceWith(end());
  });

  it('is left out where the system has none', async () => {
    electron.supported = false;
    reminding().remind(end({ subjectName: 'unwanted' }));
    electron.supported = true;
    reminding().remind(end({ subjectName: 'wanted' }));
    await shown(1);
    expect(electron.shown[0]?.body).toContain('wanted');
  });
});
