import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { CertificateWatch } from '#main/profile/certificate-watch.ts';
import { openDatabase, type KiltDatabase } from '#main/store/database.ts';
import { KnownCertificateStore } from '#main/store/known-certificates.ts';
import { ReminderLog } from '#main/store/reminder-log.ts';
import type { CertificateEndView, CertificateView, TokenView } from '#shared/views.ts';

const end = new Date(2027, 10, 30, 18);
const certificate = (changes: Partial<CertificateView> = {}): CertificateView => ({
  purpose: 'signature',
  subjectName: 'Сериккызы Айгерим',
  subject: 'CN=Сериккызы Айгерим',
  issuerName: 'CA',
  issuer: 'CN=CA',
  serialNumber: '01',
  notBefore: new Date(2026, 10, 30).toISOString(),
  notAfter: end.toISOString(),
  keyOnToken: true,
  ...changes,
});
const token = (certificates: CertificateView[], changes: Partial<TokenView> = {}): TokenView => ({
  id: 't',
  reader: 'R',
  state: 'ready',
  serial: '47738461',
  label: 'qq111111',
  kind: 'registered',
  certificates,
  ...changes,
});

describe('the watch over the ends of certificates', () => {
  let folder: string;
  let database: KiltDatabase;
  let now: Date;
  let wanted: boolean;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'kilt-watch-'));
    database = openDatabase(folder);
    now = new Date(2027, 10, 20, 12);
    wanted = true;
  });
  afterEach(() => {
    vi.useRealTimers();
    database.close();
    rmSync(folder, { recursive: true });
  });

  const watching = () =>
    new CertificateWatch({
      certificates: new KnownCertificateStore(database),
      reminders: new ReminderLog(database),
      wanted: () => wanted,
      now: () => now,
    });
  const reminded = (watch: CertificateWatch): number[] => {
    const days: number[] = [];
    watch.start(({ daysLeft }) => days.push(daysLeft));
    return days;
  };

  it('remembers a token that is not connected any more, also after a restart', () => {
    const before = watching();
    before.follow([token([certificate()])]);
    expect(before.ends()).toMatchObject([{ tokenName: 'qq111111', tokenPresent: true, daysLeft: 10 }]);
    const after = watching();
    after.follow([]);
    expect(after.ends()).toMatchObject([{ tokenName: 'qq111111', tokenPresent: false, daysLeft: 10 }]);
  });

  it('forgets what a token held once it comes without', () => {
    const watch = watching();
    watch.follow([token([certificate()])]);
    watch.follow([token([], { kind: 'empty', label: null })]);
    expect(watch.ends()).toEqual([]);
  });

  it.each([
    ['is being read', { state: 'reading', kind: 'unknown' }],
    ['is in use by another program', { state: 'in-use' }],
  ] as const)('forgets nothing while the token %s', (_what, changes) => {
    const watch = watching();
    watch.follow([token([certificate()])]);
    watch.follow([token([], changes)]);
    expect(watch.ends()).toHaveLength(1);
  });

  it('leaves out certificates whose key is elsewhere: they can not be used here anyway', () => {
    const watch = watching();
    watch.follow([token([certificate({ keyOnToken: false })])]);
    expect(watch.ends()).toEqual([]);
  });

  it('reminds at the start of what ended its milestone while the program was off, without the token', () => {
    watching().follow([token([certificate()])]);
    expect(reminded(watching())).toEqual([10]);
    expect(reminded(watching())).toEqual([]);
  });

  it('reminds while the program runs for days', () => {
    vi.useFakeTimers({ now });
    const watch = watching();
    watch.follow([token([certificate()])]);
    const days = reminded(watch);
    for (let hour = 0; hour < 24 * 10; hour++) {
      now = new Date(now.getTime() + 3600 * 1000);
      vi.advanceTimersByTime(3600 * 1000);
    }
    expect(days).toEqual([10, 7, 3, 1]);
    watch.stop();
    now = new Date(2027, 11, 2);
    vi.advanceTimersByTime(3600 * 1000);
    expect(days).toHaveLength(4);
  });

  it('reminds after sleep, when somebody tells it that the computer woke up', () => {
    const watch = watching();
    watch.follow([token([certificate()])]);
    const days = reminded(watch);
    now = new Date(2027, 10, 29, 8);
    watch.look();
    expect(days).toEqual([10, 1]);
  });

  it('counts nothing as told while the user wants no reminders, or nobody shows them', () => {
    watching().follow([token([certificate()])]);
    wanted = false;
    const watch = watching();
    const days = reminded(watch);
    expect(days).toEqual([]);
    wanted = true;
    watch.look();
    expect(days).toEqual([10]);
  });

  it('puts a reminder off, tells at once that it is gone, and brings it back', () => {
    const watch = watching();
    const told: (readonly CertificateEndView[])[] = [];
    watch.onChange((ends) => told.push(ends));
    watch.follow([token([certificate()])]);
    watch.snooze(watch.ends()[0]?.id ?? '', 1);
    expect(watch.ends()).toEqual([]);
    expect(watch.allEnds()).toHaveLength(1);
    expect(told.map((ends) => ends.length)).toEqual([1, 0]);
    now = new Date(2027, 10, 21, 13);
    expect(reminded(watch)).toEqual([9]);
    expect(told.map((ends) => ends.length)).toEqual([1, 0, 1]);
  });

  it('puts nothing off that does not end', () => {
    expect(() => watching().snooze('something', 1)).toThrow('input-invalid');
  });
});
