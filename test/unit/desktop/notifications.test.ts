import { beforeEach, describe, expect, it, vi } from 'vitest';
import { decisionWords, endWords } from '#main/desktop/notification-words.ts';
import { createNotify } from '#main/desktop/notifications.ts';
import type { BankDecision } from '#main/profile/bank-decisions.ts';
import type { CertificateEndView, Language } from '#shared/views.ts';
import { eventually } from '#test/support/eventually.ts';
import { certificateEnd } from './certificate-end.ts';
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

const shown = (count: number) =>
  eventually(() => electron.shown.length === count, { what: `${count} notifications` });
const notifying = (language: Language = 'ru') =>
  createNotify({ language: () => language, log: recordingLog().log });

beforeEach(() => {
  electron.shown.length = 0;
  electron.supported = true;
});

describe('the notification that a certificate ends', () => {
  const reminding = (language: Language = 'ru') => {
    const pressed = vi.fn();
    const notify = notifying(language);
    const remind = (of: CertificateEndView) => {
      notify((t) => endWords(of, t), pressed);
    };
    return { pressed, remind };
  };

  it.each([
    ['ru', 'Сертификат закончится через 14 дней', 'до 12.12.2026'],
    ['kk', 'Сертификаттың мерзімі 14 күннен кейін бітеді', '12.12.2026 дейін'],
    ['en', 'The certificate ends in 14 days', 'until 12.12.2026'],
  ] as const)('says in %s whose certificate ends, on which token and when', async (language, title, date) => {
    reminding(language).remind(certificateEnd());
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
    reminding().remind(certificateEnd(changes));
    await shown(1);
    expect(electron.shown[0]?.title).toBe(title);
    expect(electron.shown[0]?.body).toContain(words);
  });

  it('leads to Kilt by a click', async () => {
    const { remind, pressed } = reminding();
    remind(certificateEnd());
    await shown(1);
    electron.shown[0]?.listeners.get('click')?.();
    expect(pressed).toHaveBeenCalledOnce();
  });

  it('is left out where the system has none', async () => {
    electron.supported = false;
    reminding().remind(certificateEnd({ subjectName: 'unwanted' }));
    electron.supported = true;
    reminding().remind(certificateEnd({ subjectName: 'wanted' }));
    await shown(1);
    expect(electron.shown[0]?.body).toContain('wanted');
  });
});

describe('the notification that the bank has decided', () => {
  const keys = { about: 'keys', tokenSerial: '47738461', tokenName: 'qq111111', name: 'Айгерим' } as const;
  const registration = { about: 'registration', tokenSerial: '47738461', userId: 'qq111111_demo' } as const;
  const refusal = { id: 'ca-refused', code: '0200060', data: {} } as const;

  it.each<[BankDecision, string, string]>([
    [{ ...keys, outcome: 'issued' }, 'Получен новый сертификат', 'Айгерим, токен qq111111: нажмите'],
    [{ ...keys, outcome: 'refused' }, 'Получен отказ в регистрации', 'прежние ключи в эксплуатации'],
    [{ ...registration, outcome: 'registered' }, 'Профиль создан', 'qq111111_demo: банк принял'],
    [
      { ...registration, outcome: 'stopped', error: refusal },
      'Регистрация остановилась',
      'qq111111_demo: Удостоверяющий центр отказал.',
    ],
  ])('says what: %o', async (decision, title, words) => {
    notifying()(
      (t) => decisionWords(decision, t),
      () => undefined,
    );
    await shown(1);
    expect(electron.shown[0]?.title).toBe(title);
    expect(electron.shown[0]?.body).toContain(words);
  });
});
