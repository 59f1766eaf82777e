import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { auditActions, type AuditEntry } from '#shared/control-panel-views.ts';
import { KiltError } from '#shared/errors.ts';
import { canonicalJson, ChainCheck, chainHash } from '#main/store/audit-chain.ts';
import { verifyAuditFile } from '#main/store/audit-export.ts';
import { AuditLog, type AuditSubject } from '#main/store/audit-log.ts';
import { openDatabase, type KiltDatabase } from '#main/store/database.ts';

const subject: AuditSubject = {
  action: 'rename',
  tokenSerial: '3A5B7C1D',
  tokenLabel: 'Asel',
  role: 'user',
  detail: { newLabel: 'Saule' },
};

let folder: string;
let database: KiltDatabase;
let audit: AuditLog;
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'kilt-audit-'));
  database = openDatabase(folder);
  // These tests are not about what a power cut leaves.
  database.pragma('synchronous = OFF');
  audit = new AuditLog(database, () => new Date('2026-11-22T10:00:00.000Z'));
});
afterEach(() => {
  database.close();
  rmSync(folder, { recursive: true });
});

/** Oldest first. */
const entries = (): readonly AuditEntry[] => audit.view({ offset: 0, count: 500 }).entries.toReversed();
const results = () => entries().map(({ action, result, errorCode }) => ({ action, result, errorCode }));
const nothing = () => Promise.resolve();

/** A disk with no room: SQLite may not add a page to the database. Returns what gives the room back. */
function fillDisk(): () => void {
  database.pragma(`max_page_count = ${Number(database.pragma('page_count', { simple: true }))}`);
  return () => void database.pragma('max_page_count = 1000000');
}
/** More than what is free in the pages there are. */
const long = { newLabel: 'x'.repeat(20_000) };

/** As somebody would who edits the file with another program. */
function tamper(sql: string, ...values: readonly unknown[]): void {
  for (const name of ['changed', 'deleted', 'replaced']) database.exec(`DROP TRIGGER audit_is_not_${name}`);
  database.prepare(sql).run(...values);
}

describe('the audit', () => {
  it('has a line before an action and another after it', async () => {
    const seen: unknown[] = [];
    await audit.record(subject, async (learn) => {
      seen.push(...results());
      learn({ tries: 1 });
    });
    expect(seen).toEqual([{ action: 'rename', result: 'begun', errorCode: null }]);
    expect(entries().map(({ result, detail }) => [result, detail])).toEqual([
      ['begun', { newLabel: 'Saule' }],
      ['done', { newLabel: 'Saule', tries: 1 }],
    ]);
  });

  it('says with which code an action failed and how many tries it left', async () => {
    const refused = new KiltError('wrong-pin', { attemptsLeft: 9 });
    await expect(audit.record(subject, () => Promise.reject(refused))).rejects.toBe(refused);
    expect(entries().at(-1)).toMatchObject({
      result: 'failed',
      errorCode: '0100020',
      detail: { attemptsLeft: 9 },
    });
  });

  it('calls what nobody foresaw a failure of the program', async () => {
    await expect(audit.record(subject, () => Promise.reject(new TypeError('x')))).rejects.toThrow();
    expect(entries().at(-1)).toMatchObject({ result: 'failed', errorCode: '0500099' });
  });

  it('stops an action before it begins when there is no room for its line', async () => {
    fillDisk();
    let begun = false;
    const work = async () => {
      begun = true;
    };
    await expect(audit.record({ ...subject, detail: long }, work)).rejects.toMatchObject({ id: 'disk-full' });
    expect(begun).toBe(false);
    expect(entries()).toEqual([]);
  });

  it('does not call an action failed that was done while the disk filled up, and writes its line later', async () => {
    let giveRoom = nothing as () => unknown;
    const value = await audit.record(subject, async (learn) => {
      giveRoom = fillDisk();
      learn(long);
      return 'done all the same';
    });
    expect(value).toBe('done all the same');
    expect(results().map(({ result }) => result)).toEqual(['begun']);

    giveRoom();
    await audit.record({ ...subject, action: 'unblock' }, nothing);
    expect(results().map(({ action, result }) => `${action} ${result}`)).toEqual([
      'rename begun',
      'rename done',
      'unblock begun',
      'unblock done',
    ]);
    expect(audit.verify()).toEqual({ state: 'intact' });
  });

  it('is shown newest first, page by page', async () => {
    for (const action of auditActions) audit.note({ ...subject, action }, 'done');
    const page = audit.view({ offset: 1, count: 2 });
    expect(page.entries.map(({ action }) => action)).toEqual([...auditActions].reverse().slice(1, 3));
    expect(page.total).toBe(auditActions.length);
    expect(page.chain).toEqual({ state: 'intact' });
  });

  it('goes on with one chain when two programs write it', () => {
    const other = new AuditLog(openDatabase(folder));
    audit.note(subject, 'done');
    other.note(subject, 'done');
    audit.note(subject, 'done');
    expect(entries().map(({ line }) => line)).toEqual([1, 2, 3]);
    expect(audit.verify()).toEqual({ state: 'intact' });
  });
});

