import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { dueReminders, toldToday } from '#main/desktop/certificate-reminders.ts';
import { createReminders } from '#main/desktop/reminder-notifications.ts';
import type { CertificateView, Language, TokenView } from '#shared/views.ts';
import { eventually } from '#test/support/eventually.ts';
import { recordingLog } from './recording-log.ts';
import { temporaryFolder } from './temporary-folder.ts';

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

const morning = new Date(2026, 10, 22, 9, 0);
const at = (day: number, hour = 12) => new Date(2026, 10, 22 + day, hour).toISOString();
const certificate = (changes: Partial<CertificateView> = {}): CertificateView => ({
  purpose: 'signature',
  subjectName: 'Сериккызы Айгерим',
  subject: 'CN=Сериккызы Айгерим',
  issuerName: 'CA',
  issuer: 'CN=CA',
  serialNumber: '01',
  notBefore: at(-300),
  notAfter: at(20),
  keyOnToken: true,
  ...changes,
});
const token = (...certificates: CertificateView[]): TokenView => ({
  id: 't',
  reader: 'R',
  state: 'ready',
  serial: '47738461',
  label: 'qq111111',
  kind: 'registered',
  certificates,
});

describe('a reminder is due', () => {
  const days = (...tokens: TokenView[]) => dueReminders(tokens, {}, morning).map(({ daysLeft }) => daysLeft);

  it.each([
    ['31 days before the end', 31, []],
    ['30 days before', 30, [30]],
    ['one day before', 1, [1]],
    ['on the last day', 0, [0]],
    ['not once it has ended', -1, []],
  ])('%s', (_when, day, expected) => {
    expect(days(token(certificate({ notAfter: at(day) })))).toEqual(expected);
  });

  it('not when the certificate ended this morning', () => {
    expect(days(token(certificate({ notAfter: at(0, 8) })))).toEqual([]);
  });

  it('not for a certificate that can not be used here anyway, because its key is elsewhere', () => {
    expect(days(token(certificate({ keyOnToken: false })))).toEqual([]);
  });

  it('once for both certificates of a profile, and for each of two tokens', () => {
    const both = token(certificate(), certificate({ purpose: 'sign-in', serialNumber: '02' }));
    expect(days(both)).toEqual([20]);
    expect(days(both, { ...both, serial: '3A5B7C1D' })).toEqual([20, 20]);
  });

  it('apart for certificates that end on different days', () => {
    expect(days(token(certificate(), certificate({ notAfter: at(5) })))).toEqual([20, 5]);
  });

  it('once a day', () => {
    const told = toldToday({}, dueReminders([token(certificate())], {}, morning), morning);
    const evening = new Date(2026, 10, 22, 23, 59);
    const nextDay = new Date(2026, 10, 23, 0, 1);
    expect(dueReminders([token(certificate())], told, evening)).toEqual([]);
    expect(dueReminders([token(certificate())], told, nextDay)).toHaveLength(1);
  });

  it('what was told on earlier days is forgotten', () => {
    expect(toldToday({ 'old one': '2026-11-21' }, [{ id: 'new one' }], morning)).toEqual({
      'new one': '2026-11-22',
    });
  });
});

describe('the notification', () => {
  const folder = temporaryFolder();
  const reminding = (settings: { reminders?: boolean; language?: Language } = {}) => {
    const open = vi.fn();
    const { log, entries } = recordingLog();
    const remind = createReminders({
      dataFolder: folder(),
      settings: () => ({ reminders: true, language: 'ru', ...settings }),
      open,
      now: () => morning,
      log,
    });
    return { remind, open, entries };
  };
  const shown = (count: number) =>
    eventually(() => electron.shown.length === count, { what: `${count} notifications` });

  beforeEach(() => {
    electron.shown.length = 0;
    electron.supported = true;
  });

  it.each([
    ['ru', 'Сертификат закончится через 20 дней', 'до 12.12.2026'],
    ['kk', 'Сертификаттың мерзімі 20 күннен кейін бітеді', '12.12.2026 дейін'],
    ['en', 'The certificate ends in 20 days', 'until 12.12.2026'],
  ] as const)('says in %s whose certificate ends and when', async (language, title, date) => {
    reminding({ language }).remind([token(certificate())]);
    await shown(1);
    expect(electron.shown[0]?.title).toBe(title);
    expect(electron.shown[0]?.body).toContain(date);
    expect(electron.shown[0]?.body).toContain('Сериккызы Айгерим');
  });

  it('opens Kilt by a click', async () => {
    const { remind, open } = reminding();
    remind([token(certificate())]);
    await shown(1);
    electron.shown[0]?.listeners.get('click')?.();
    expect(open).toHaveBeenCalledOnce();
  });

  it('is shown once, however often the tokens change and the program is started that day', async () => {
    const { remind } = reminding();
    remind([token(certificate())]);
    remind([token(certificate())]);
    reminding().remind([token(certificate())]);
    reminding().remind([token(certificate({ notAfter: at(3), subjectName: 'another' }))]);
    await shown(2);
    expect(electron.shown.map(({ body }) => body.split(',')[0])).toEqual(['Сериккызы Айгерим', 'another']);
  });

  it('is left out when the user does not want it, or the system has none', async () => {
    reminding({ reminders: false }).remind([token(certificate())]);
    electron.supported = false;
    reminding().remind([token(certificate())]);
    electron.supported = true;
    reminding().remind([token(certificate({ subjectName: 'wanted' }))]);
    await shown(1);
    expect(electron.shown[0]?.body).toContain('wanted');
  });

  it('is left out rather than repeated for ever where what was told can not be kept', () => {
    const { remind, entries } = reminding();
    rmSync(folder(), { recursive: true });
    remind([token(certificate())]);
    expect(entries.map(({ level }) => level)).toEqual(['warn']);
    expect(electron.shown).toEqual([]);
  });

  it('keeps nothing but what it must not tell again', async () => {
    reminding().remind([token(certificate())]);
    await shown(1);
    expect(JSON.parse(readFileSync(join(folder(), 'reminders.json'), 'utf8'))).toEqual({
      '47738461 2026-12-12 Сериккызы Айгерим': '2026-11-22',
    });
  });
});
