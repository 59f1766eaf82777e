import { existsSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import fc from 'fast-check';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { bankFileView, bankImportView } from '#shared/bank-views.ts';
import { BankDirectory } from '#main/enrolment/bank-files.ts';
import { BankImports } from '#main/enrolment/bank-imports.ts';
import type { BankSystem } from '#main/enrolment/bank-system.ts';
import { BankTrust } from '#main/enrolment/bank-trust.ts';
import { AuditLog } from '#main/store/audit-log.ts';
import { BankPublisherStore } from '#main/store/bank-publishers.ts';
import { openDatabase, type KiltDatabase } from '#main/store/database.ts';
import { BankPublishers } from './bank-publisher.ts';
import { demoBank } from './workshop.ts';

let publishers: BankPublishers;
let key: string;
let strangersKey: string;
const made = new Map<string, string>();
beforeAll(() => {
  publishers = new BankPublishers();
  publishers.add('publisher');
  publishers.add('stranger', 'Demo Bank publisher');
  key = publishers.fingerprint('publisher');
  strangersKey = publishers.fingerprint('stranger');
});
afterAll(() => publishers.remove());

let folder: string;
let database: KiltDatabase;
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'kilt-imports-'));
  database = openDatabase(path.join(folder, 'data'));
  database.pragma('synchronous = OFF');
});
afterEach(() => {
  database.close();
  rmSync(folder, { recursive: true });
});

/** A computer with a Kilt on it; the keys in `builtIn` are part of that Kilt. */
function computer(
  options: { builtIn?: Record<string, string[]>; unsigned?: 'accept'; now?: string; uses?: string[] } = {},
) {
  const now = () => new Date(options.now ?? Date.now());
  const trust = new BankTrust(
    new BankPublisherStore(database),
    new Map(Object.entries(options.builtIn ?? {})),
  );
  const unsigned = options.unsigned ?? 'refuse';
  const banks = path.join(folder, 'data', 'banks');
  const directory = new BankDirectory(banks, { trust, unsigned, now });
  const audit = new AuditLog(database, now);
  const imports = new BankImports({
    directory,
    trust,
    unsigned,
    audit,
    uses: () => ({ profiles: options.uses ?? [], unfinished: [] }),
    now,
  });
  const take = async (file: string, fingerprint?: string) =>
    imports.accept(imports.open(file).importId, { fingerprint });
  return { imports, directory, audit, banks, take };
}

/** A file of the demo bank with these changes. Signing takes a process, so each is made once. */
function bankFile(changes: Partial<BankSystem> = {}, by = 'publisher'): string {
  const claims = JSON.stringify({ ...demoBank, ...changes });
  const content = made.get(by + claims) ?? publishers.file(by, claims);
  made.set(by + claims, content);
  const file = path.join(folder, 'from-the-bank.kiltbank');
  writeFileSync(file, content);
  return file;
}

const refused = (work: () => unknown, id: string) => expect(work).toThrow(expect.objectContaining({ id }));

