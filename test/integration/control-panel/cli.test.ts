import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import Database from 'better-sqlite3';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { AuditView, StoredObjectsView } from '#shared/control-panel-views.ts';
import type { WatchedCard } from '#test/support/watched-card.ts';
import { factoryPin, newCard } from '#test/support/world.ts';
import { OpensslWorkshop } from '#test/unit/pki/openssl-workshop.ts';
import { runKilt } from '../registration/kilt-program.ts';
import { CommandLineDesk, fd } from '#test/support/command-line.ts';
import { administratorPin, newAdministratorPin, newUserPin } from './desk.ts';

const filePassword = 'Salem-7-alem';
const pinFd = ['--pin-fd', fd] as const;

let openssl: OpensslWorkshop;
let card: WatchedCard;
let desk: CommandLineDesk;
beforeAll(() => {
  openssl = new OpensslWorkshop();
  openssl.rsaKey('leaf');
  openssl.root('leaf', '/CN=Aigerim', 'ee');
  openssl.run(
    ...['pkcs12', '-export', '-inkey', 'leaf.key', '-in', 'leaf.crt'],
    ...['-passout', `pass:${filePassword}`, '-out', 'Key.pfx'],
  );
});
afterAll(() => openssl.remove());
beforeEach(async () => {
  card = newCard({ serial: '3A5B7C1D' });
  desk = await CommandLineDesk.set(card);
});
afterEach(() => desk.clear());

const kilt = async (args: readonly string[], ...secrets: string[]): Promise<unknown> => {
  const { value, lines } = await desk.run(args, secrets);
  spoken.push(JSON.stringify(value), ...lines);
  return value;
};
const format = (...more: string[]) => [
  ...['format', ...pinFd, '--new-user-pin-fd', fd, '--new-administrator-pin-fd', fd],
  ...more,
];
/** Everything that the commands of these tests said. */
const spoken: string[] = [];

describe('the control panel on the command line', () => {
  it('checks a PIN with one try, points out the one of the factory, and says what a wrong one costs', async () => {
    const right = await kilt(['verify', ...pinFd], factoryPin);
    expect(right).toMatchObject({ verified: true, role: 'user', isDefault: true });
    const wrong = await kilt(['verify', '--role', 'administrator', ...pinFd], 'not-the-pin');
    expect(wrong).toMatchObject({ error: { id: 'wrong-pin', data: { attemptsLeft: 9 } } });
    const short = await kilt(['verify', ...pinFd], '123');
    expect(short).toMatchObject({ error: { data: { problem: 'pin-too-short' } } });
    expect(card.verifies).toBe(2);
  });

  it('formats after the name was typed, and changes, unblocks and names what it made', async () => {
    const plan = await kilt(['format', '--plan']);
    expect(plan).toMatchObject({ plan: { confirmWith: '3A5B7C1D', blockers: [], certificates: [] } });

    const unconfirmed = await kilt(format(), administratorPin, newUserPin, newAdministratorPin);
    expect(unconfirmed).toMatchObject({
      error: { data: { problem: 'not-confirmed', name: '3A5B7C1D' } },
    });
    expect(card.verifies).toBe(0);

    const formatted = await kilt(
      format('--confirm', '3A5B7C1D', '--label', 'Saule', '--user-attempts', '3'),
      ...[administratorPin, newUserPin, newAdministratorPin],
    );
    expect(formatted).toMatchObject({
      formatted: true,
      format: { state: 'finished' },
      panel: { information: { label: 'Saule', layout: 'complete', userPin: { maxAttempts: 3 } } },
    });

    const weak = await kilt(
      ['change-pin', '--role', 'user', ...pinFd, '--new-pin-fd', fd],
      ...[newUserPin, 'abcd1234'],
    );
    expect(weak).toMatchObject({ error: { id: 'pin-weak' } });
    const changed = await kilt(
      ['change-pin', '--role', 'user', '--as', 'administrator', ...pinFd, '--new-pin-fd', fd],
      ...[newAdministratorPin, 'Qyran8Shynar'],
    );
    expect(changed).toMatchObject({ changed: true, role: 'user' });

    for (const left of [2, 1]) {
      const refused = await kilt(['rename', '--label', 'Aigul', ...pinFd], newUserPin);
      expect(refused).toMatchObject({ error: { id: 'wrong-pin', data: { attemptsLeft: left } } });
    }
    await kilt(['rename', '--label', 'Aigul', ...pinFd], newUserPin);
    const unblocked = await kilt(['unblock', ...pinFd], newAdministratorPin);
    expect(unblocked).toMatchObject({
      unblocked: true,
      panel: { information: { userPin: { attemptsLeft: 3, blocked: false } } },
    });
    const renamed = await kilt(['rename', '--label', 'Aigul', ...pinFd], 'Qyran8Shynar');
    expect(renamed).toMatchObject({ renamed: true, panel: { information: { label: 'Aigul' } } });
  });

  it('brings a key container onto the token, exports its certificate and deletes it', async () => {
    await kilt(
      format('--confirm', '3A5B7C1D', '--label', 'Saule'),
      administratorPin,
      newUserPin,
      newAdministratorPin,
    );
    const importing = ['certificates', 'import', '--file', openssl.path('Key.pfx')];
    const shown = await kilt([...importing, '--file-password-fd', fd], filePassword);
    expect(shown).toMatchObject({ imported: false, import: { key: { algorithm: 'RSA 2048' } } });
    expect(card.keyFiles().privateKeys).toBe(0);

    const imported = await kilt(
      [...importing, '--yes', ...pinFd, '--file-password-fd', fd],
      newUserPin,
      filePassword,
    );
    expect(imported).toMatchObject({ imported: true, objects: { keys: [{ bits: 2048 }] } });

    const objects = (await kilt(['certificates', 'list'])) as StoredObjectsView;
    const fingerprint = objects.certificates[0]?.fingerprint ?? '';
    const out = path.join(desk.dataFolder, 'Aigerim.pem');
    const exporting = ['certificates', 'export', '--fingerprint', fingerprint, '--out', out];
    expect(await kilt(exporting)).toEqual({ exported: true, file: out });
    expect(readFileSync(out, 'utf8')).toContain('BEGIN CERTIFICATE');
    // Nothing is overwritten.
    expect(await kilt(exporting)).toMatchObject({ error: { id: 'file-not-written' } });

    const deleting = ['certificates', 'delete', '--key', objects.keys[0]?.objectId ?? '', ...pinFd];
    expect(await kilt([...deleting, '--confirm', 'Somebody'], newUserPin)).toMatchObject({
      error: { id: 'confirmation-differs' },
    });
    expect(await kilt([...deleting, '--confirm', 'Aigerim'], newUserPin)).toMatchObject({
      deleted: true,
      objects: { certificates: [], keys: [] },
    });
  });

  it('lists, saves and checks the audit, and notices a changed line', async () => {
    await kilt(['verify', ...pinFd], factoryPin);
    const view = (await kilt(['audit', 'list'])) as AuditView;
    expect(view.entries.map(({ action, result }) => `${action} ${result}`)).toEqual([
      'logout done',
      'login done',
      'login begun',
    ]);
    const out = path.join(desk.dataFolder, 'audit.jsonl');
    await kilt(['audit', 'export', '--out', out]);
    const verify = ['audit', 'verify'];
    expect(await kilt(verify)).toEqual({ intact: true, lines: 3 });
    expect(await kilt([...verify, '--file', out])).toEqual({ intact: true, lines: 3 });

    writeFileSync(
      out,
      readFileSync(out, 'utf8').replace('"administrator"', '"user"').replace('3A5B7C1D', '3A5B7C1E'),
    );
    const changedFile = await kilt([...verify, '--file', out]);
    expect(changedFile).toMatchObject({ error: { id: 'audit-damaged', data: { line: 1 } } });
    const database = new Database(path.join(desk.dataFolder, 'kilt.db'));
    database.exec(
      'DROP TRIGGER audit_is_not_changed; UPDATE audit SET token_label = NULL, at = at || 1 WHERE line = 2',
    );
    database.close();
    expect(await kilt(verify)).toMatchObject({ error: { id: 'audit-damaged', data: { line: 2 } } });
  });

  it.each([
    ['ru', 'Токен: —, № 3A5B7C1D'],
    ['kk', 'Токен: —, № 3A5B7C1D'],
    ['en', 'Token: —, No. 3A5B7C1D'],
  ] as const)('tells people in %s what formatting would destroy', async (language, first) => {
    const { lines } = await desk.run(['format', '--plan'], [], language);
    expect(lines[0]).toBe(first);
    expect(lines).toHaveLength(3);
  });
});

