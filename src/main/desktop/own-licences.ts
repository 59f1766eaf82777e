import path from 'node:path';
import interTerms from '@fontsource-variable/inter/LICENSE?raw';
import { name as inter, version as interVersion } from '@fontsource-variable/inter/package.json';
import type { LicenceView } from '#shared/views.ts';
import { builtMainFolder } from './built-main-folder.ts';
import { readLicences } from './licences.ts';
import type { Log } from './log.ts';

/** What Kilt is made of, as it lies on this computer: the build, the native modules, Electron and Chromium. */
export function ownLicences(log: Log): Promise<LicenceView[]> {
  // node_modules lies beside out, packaged or not.
  const main = builtMainFolder(import.meta.dirname);
  const modules = path.join(main, '..', '..', 'node_modules');
  const besideProgram = (name: string): string => path.join(path.dirname(process.execPath), name);
  return readLicences({
    builds: [main, path.join(main, '..', 'renderer')],
    packages: ['koffi', 'better-sqlite3', 'pkcs11js'].map((name) => path.join(modules, name)),
    others: [
      // The page loads it through its style sheet, where the build does not look for licences.
      { name: inter, version: interVersion, licence: 'OFL-1.1', terms: interTerms },
      {
        name: 'Electron',
        version: process.versions.electron,
        licence: 'MIT',
        terms: ['LICENSE.electron.txt', 'LICENSE'].map(besideProgram),
      },
      {
        name: 'Chromium',
        version: process.versions.chrome,
        licence: 'BSD-3-Clause',
        // Fifteen megabytes with those of its own parts: they stay in their file.
        terms: besideProgram('LICENSES.chromium.html'),
      },
    ],
    log,
  });
}