describe('the first file of a bank', () => {
  it('is shown with its signer before anything is taken', () => {
    const { imports, directory } = computer();
    const view = imports.open(bankFile());
    expect(bankImportView.parse(view)).toMatchObject({
      standing: 'new',
      signer: { name: 'Demo Bank publisher', fingerprint: key, builtIn: false },
      bank: { id: 'demo', origin: 'https://bank.example', version: 1 },
      changes: [],
    });
    expect(directory.all()).toEqual([]);
  });

  it('is taken when the fingerprint on the bank’s paper is this one, however it is written', async () => {
    const { take, directory, audit } = computer();
    const listed = await take(bankFile(), key.toUpperCase().match(/.{4}/g)?.join(' '));
    expect(bankFileView.parse(listed[0])).toMatchObject({ state: 'usable', fileName: 'demo.kiltbank' });
    expect(directory.get('demo')).toEqual(demoBank);
    expect(
      audit.view({ offset: 0, count: 9 }).entries.map(({ action, result }) => `${action} ${result}`),
    ).toEqual(['import-bank done', 'import-bank begun']);
  });

  it.each([
    ['is another', () => strangersKey],
    ['is a part of it', () => key.slice(0, 8)],
    ['was not compared', () => undefined],
    ['is empty', () => ''],
  ])('is not taken when the fingerprint on the bank’s paper %s', async (_, typed) => {
    const { take, directory } = computer();
    await expect(take(bankFile(), typed())).rejects.toMatchObject({ id: 'confirmation-differs' });
    expect(directory.entries()).toEqual([]);
  });

  it('is what was shown, whatever becomes of the file meanwhile', async () => {
    const { imports, directory } = computer();
    const file = bankFile();
    const { importId } = imports.open(file);
    writeFileSync(file, publishers.file('stranger', JSON.stringify(demoBank)));
    await imports.accept(importId, { fingerprint: key });
    expect(directory.entries()[0]?.signer?.fingerprint).toBe(key);
  });

  it('is not taken twice with one consent, and not without a preview', async () => {
    const { imports } = computer();
    const { importId } = imports.open(bankFile());
    await imports.accept(importId, { fingerprint: key });
    for (const id of [importId, 'made up'])
      await expect(imports.accept(id, { fingerprint: key })).rejects.toMatchObject({ id: 'input-invalid' });
  });

  it('needs no paper when Kilt itself knows the key', async () => {
    const { take, imports, directory } = computer({ builtIn: { demo: [key] } });
    expect(imports.open(bankFile())).toMatchObject({ standing: 'known', signer: { builtIn: true } });
    await take(bankFile());
    expect(directory.get('demo')).toEqual(demoBank);
  });

  it('is refused when Kilt itself knows another key of that bank, whatever the user confirms', () => {
    const { imports } = computer({ builtIn: { demo: [key] } });
    refused(() => imports.open(bankFile({}, 'stranger')), 'bank-signer-changed');
  });

  it('is pointed out when it goes by the name of another signer’s bank', async () => {
    const { take, imports } = computer();
    await take(bankFile(), key);
    expect(imports.open(bankFile({ id: 'other' }, 'stranger')).lookalikes).toEqual(['demo']);
    expect(imports.open(bankFile({ id: 'other' })).lookalikes).toEqual([]);
  });

  it.each([
    ['has ended', { notAfter: '2026-01-01T00:00:00Z' }, '2026-01-01T00:00:00Z'],
    ['is signed with a certificate that has', {}, '2060-01-01T00:00:00Z'],
    ['is signed with a certificate that has not begun', {}, '2020-01-01T00:00:00Z'],
  ])('is refused when it %s', (_, changes, now) => {
    refused(() => computer({ now }).imports.open(bankFile(changes)), 'bank-file-ended');
  });
});

