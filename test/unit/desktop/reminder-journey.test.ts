import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { desktopTexts } from '#main/desktop/desktop-texts.ts';
import { endWords } from '#main/desktop/notification-words.ts';
import { createNotify } from '#main/desktop/notifications.ts';
import { trayMenu } from '#main/desktop/tray.ts';
import { CertificateWatch } from '#main/profile/certificate-watch.ts';
import { openDatabase, type KiltDatabase } from '#main/store/database.ts';
import { KnownCertificateStore } from '#main/store/known-certificates.ts';
import { ReminderLog } from '#main/store/reminder-log.ts';
import type { Language, TokenView } from '#shared/views.ts';
import { eventually } from '#test/support/eventually.ts';
import { recordingLog } from './recording-log.ts';

const electron = vi.hoisted(() => ({ titles: [] as string[] }));
vi.mock('electron', () => ({
  Notification: class {
    static isSupported = () => true;
    readonly title: string;
    constructor({ title }: { title: string }) {
      this.title = title;
    }
    on() {
      return this;
    }
    show() {
      electron.titles.push(this.title);
    }
  },
}));

const hour = 3600 * 1000;
const end = new Date(2027, 10, 30, 18);
/** At this hour, so many days before the end; negative: after it. */
const at = (daysBefore: number, hours = 9) => new Date(2027, 10, 30 - daysBefore, hours);

const token: TokenView = {
  id: 't',
  reader: 'R',
  state: 'ready',
  serial: '47738461',
  label: 'qq111111',
  kind: 'registered',
  certificates: (['signature', 'sign-in'] as const).map((purpose) => ({
    purpose,
    subjectName: 'Сериккызы Айгерим',
    subject: 'CN=Сериккызы Айгерим',
    issuerName: 'CA',
    issuer: 'CN=CA',
    serialNumber: purpose === 'signature' ? '01' : '02',
    notBefore: new Date(2026, 10, 30).toISOString(),
    notAfter: end.toISOString(),
    keyOnToken: true,
  })),
};

const words: Readonly<Record<Language, { before: readonly string[]; after: string }>> = {
  ru: {
    before: [
      'Сертификат закончится через 30 дней',
      'Сертификат закончится через 14 дней',
      'Сертификат закончится через 7 дней',
      'Сертификат закончится через 3 дня',
      'Сертификат закончится через 1 день',
    ],
    after: 'Срок действия сертификата истек',
  },
  kk: {
    before: [30, 14, 7, 3, 1].map((days) => `Сертификаттың мерзімі ${String(days)} күннен кейін бітеді`),
    after: 'Сертификаттың мерзімі бітті',
  },
  en: {
    before: [
      'The certificate ends in 30 days',
      'The certificate ends in 14 days',
      'The certificate ends in 7 days',
      'The certificate ends in 3 days',
      'The certificate ends in 1 day',
    ],
    after: 'The certificate has ended',
  },
};