describe('no PIN, password or key', () => {
  const secrets = [administratorPin, newUserPin, newAdministratorPin, 'Qyran8Shynar', filePassword];

  it('is in what the commands said', () => {
    const said = spoken.join('\n');
    expect(said.length).toBeGreaterThan(1000);
    for (const secret of secrets) expect(said).not.toContain(secret);
  });

  it('is in any stream or file of the real program', async () => {
    const environment = {
      KILT_TRANSPORT: 'virtual-reader',
      KILT_VIRTUAL_READER_PORT: String(desk.readerPort),
      KILT_USER_DATA: desk.dataFolder,
    };
    const real = async (args: readonly string[], ...lines: string[]) => {
      const words = args.map((word) => (word === fd ? '0' : word));
      const run = await runKilt([...words, '--json'], { environment, lines });
      expect(run.code).toBe(0);
      return [run.stdout, run.stderr];
    };
    const said = [
      ...(await real(
        format('--confirm', '3A5B7C1D', '--label', 'Saule'),
        administratorPin,
        newUserPin,
        newAdministratorPin,
      )),
      ...(await real(
        [
          'certificates',
          'import',
          '--yes',
          '--file',
          openssl.path('Key.pfx'),
          ...pinFd,
          '--file-password-fd',
          fd,
        ],
        ...[newUserPin, filePassword],
      )),
      ...(await real(['audit', 'export', '--out', path.join(desk.dataFolder, 'audit.jsonl')])),
    ].map((text) => Buffer.from(text));
    const files = readdirSync(desk.dataFolder, { recursive: true, withFileTypes: true }).filter((one) =>
      one.isFile(),
    );
    expect(files.map(({ name }) => name)).toEqual(expect.arrayContaining(['kilt.db', 'audit.jsonl']));
    const written = files.map(({ name, parentPath }) => readFileSync(path.join(parentPath, name)));
    const prime = Buffer.from(primeOf('leaf.key'), 'hex');
    expect(prime).toHaveLength(128);
    for (const traces of [...said, ...written]) {
      for (const secret of secrets) expect(traces.includes(secret)).toBe(false);
      expect(traces.includes(prime) || traces.includes(Buffer.from(prime).reverse())).toBe(false);
    }
  });
});

/** First prime of an RSA key, hexadecimal. */
function primeOf(file: string): string {
  const text = openssl.run('pkey', '-in', file, '-noout', '-text');
  return (/prime1:([\s0-9a-f:]+)/.exec(text)?.[1] ?? '').replace(/[\s:]/g, '').replace(/^00/, '');
}