describe('an update of a bank', () => {
  it('is taken from the same key with a higher version, without paper', async () => {
    const { take, directory, imports } = computer();
    await take(bankFile(), key);
    expect(imports.open(bankFile({ version: 3 }))).toMatchObject({ standing: 'known', installedVersion: 1 });
    await take(bankFile({ version: 3 }));
    expect(directory.get('demo').version).toBe(3);
  });

  it('says which address, key and authentication it changes', async () => {
    const { take, imports } = computer();
    await take(bankFile(), key);
    const elsewhere: Partial<BankSystem> = {
      version: 2,
      api: { ...demoBank.api, url: 'https://new.example/', origin: 'https://new.example' },
      site: 'https://new.example/',
      ca: { ...demoBank.ca, anchors: [publishers.openssl.pem('stranger')] },
      authentication: 'id-and-pin',
    };
    const { changes } = imports.open(bankFile(elsewhere));
    expect(changes.map(({ what }) => what)).toEqual(['origin', 'ca-anchors', 'authentication']);
    expect(changes[0]).toMatchObject({ from: ['https://bank.example'], to: ['https://new.example'] });
  });

  it('is refused from another key, even one of the same name and on a Kilt that has forgotten the file', async () => {
    const { take, imports, banks } = computer();
    await take(bankFile(), key);
    refused(() => imports.open(bankFile({ version: 2 }, 'stranger')), 'bank-signer-changed');
    rmSync(path.join(banks, 'demo.kiltbank'));
    refused(() => imports.open(bankFile({ version: 2 }, 'stranger')), 'bank-signer-changed');
  });

  it('is refused when nobody has signed it, also where unsigned files are read', async () => {
    await computer().take(bankFile(), key);
    const file = path.join(folder, 'demo.json');
    writeFileSync(file, JSON.stringify({ ...demoBank, version: 2 }));
    refused(() => computer({ unsigned: 'accept' }).imports.open(file), 'bank-file-unsigned');
  });

  it('never goes back to an older version, and not to the same one', async () => {
    const { take, imports, directory } = computer();
    await take(bankFile({ version: 5 }), key);
    for (const version of [1, 4, 5]) refused(() => imports.open(bankFile({ version })), 'bank-file-older');
    expect(directory.get('demo').version).toBe(5);
  });

  it('never goes back, in whatever order versions arrive', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.integer({ min: 1, max: 6 }), { minLength: 1, maxLength: 6 }),
        async (versions) => {
          const { take, directory, imports, banks } = computer();
          let newest = 0;
          for (const version of versions) {
            const taken = await take(bankFile({ version }), key).then(
              () => true,
              () => false,
            );
            expect(taken).toBe(version > newest);
            newest = Math.max(newest, version);
            expect(directory.get('demo').version).toBe(newest);
          }
          await imports.remove('demo.kiltbank');
          expect(readdirSync(banks)).toEqual([]);
        },
      ),
      { numRuns: 40 },
    );
  });

  it('of the same version mends a file that is damaged or gone', async () => {
    const { take, directory, banks } = computer();
    await take(bankFile({ version: 2 }), key);
    const file = path.join(banks, 'demo.kiltbank');
    writeFileSync(file, readFileSync(file, 'utf8').slice(0, 400));
    expect(directory.all()).toEqual([]);
    await take(bankFile({ version: 2 }));
    expect(directory.get('demo').version).toBe(2);
  });

  it('may come from the key that the bank has named before, and then from no other', async () => {
    const { take, imports } = computer();
    await take(bankFile({ nextSigners: [strangersKey] }), key);
    const next = imports.open(bankFile({ version: 2 }, 'stranger'));
    expect(next).toMatchObject({ standing: 'successor' });
    expect(next.changes.map(({ what }) => what)).toEqual(['signer']);
    await take(bankFile({ version: 2 }, 'stranger'));
    refused(() => imports.open(bankFile({ version: 3 })), 'bank-signer-changed');
  });

  it('is refused when another process has taken a newer one between preview and consent', async () => {
    const { take, imports } = computer();
    await take(bankFile(), key);
    const { importId } = imports.open(bankFile({ version: 2 }));
    await computer().take(bankFile({ version: 3 }));
    await expect(imports.accept(importId, {})).rejects.toMatchObject({ id: 'bank-file-older' });
  });

  it('of a bank whose true key a newer Kilt knows is taken from that key, whatever was confirmed before', async () => {
    await computer().take(bankFile({ version: 999_999_999 }, 'stranger'), strangersKey);
    const newer = computer({ builtIn: { demo: [key] } });
    expect(newer.directory.entries()[0]?.error).toMatchObject({ id: 'bank-signer-changed' });
    await newer.take(bankFile());
    expect(newer.directory.get('demo').version).toBe(1);
    refused(() => newer.imports.open(bankFile({ version: 2 }, 'stranger')), 'bank-signer-changed');
  });
});

describe('a bank', () => {
  it('is removed with its key, and can then be imported anew', async () => {
    const { take, imports, banks } = computer();
    await take(bankFile({ version: 2 }), key);
    expect(await imports.remove('demo.kiltbank')).toEqual([]);
    expect(existsSync(path.join(banks, 'demo.kiltbank'))).toBe(false);
    expect(imports.open(bankFile({}, 'stranger'))).toMatchObject({ standing: 'new' });
  });

  it('is not removed while a profile needs it', async () => {
    const { take, imports, directory } = computer({ uses: ['qq111111_demo'] });
    await take(bankFile(), key);
    await expect(imports.remove('demo.kiltbank')).rejects.toMatchObject({
      id: 'bank-in-use',
      code: '0300026',
    });
    expect(directory.get('demo')).toEqual(demoBank);
  });

  it('keeps its key when a false file of it is removed', async () => {
    const { take, imports, banks } = computer({ uses: ['qq111111_demo'] });
    await take(bankFile({ version: 2 }), key);
    writeFileSync(path.join(banks, 'false.kiltbank'), readFileSync(bankFile({ version: 3 }, 'stranger')));
    await imports.remove('false.kiltbank');
    refused(() => imports.open(bankFile({ version: 3 }, 'stranger')), 'bank-signer-changed');
  });

  it.each(['../kilt.db', '/etc/hosts', 'demo.kiltbank/..', 'notes.txt'])(
    'is no other file than a bank’s: %s stays where it is',
    async (fileName) => {
      const { take, imports, banks } = computer();
      await take(bankFile(), key);
      writeFileSync(path.join(banks, 'notes.txt'), 'not a bank');
      await expect(imports.remove(fileName)).rejects.toMatchObject({ id: 'input-invalid' });
      expect(existsSync(path.join(banks, 'notes.txt'))).toBe(true);
    },
  );
});