/** The calendar, from before the first reminder to after the last, as a computer that is used goes through it. */
describe('the reminders of a certificate’s end', () => {
  let folder: string;
  let database: KiltDatabase;
  let now: Date;
  let watch: CertificateWatch | undefined;
  let language: Language;
  beforeEach(() => {
    vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
    folder = mkdtempSync(join(tmpdir(), 'kilt-reminders-'));
    database = openDatabase(folder);
    electron.titles.length = 0;
    language = 'ru';
    now = at(31);
    startProgram([token]);
  });
  afterEach(() => {
    watch?.stop();
    vi.useRealTimers();
    database.close();
    rmSync(folder, { recursive: true });
  });

  function startProgram(tokens: readonly TokenView[]): void {
    watch?.stop();
    watch = new CertificateWatch({
      certificates: new KnownCertificateStore(database),
      reminders: new ReminderLog(database),
      wanted: () => true,
      now: () => now,
    });
    watch.follow(tokens);
    const notify = createNotify({ language: () => language, log: recordingLog().log });
    watch.start((end) => {
      notify(
        (t) => endWords(end, t),
        () => undefined,
      );
    });
  }
  /** The program runs until then, looking at the clock by itself. */
  function runUntil(moment: Date): void {
    while (now < moment) {
      now = new Date(Math.min(now.getTime() + hour, moment.getTime()));
      vi.advanceTimersByTime(hour);
    }
  }
  /** The lid is closed until then: no timer runs, and the system tells of the waking. */
  function sleepUntil(moment: Date): void {
    now = moment;
    watch?.look();
  }
  /** What was shown, each notification in the order of its coming. */
  async function told(count: number): Promise<readonly string[]> {
    await eventually(() => electron.titles.length >= count, { what: `${String(count)} notifications` });
    return electron.titles;
  }

  it.each(['ru', 'kk', 'en'] as const)(
    'come ten times, each once, in the right words (%s)',
    async (spoken) => {
      language = spoken;
      // A program that is started anew every morning, later without the token.
      for (let day = 30; day >= -31; day--) {
        runUntil(at(day, 20));
        now = at(day - 1, 8);
        startProgram(day > 10 ? [token] : []);
      }
      const { before, after } = words[spoken];
      expect(await told(10)).toEqual([...before, after, after, after, after, after]);
    },
  );

  it('stand in the menu of the notification area, and on the start screen, in the right words all that time', () => {
    const nowhere = { open: () => undefined, openEnd: () => undefined };
    const lines = new Map<string, number[]>();
    for (let day = 31; day >= -31; day--) {
      runUntil(at(day));
      const ends = watch?.ends() ?? [];
      const menu = trayMenu({ tokens: [], ends }, desktopTexts.ru, nowhere);
      const line = menu.find(({ label }) => label?.startsWith(token.label ?? '') === true)?.label ?? 'none';
      lines.set(line, [...(lines.get(line) ?? []), day]);
      expect(ends.map(({ daysLeft }) => daysLeft)).toEqual(line === 'none' ? [] : [day]);
    }
    const spans = [...lines].map(([line, days]) => [line, days[0], days.at(-1)]);
    expect(spans).toEqual([
      ['none', 31, -31],
      ['qq111111: сертификат до 30.11.2027', 30, 0],
      ['qq111111: срок сертификата истек 30.11.2027', -1, -30],
    ]);
  });

  it('come once each though the computer sleeps through most days', async () => {
    sleepUntil(at(20));
    runUntil(at(19));
    sleepUntil(at(2));
    sleepUntil(at(2, 21));
    sleepUntil(at(-5));
    expect(await told(3)).toEqual([
      'Сертификат закончится через 20 дней',
      'Сертификат закончится через 2 дня',
      'Срок действия сертификата истек',
    ]);
  });

  it('are neither repeated nor lost when the clock is set forward and back', async () => {
    runUntil(at(29));
    sleepUntil(at(6));
    sleepUntil(at(29, 10));
    runUntil(at(13));
    startProgram([token]);
    runUntil(at(6, 12));
    expect(await told(4)).toEqual([
      'Сертификат закончится через 30 дней',
      'Сертификат закончится через 6 дней',
      'Сертификат закончится через 14 дней',
      'Сертификат закончится через 7 дней',
    ]);
  });

  it('come no more once new keys are on the token', async () => {
    runUntil(at(10));
    const renewed = token.certificates.map((one) => ({
      ...one,
      serialNumber: `1${one.serialNumber}`,
      notAfter: new Date(2028, 10, 20).toISOString(),
    }));
    const old = token.certificates.map((one) => ({ ...one, purpose: 'other' as const, keyOnToken: false }));
    watch?.follow([{ ...token, certificates: [...renewed, ...old] }]);
    runUntil(at(-31));
    expect(await told(2)).toEqual([
      'Сертификат закончится через 30 дней',
      'Сертификат закончится через 14 дней',
    ]);
  });
});
