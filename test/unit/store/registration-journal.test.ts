import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { registrationSteps } from '#shared/views.ts';
import { openDatabase, type KiltDatabase } from '#main/store/database.ts';
import { RegistrationJournal, doneSteps } from '#main/store/registration-journal.ts';

const facts = {
  signatureKeyId: '01',
  signInKeyId: '02',
  signatureTransactionId: '00'.repeat(16),
  signInTransactionId: '11'.repeat(16),
};
const order = { bankId: 'demo', userId: 'qq111111_demo', label: 'Asel', tokenSerial: '3A5B7C1D', facts };

describe('the journal of registrations', () => {
  let folder: string;
  let database: KiltDatabase;
  let journal: RegistrationJournal;

  beforeEach(() => {
    folder = mkdtempSync(path.join(tmpdir(), 'kilt-store-'));
    database = openDatabase(folder);
    journal = new RegistrationJournal(database, () => new Date('2026-11-22T10:00:00Z'));
  });
  afterEach(() => {
    database.close();
    rmSync(folder, { recursive: true });
  });

  it('remembers what was begun and what is done, across a restart', () => {
    journal.open({ id: 'r1', ...order });
    journal.begun('r1', 'token-prepared');
    journal.done('r1', 'token-prepared');
    journal.begun('r1', 'pin-set');
    database.close();

    database = openDatabase(folder);
    const read = new RegistrationJournal(database).get('r1');

    expect(doneSteps(read)).toEqual(new Set(['token-prepared']));
    expect(read.lines.at(-1)).toEqual({ step: 'pin-set', phase: 'begun', at: '2026-11-22T10:00:00.000Z' });
    expect(read.facts).toEqual(facts);
  });

  it('takes a step as not done once it was begun again', () => {
    journal.open({ id: 'r1', ...order });
    journal.begun('r1', 'token-prepared');
    journal.done('r1', 'token-prepared');

    journal.correctUser('r1', 'qq222222_demo', 'Asel');

    const read = journal.get('r1');
    expect(doneSteps(read)).toEqual(new Set());
    expect(read.userId).toBe('qq222222_demo');
  });

  it('writes what a step has learnt together with the line that says it is done', () => {
    journal.open({ id: 'r1', ...order });
    journal.done('r1', 'signature-certificate-received', {
      signatureCertificate: 'MIIB',
      waitingUntil: undefined,
    });

    expect(journal.get('r1').facts).toEqual({ ...facts, signatureCertificate: 'MIIB' });
  });

  it('says a registration is interrupted when the process that ran it is gone', () => {
    journal.open({ id: 'r1', ...order });
    journal.take('r1');
    database.prepare(`UPDATE registrations SET owner = '999999999'`).run();

    journal.releaseDead();

    expect(journal.get('r1').state).toBe('interrupted');
  });

  it('refuses a registration that another living process works on', () => {
    journal.open({ id: 'r1', ...order });
    journal.take('r1');
    database.prepare('UPDATE registrations SET owner = ?').run(String(process.ppid));

    expect(() => journal.take('r1')).toThrow(expect.objectContaining({ id: 'operation-busy' }));
    journal.releaseDead();
    expect(journal.get('r1').state).toBe('running');
  });

  it('finds the unfinished registrations of one token, newest first, and no finished one', () => {
    journal.open({ id: 'old', ...order, startedAt: '2026-11-20T10:00:00.000Z' });
    journal.open({ id: 'new', ...order, startedAt: '2026-11-21T10:00:00.000Z' });
    journal.open({ id: 'finished', ...order });
    journal.setState('finished', 'finished');
    journal.open({ id: 'elsewhere', ...order, tokenSerial: 'FFFF' });

    expect(journal.unfinishedOnToken('3A5B7C1D').map(({ id }) => id)).toEqual(['new', 'old']);
  });

  it('keeps every step name that was ever written readable', () => {
    journal.open({ id: 'r1', ...order });
    for (const step of registrationSteps) journal.done('r1', step);
    expect(doneSteps(journal.get('r1'))).toEqual(new Set(registrationSteps));
  });

  it.runIf(process.platform !== 'win32')('lets nobody but the user read the database', () => {
    expect(statSync(path.join(folder, 'kilt.db')).mode & 0o077).toBe(0);
  });

  it('reports a full disk as a full disk', () => {
    database.pragma('max_page_count = 1');
    const write = () => {
      for (let i = 0; i < 10_000; i += 1) journal.open({ id: `r${i}`, ...order });
    };
    expect(write).toThrow(expect.objectContaining({ id: 'disk-full' }));
  });

  it('holds no token for work that ended on a full disk, writes that down when there is room, and brings nothing back', () => {
    for (const id of ['r1', 'r2']) {
      journal.open({ id, ...order });
      journal.take(id);
    }
    database.pragma('query_only = ON');
    for (const id of ['r1', 'r2']) expect(() => journal.letGo(id)).toThrow();
    expect(journal.get('r1').state).toBe('running');
    expect(journal.isRunningOn('3A5B7C1D')).toBe(false);

    database.pragma('query_only = OFF');
    journal.setState('r2', 'finished');
    journal.writeLetGo();
    expect(journal.get('r1').state).toBe('interrupted');
    expect(journal.get('r2').state).toBe('finished');
    journal.take('r1');
    expect(journal.isRunningOn('3A5B7C1D')).toBe(true);
  });

  it('refuses a database of a newer Kilt instead of harming it', () => {
    database.pragma('user_version = 999');
    database.close();
    expect(() => openDatabase(folder)).toThrow(expect.objectContaining({ id: 'storage-failed' }));
    database = openDatabase(mkdtempSync(path.join(tmpdir(), 'kilt-store-')));
  });
});