describe('nobody can, through the database,', () => {
  beforeEach(() => {
    for (let i = 0; i < 3; i += 1) audit.note(subject, 'done');
  });

  it.each([
    ['change a line', `UPDATE audit SET reason = 'another' WHERE line = 2`],
    ['delete a line', 'DELETE FROM audit WHERE line = 3'],
    [
      'put another in the place of a line',
      `INSERT OR REPLACE INTO audit SELECT 2, at, action, result, 'FFFF', token_label, role, reason, error_code, detail, hash FROM audit WHERE line = 2`,
    ],
    [
      'leave a line out',
      `INSERT INTO audit SELECT 9, at, action, result, 'FFFF', token_label, role, reason, error_code, detail, hash FROM audit WHERE line = 2`,
    ],
  ])('%s', (_, sql) => {
    expect(() => database.exec(sql)).toThrow('the audit is only added to');
    expect(audit.verify()).toEqual({ state: 'intact' });
  });
});

describe('the chain shows', () => {
  beforeEach(() => {
    for (const action of auditActions) audit.note({ ...subject, action }, 'done');
  });

  it.each([
    ['at', '2026-11-22T10:00:01.000Z'],
    ['action', 'format'],
    ['result', 'begun'],
    ['token_serial', 'FFFF'],
    ['token_label', null],
    ['role', 'administrator'],
    ['reason', 'somebody asked'],
    ['error_code', '0100020'],
    ['detail', '{"newLabel":"Aigul"}'],
    ['detail', 'not JSON'],
    ['detail', '{ "newLabel": "Saule" }'],
    ['hash', '00'],
  ])('a changed %s (%s)', (column, value) => {
    tamper(`UPDATE audit SET ${column} = ? WHERE line = 4`, value);
    expect(audit.verify()).toEqual({ state: 'broken', brokenAt: 4 });
    // What is left can still be looked at.
    expect(audit.view({ offset: 0, count: 500 }).entries.length).toBeGreaterThanOrEqual(
      auditActions.length - 1,
    );
  });

  it('a line that was changed and given a hash of its own: the next one does not fit it', () => {
    const changed = { ...entries()[3]!, reason: 'somebody asked' };
    const { hash: before } = entries()[2]!;
    const { hash: _, ...unhashed } = changed;
    tamper(
      'UPDATE audit SET reason = ?, hash = ? WHERE line = 4',
      changed.reason,
      chainHash(before, unhashed),
    );
    expect(audit.verify()).toEqual({ state: 'broken', brokenAt: 5 });
  });

  it('a line taken out of the middle', () => {
    tamper('DELETE FROM audit WHERE line = 5');
    expect(audit.verify()).toEqual({ state: 'broken', brokenAt: 5 });
  });

  it('lines taken off the end, also when others were written after that', () => {
    const last = auditActions.length;
    tamper('DELETE FROM audit WHERE line > ?', last - 2);
    expect(audit.verify()).toEqual({ state: 'broken', brokenAt: last - 1 });
    audit.note(subject, 'done');
    expect(audit.verify()).toEqual({ state: 'broken', brokenAt: last - 1 });
  });

  it('an audit that was emptied', () => {
    tamper('DELETE FROM audit');
    expect(audit.verify()).toEqual({ state: 'broken', brokenAt: 1 });
  });

  it('a line put in between', () => {
    tamper('UPDATE audit SET line = line + 100 WHERE line > 4');
    database.exec('UPDATE audit SET line = line - 99 WHERE line > 100');
    database.exec(
      `INSERT INTO audit SELECT 5, at, action, result, token_serial, token_label, role, reason, error_code, detail, hash FROM audit WHERE line = 4`,
    );
    expect(audit.verify()).toEqual({ state: 'broken', brokenAt: 5 });
  });
});

