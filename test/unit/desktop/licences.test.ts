import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { licencesFile, readLicences } from '#main/desktop/licences.ts';
import { recordingLog } from './recording-log.ts';
import { temporaryFolder } from './temporary-folder.ts';

const folder = temporaryFolder();
const put = (name: string, files: Readonly<Record<string, string>>) => {
  mkdirSync(join(folder(), name));
  for (const [file, text] of Object.entries(files)) writeFileSync(join(folder(), name, file), text);
  return join(folder(), name);
};
const built = (...parts: { name: string; identifier?: string; text?: string }[]) =>
  JSON.stringify(parts.map((part) => ({ version: '1.0.0', ...part })));

describe('the licences', () => {
  it('are those of both builds, the native modules and Electron, each once, in order of names', async () => {
    const { log, entries } = recordingLog();
    const licences = await readLicences({
      builds: [
        put('main', { [licencesFile]: built({ name: 'zod', identifier: 'MIT', text: 'of zod' }) }),
        put('renderer', { [licencesFile]: built({ name: 'react' }, { name: 'zod', identifier: 'MIT' }) }),
      ],
      packages: [
        put('koffi', {
          'package.json': '{"name":"koffi","version":"3.3.4","license":"MIT"}',
          'LICENSE.txt': 'of koffi\n',
        }),
      ],
      others: [
        {
          name: 'Electron',
          version: '45',
          licence: 'MIT',
          terms: [join(folder(), 'gone'), put('e', { LICENSE: 'of Electron' }) + '/LICENSE'],
        },
        { name: 'Inter', version: '4', licence: 'OFL-1.1', terms: ' of Inter ' },
      ],
      log,
    });
    expect(licences.map(({ name, licence, text }) => [name, licence, text])).toEqual([
      ['Electron', 'MIT', 'of Electron'],
      ['Inter', 'OFL-1.1', 'of Inter'],
      ['koffi', 'MIT', 'of koffi'],
      ['react', null, null],
      ['zod', 'MIT', null],
    ]);
    expect(entries).toEqual([]);
  });

  it('that can not be read are left out, and the log says so', async () => {
    const { log, entries } = recordingLog();
    const damaged = put('damaged', { [licencesFile]: '{' });
    expect(
      await readLicences({ builds: [damaged], packages: [join(folder(), 'gone')], others: [], log }),
    ).toEqual([]);
    expect(entries.map(({ level }) => level)).toEqual(['warn', 'warn']);
  });
});
