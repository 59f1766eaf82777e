import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { texts } from '#shared/texts/index.ts';
import type { Language } from '#shared/views.ts';
import { startBank, type RunningBank } from '#test/bank/start-bank.ts';
import { openPublisher, signedBankFile } from '#test/bank/systems/publisher.ts';
import { runKilt } from '../registration/kilt-program.ts';

let folder: string;
let bank: RunningBank;
let fingerprint: string;
let file: string;
let unsignedFile: string;
let environment: NodeJS.ProcessEnv;

beforeAll(async () => {
  folder = mkdtempSync(path.join(tmpdir(), 'kilt-bank-files-'));
  bank = await startBank({ dataDir: path.join(folder, 'bank'), systems: true });
  fingerprint = bank.published?.fingerprint ?? '';
  ({ file, unsignedFile } = bank.published?.systems[2] ?? { file: '', unsignedFile: '' });
});
afterAll(async () => {
  await bank.stop();
  rmSync(folder, { recursive: true });
});
beforeEach(() => {
  environment = {
    KILT_TRANSPORT: 'virtual-reader',
    KILT_USER_DATA: mkdtempSync(path.join(folder, 'data-')),
  };
});

const kilt = (...args: string[]) =>
  runKilt(['banks', ...args, '--virtual-reader-port', '0'], { environment });
const id = 'demo-internet-banking';
const installed = () => path.join(environment['KILT_USER_DATA'] ?? '', 'banks', `${id}.kiltbank`);

/** The file with changes, signed by the demo bank's publisher or by a stranger. */
async function changed(changes: object, by = path.join(folder, 'bank')): Promise<string> {
  const json = { ...(JSON.parse(readFileSync(unsignedFile, 'utf8')) as object), ...changes };
  const name = path.join(mkdtempSync(path.join(folder, 'file-')), 'changed.kiltbank');
  writeFileSync(name, signedBankFile(JSON.stringify(json), await openPublisher(by, new Date())));
  return name;
}

describe('banks on the command line', () => {
  it('are those of the four systems of the manuals, each in a file that is in order', async () => {
    expect(bank.published?.systems.map(({ system }) => system)).toEqual([
      'starbanking',
      'internet-banking-nuc',
      'internet-banking',
      'dbo-bs-client',
    ]);
    for (const published of bank.published?.systems ?? []) {
      const run = await kilt('check', '--file', published.file, '--json');
      expect(run.json()).toMatchObject({ valid: true, problems: [], bank: { id: published.id } });
      expect(run.code).toBe(0);
    }
  });

  it('are imported with the fingerprint from the act, listed, shown and removed', async () => {
    const unsure = await kilt('import', '--file', file, '--json');
    expect(unsure.json()).toMatchObject({ error: { data: { problem: 'not-compared' } } });
    expect([unsure.code, existsSync(installed())]).toEqual([1, false]);
    const wrong = await kilt('import', '--file', file, '--fingerprint', '00'.repeat(32), '--json');
    expect(wrong.json()).toMatchObject({ error: { id: 'confirmation-differs' } });
    expect(existsSync(installed())).toBe(false);

    const imported = await kilt('import', '--file', file, '--fingerprint', fingerprint, '--json');
    expect(imported.json()).toMatchObject({ imported: true, import: { standing: 'new', bank: { id } } });
    expect((await kilt('list', '--json')).json()).toMatchObject({
      banks: [{ state: 'usable', bank: { id, origin: bank.urls.https, version: 1 }, profiles: [] }],
    });
    expect((await kilt('show', '--bank', id, '--json')).json()).toMatchObject({
      bank: { fileName: `${id}.kiltbank` },
    });

    expect((await kilt('remove', '--bank', id, '--json')).json()).toMatchObject({
      error: { data: { problem: 'needs-yes' } },
    });
    expect((await kilt('remove', '--bank', id, '--yes', '--json')).json()).toMatchObject({ removed: true });
    expect((await kilt('list', '--json')).json()).toEqual({ banks: [] });
  });

  it('are updated by their own publisher alone, and say what an update changes', async () => {
    await kilt('import', '--file', file, '--fingerprint', fingerprint);
    const update = await changed({ version: 2, authentication: 'id-and-pin' });
    const shown = await kilt('import', '--file', update, '--language', 'en');
    expect(shown.stderr).toContain(texts.en.banks.importing.changes.authentication);
    expect(shown.code).toBe(1);
    expect((await kilt('import', '--file', update, '--yes', '--json')).json()).toMatchObject({
      import: { standing: 'known', installedVersion: 1, changes: [{ what: 'authentication' }] },
    });
    expect((await kilt('import', '--file', file, '--yes', '--json')).json()).toMatchObject({
      error: { id: 'bank-file-older', data: { version: 1, newest: 2 } },
    });
    const stranger = mkdtempSync(path.join(folder, 'stranger-'));
    const forged = await changed({ version: 3 }, stranger);
    for (const consent of ['--yes', `--fingerprint=${fingerprint}`])
      expect((await kilt('import', '--file', forged, consent, '--json')).json()).toMatchObject({
        error: { id: 'bank-signer-changed', code: '0300022' },
      });
  });

  it('do not stop Kilt when one file is broken; it is listed, and can be removed', async () => {
    await kilt('import', '--file', file, '--fingerprint', fingerprint);
    writeFileSync(
      path.join(path.dirname(installed()), 'broken.kiltbank'),
      readFileSync(file, 'utf8').slice(0, 999),
    );
    const list = (await kilt('list', '--json')).json();
    expect(list).toMatchObject({
      banks: [
        { fileName: 'broken.kiltbank', state: 'unusable', error: { code: '0300021' } },
        { fileName: `${id}.kiltbank`, state: 'usable' },
      ],
    });
    expect((await kilt('remove', '--bank', 'broken.kiltbank', '--yes')).code).toBe(0);
    expect((await kilt('list')).stdout).not.toContain('broken');
  });

  it('tell a developer everything that is wrong with a file', async () => {
    const wrong = await changed({ version: 0, colour: 'teal', site: 'https://elsewhere.example/' });
    const run = await kilt('check', '--file', wrong, '--json');
    expect(run.json()).toMatchObject({
      valid: false,
      signer: { name: 'Kilt Demo Bank, bank files' },
      problems: [{ field: 'version' }, { field: 'colour' }, { field: 'site' }],
    });
    expect(run.code).toBe(1);
    const people = await kilt('check', '--file', wrong, '--language', 'en');
    expect(people.stdout).toContain('colour: is no member that this format has');
  });
});

describe.each(['ru', 'kk', 'en'] as const satisfies readonly Language[])(
  'banks for people, in %s',
  (language) => {
    it('are told with their signer and fingerprint, without a trace of another language', async () => {
      await kilt('import', '--file', file, '--fingerprint', fingerprint);
      const { stdout } = await kilt('show', '--bank', id, '--language', language);
      expect(stdout).toContain(fingerprint);
      expect(stdout).toContain(texts[language].banks.facts.signer);
      expect(stdout).toContain(texts[language].banks.authentication['initial-key']);
      expect(stdout).not.toMatch(/{{|banks\./);
    });
  },
);
