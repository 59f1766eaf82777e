import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { asDer } from '#shared/bytes.ts';
import { KiltError } from '#shared/errors.ts';
import { tokenEntries } from '#shared/token-entries.ts';
import type { TokenView } from '#shared/views.ts';
import type { BankDirectory } from '#main/enrolment/bank-files.ts';
import { encodeProfileRecord } from '#main/enrolment/profile-record.ts';
import { tokenView } from '#main/enrolment/token-views.ts';
import type { JournalledRegistration } from '#main/store/registration-journal.ts';
import type { TokenKey, TokenObjects } from '#main/token/token-session.ts';
import type { KnownToken } from '#main/token/token-watch.ts';
import {
  certificateFor,
  demoBank,
  knownToken,
  line,
  noNationalKeys,
  record,
  registration,
  unsignedBanks,
} from './workshop.ts';

const key = (id: string): TokenKey => ({
  id,
  label: 'key',
  algorithm: 'rsa',
  bits: 2048,
  reference: 1,
  usage: ['sign'],
});
const certificate = (id: string) => ({
  id,
  label: 'certificate',
  der: certificateFor({ commonName: 'Айгерим', organisation: 'Firm, Ltd' }),
});
const begun = encodeProfileRecord(record, { dataObjects: [] });
const registered = encodeProfileRecord({ ...record, state: 'registered' }, { dataObjects: [] });
const damaged = { ...begun, content: begun.content.slice(0, 20) };

