import { existsSync, mkdtempSync, readFileSync, readdirSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createLog } from '#main/desktop/log.ts';

let folder: string;
beforeEach(() => {
  folder = join(mkdtempSync(join(tmpdir(), 'kilt-log-')), 'logs');
});
afterEach(() => rmSync(join(folder, '..'), { recursive: true }));

const everythingWritten = (): string =>
  readdirSync(folder)
    .map((name) => readFileSync(join(folder, name), 'utf8'))
    .join('');

describe('the log', () => {
  it('says when, how bad, what and the details, one line each', () => {
    const log = createLog({ folder, terminal: false });
    log.warn('a navigation was refused', { target: 'https://evil.example' });
    log.info('started');
    const lines = everythingWritten().trimEnd().split(/\r?\n/);
    expect(lines).toHaveLength(2);
    expect(lines[0]).toMatch(
      /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d{3}\S* warn a navigation was refused \{"target":"https:\/\/evil\.example"\}$/,
    );
    expect(lines[1]).toMatch(/ info started$/);
  });

  it('says more while the user has asked for more, without a restart', () => {
    const log = createLog({ folder, terminal: false });
    log.debug('before');
    log.setLevel('debug');
    log.debug('PIN kanarya1');
    log.setLevel('info');
    log.debug('after');
    log.info('as ever');
    const lines = everythingWritten().trimEnd().split(/\r?\n/);
    expect(lines.map((line) => line.split(' ').slice(2).join(' '))).toEqual([
      'debug PIN <redacted>',
      'info as ever',
    ]);
  });

  it('holds no canary, in whichever place an entry carries it', () => {
    const log = createLog({ folder, terminal: false });
    log.error('PIN kanarya1', { pin: 'kanarya1' });
    log.error('failed', new Error('password: kanarya1', { cause: Buffer.from('kanarya1') }));
    log.warn('sent', Buffer.from('kanarya1'));
    log.info('sent', [{ nested: { secret: 'kanarya1' } }]);
    const text = everythingWritten();
    expect(text.split('\n').filter(Boolean)).toHaveLength(4);
    expect(text).not.toMatch(/kanarya1|6b616e61727961|107,97,110/i);
  });

  it('a text can not pass itself off as another entry', () => {
    const log = createLog({ folder, terminal: false });
    log.info('details', { name: 'a\n2026-01-01 00:00:00.000 error forged' });
    log.info('first\n2026-01-01 00:00:00.000 error forged');
    expect(everythingWritten().trimEnd().split('\n')).toHaveLength(2);
  });

  // Windows has no such modes; there the user's profile folder keeps others out.
  if (process.platform !== 'win32') {
    it('belongs to this user alone', () => {
      createLog({ folder, terminal: false }).info('started');
      expect(statSync(folder).mode & 0o777).toBe(0o700);
      expect(statSync(join(folder, 'kilt.log')).mode & 0o777).toBe(0o600);
    });
  }

  it('keeps the newest entries in four files of limited size', () => {
    const maxSize = 2_000;
    const log = createLog({ folder, terminal: false, maxSize });
    for (let i = 0; i < 400; i += 1) log.info(`entry ${i} ${'x y '.repeat(10)}`);
    expect(readdirSync(folder).sort()).toEqual(['kilt.1.log', 'kilt.2.log', 'kilt.3.log', 'kilt.log']);
    for (const name of readdirSync(folder)) {
      expect(statSync(join(folder, name)).size).toBeLessThan(maxSize + 300);
    }
    expect(readFileSync(join(folder, 'kilt.log'), 'utf8')).toContain('entry 399');
    expect(existsSync(join(folder, 'kilt.4.log'))).toBe(false);
  });
});