describe('an exported audit', () => {
  const text = fc.string({ maxLength: 12 });
  const anAudit = fc.array(
    fc.record({
      action: fc.constantFrom(...auditActions),
      tokenLabel: fc.option(text),
      role: fc.constantFrom('user', 'administrator', null),
      reason: fc.option(text, { nil: undefined }),
      detail: fc.dictionary(text, fc.oneof(text, fc.integer(), fc.boolean()), { maxKeys: 3 }),
    }),
    { minLength: 2, maxLength: 6 },
  );

  it('is intact by itself, and not so any more after any change of any line', () => {
    fc.assert(
      fc.property(
        anAudit,
        fc.nat(),
        fc.nat(),
        fc.constantFrom('change', 'remove', 'repeat', 'swap'),
        (written, at, where, how) => {
          const before = Number(database.prepare('SELECT count(*) FROM audit').pluck().get());
          for (const one of written) audit.note({ tokenSerial: '3A5B7C1D', ...one }, 'done');
          const { contents } = audit.exported();
          const lines = contents.trimEnd().split('\n');
          expect(verifyAuditFile(contents)).toMatchObject({
            state: 'intact',
            lines: before + written.length,
          });

          const place = 1 + (at % (lines.length - 1));
          const line = lines[place]!;
          if (how === 'remove') lines.splice(place, 1);
          else if (how === 'repeat') lines.splice(place, 0, line);
          else if (how === 'swap') {
            const other = place === 1 ? 2 : place - 1;
            [lines[place], lines[other]] = [lines[other]!, line];
          } else {
            // One character of a value; JSON that means the same is no change.
            const character = where % line.length;
            const changed = `${line.slice(0, character)}${line[character] === 'x' ? 'y' : 'x'}${line.slice(character + 1)}`;
            lines[place] = changed;
          }
          expect(verifyAuditFile(`${lines.join('\n')}\n`)).toMatchObject({ state: 'broken' });
        },
      ),
      { numRuns: 60 },
    );
  });

  it('of an audit that is broken is broken too', () => {
    for (let i = 0; i < 3; i += 1) audit.note(subject, 'done');
    tamper('DELETE FROM audit WHERE line = 3');
    expect(verifyAuditFile(audit.exported().contents)).toMatchObject({ state: 'broken', brokenAt: 3 });
  });

  it('that was cut off is broken, and a file of another kind is none', () => {
    for (let i = 0; i < 3; i += 1) audit.note(subject, 'done');
    const { contents, suggestedName } = audit.exported();
    expect(suggestedName).toBe('kilt-audit-2026-11-22.jsonl');
    const cut = contents.split('\n').slice(0, 3).join('\n');
    expect(verifyAuditFile(cut)).toMatchObject({ state: 'broken', brokenAt: 3 });
    expect(verifyAuditFile('{"some":"JSON"}\n')).toEqual({ state: 'not-an-audit' });
    expect(verifyAuditFile('')).toEqual({ state: 'not-an-audit' });
  });

  it('of an audit in which nothing stands yet is intact', () => {
    expect(verifyAuditFile(audit.exported().contents)).toMatchObject({ state: 'intact', lines: 0 });
  });
});

describe('the canonical form of an entry', () => {
  it('does not depend on the order in which its members were written', () => {
    expect(canonicalJson({ b: 1, a: { d: null, c: 'х' } })).toBe('{"a":{"c":"х","d":null},"b":1}');
  });

  it('is followed from a chain that has not begun', () => {
    expect(new ChainCheck().result(0)).toEqual({ state: 'intact' });
  });
});