describe('a token as the picker shows it', () => {
  let folder: string;
  let banks: BankDirectory;
  beforeAll(() => {
    folder = mkdtempSync(path.join(tmpdir(), 'kilt-views-'));
    writeFileSync(path.join(folder, 'bank.json'), JSON.stringify(demoBank));
    banks = unsignedBanks(folder);
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  const view = (token: KnownToken, ...journals: JournalledRegistration[]): TokenView =>
    tokenView(token, {
      banks,
      national: noNationalKeys,
      now: () => new Date('2026-11-22T10:00:00Z'),
      driver: { lookAt: () => undefined },
      unfinishedOnToken: () => journals,
      language: 'kk',
    });
  const holding = (objects: Partial<TokenObjects>, ...journals: JournalledRegistration[]): TokenView =>
    view(knownToken(objects), ...journals);

  it('is half-formatted while a format waits to be finished, whatever can still be read of it', () => {
    const { info } = knownToken();
    const half = info && { ...info, layout: 'half-formatted' as const };
    const unreadable = new KiltError('token-layout-damaged');
    const { objects: _, ...withoutObjects } = knownToken();
    for (const token of [
      { ...knownToken({ dataObjects: [registered] }), ...(half ? { info: half } : {}) },
      { ...withoutObjects, ...(half ? { info: half } : {}), error: unreadable },
    ])
      expect(view(token, registration())).toMatchObject({ kind: 'half-formatted', serial: '3A5B7C1D' });
    expect(
      view({ ...withoutObjects, ...(half ? { info: half } : {}), error: unreadable }),
    ).not.toHaveProperty('error');
  });

  it('is empty without objects, whatever its label', () => {
    expect(holding({})).toMatchObject({
      kind: 'empty',
      label: 'Asel',
      serial: '3A5B7C1D',
      userPin: { attemptsLeft: 10, blocked: false },
      certificates: [],
    });
  });

  it('is unknown while it is being read, and says what went wrong with it', () => {
    const { info: _, objects: __, ...unread } = knownToken();
    expect(view({ ...unread, state: 'reading' })).toMatchObject({ kind: 'unknown', state: 'reading' });
    const error = new KiltError('token-layout-damaged', { reason: 'EF 2F00' });
    expect(view({ ...unread, state: 'mute', error })).toMatchObject({
      kind: 'unknown',
      error: { code: '0100032', data: { reason: 'EF 2F00' } },
    });
  });

  it.each([
    ['a key', { keys: [key('42')] }],
    ['a certificate', { certificates: [certificate('42')] }],
    ['a data object', { dataObjects: [{ application: 'app', label: 'note', content: new Uint8Array(1) }] }],
  ])('is foreign with %s of another program', (_, objects) => {
    expect(holding(objects).kind).toBe('foreign');
  });

  it('is registered with its profile: bank in the user’s language, whose certificate is for what', () => {
    const shown = holding({
      keys: [key('01'), key('02')],
      certificates: [certificate('01'), certificate('02'), certificate('77')],
      dataObjects: [registered],
    });
    expect(shown).toMatchObject({
      kind: 'registered',
      profiles: [{ bankId: 'demo', bankName: 'Банк (kk)', userId: 'qq111111_demo' }],
    });
    expect(shown.certificates.map(({ purpose, keyOnToken }) => [purpose, keyOnToken])).toEqual([
      ['signature', true],
      ['sign-in', true],
      ['other', false],
    ]);
    expect(shown.certificates[0]).toMatchObject({
      subjectName: 'Айгерим',
      subject: 'CN=Айгерим,O=Firm\\, Ltd',
      notAfter: '2027-11-30T00:00:00.000Z',
    });
    expect(shown).not.toHaveProperty('unfinished');
  });

  it('shows each of several profiles with its own certificates, and one that is begun beside them', () => {
    const first = encodeProfileRecord({ ...record, state: 'registered' }, { dataObjects: [] });
    const more = {
      ...record,
      bankId: 'second',
      registrationId: 'r2',
      signatureKeyId: '05',
      signInKeyId: '06',
    };
    const second = encodeProfileRecord(more, { dataObjects: [first] });
    const shown = holding({
      keys: [key('01'), key('02'), key('05')],
      certificates: [certificate('01'), certificate('02'), certificate('05')],
      dataObjects: [first, second],
    });
    expect(shown).toMatchObject({
      kind: 'unfinished',
      profiles: [{ bankId: 'demo' }],
      unfinished: { bankId: 'second', computer: 'BUH-02' },
    });
    expect(tokenEntries(shown)).toMatchObject([
      { kind: 'registered', shared: true, profile: { bankId: 'demo' } },
      { kind: 'unfinished', shared: true, certificates: [] },
    ]);
    const both = encodeProfileRecord({ ...more, state: 'registered' }, { dataObjects: [first, second] });
    const [one, other, ...others] = tokenEntries(
      holding({
        keys: [key('01'), key('02'), key('05')],
        certificates: [certificate('01'), certificate('02'), certificate('05')],
        dataObjects: [both, first],
      }),
    );
    expect(others).toEqual([]);
    expect(one?.certificates.map(({ purpose }) => purpose)).toEqual(['signature', 'sign-in']);
    expect(other?.certificates.map(({ purpose }) => purpose)).toEqual(['signature']);
    expect(one?.entryId).not.toBe(other?.entryId);
  });

  it('does not go back to what this computer had begun once the same profile is on the token', () => {
    const elsewhere = encodeProfileRecord(
      { ...record, state: 'registered', registrationId: 'another' },
      { dataObjects: [] },
    );
    const stale = registration({ lines: [line('token-prepared', 'begun')] });
    expect(holding({ dataObjects: [elsewhere] }, stale)).not.toHaveProperty('unfinished');
  });

  it('leaves alone what was begun on it while it was empty, once it has the profile of another user', () => {
    const others = encodeProfileRecord(
      { ...record, state: 'registered', userId: 'somebody', registrationId: 'another' },
      { dataObjects: [] },
    );
    const lines = [line('token-prepared', 'begun')];
    expect(holding({ dataObjects: [others] }, registration({ lines })).kind).toBe('registered');
    const facts = { ...registration().facts, keepsPin: true };
    expect(holding({ dataObjects: [others] }, registration({ lines, facts }))).toMatchObject({
      kind: 'unfinished',
      unfinished: { journalId: 'r1', pinOnToken: 'new' },
    });
  });

  it('is registered also where no file describes its bank', () => {
    const elsewhere = encodeProfileRecord(
      { ...record, state: 'registered', bankId: 'another' },
      { dataObjects: [] },
    );
    const shown = holding({ dataObjects: [elsewhere] });
    expect(shown.kind).toBe('registered');
    expect(shown.profiles).toEqual([{ bankId: 'another', userId: record.userId }]);
  });

  it('is unfinished with a registration of this computer', () => {
    expect(holding({ dataObjects: [begun] }, registration())).toMatchObject({
      kind: 'unfinished',
      unfinished: { journalId: 'r1', userId: 'qq111111_demo', bankId: 'demo', pinOnToken: 'new' },
    });
  });

  it('is unfinished with one of another computer, which is named', () => {
    const shown = holding({ dataObjects: [begun] }, registration({ id: 'another' }));
    expect(shown).toMatchObject({ kind: 'unfinished', unfinished: { computer: 'BUH-02' } });
    expect(shown.unfinished).not.toHaveProperty('journalId');
  });

  it('is unfinished before the record has reached it, when this computer has begun', () => {
    const shown = holding({}, registration({ lines: [line('token-prepared', 'begun')] }));
    expect(shown).toMatchObject({ kind: 'unfinished', unfinished: { journalId: 'r1', pinOnToken: 'old' } });
  });

  it('is empty once it was formatted, whatever this computer had begun on it', () => {
    expect(holding({}, registration({ lines: [line('token-prepared', 'done')] })).kind).toBe('empty');
  });

  it('with a record cut in the middle of a write goes on where this computer’s journal is', () => {
    const shown = holding(
      { dataObjects: [damaged] },
      registration({ lines: [line('token-prepared', 'done'), line('pin-set', 'begun')] }),
    );
    expect(shown).toMatchObject({
      kind: 'unfinished',
      unfinished: { journalId: 'r1', pinOnToken: 'changing' },
    });
  });

  it('with a cut record and no journal is empty, so that a profile can be made', () => {
    expect(holding({ dataObjects: [damaged], keys: [key('01')] }).kind).toBe('empty');
  });

  it('leaves out a certificate that nobody can read and shows the others', () => {
    const unreadable = { id: '99', label: 'x', der: asDer(new Uint8Array([0x30, 0x03, 1, 2, 3])) };
    const shown = holding({ certificates: [unreadable, certificate('42')] });
    expect(shown.certificates).toHaveLength(1);
    expect(shown.kind).toBe('foreign');
  });

  it('is shown whatever another program has written where a certificate should be', () => {
    const whole = certificate('42').der;
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: whole.length - 1 }),
        fc.integer({ min: 0, max: 255 }),
        fc.integer({ min: 0, max: whole.length }),
        (at, byte, length) => {
          const der = asDer(whole.slice(0, Math.max(length, at + 1)));
          der[at] = byte;
          expect(holding({ certificates: [{ id: '42', label: 'x', der }] }).kind).toBe('foreign');
        },
      ),
      { numRuns: 1000 },
    );
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
        expect(holding({ certificates: [{ id: '42', label: 'x', der: asDer(bytes) }] }).kind).toBe('foreign');
      }),
    );
  });
});
