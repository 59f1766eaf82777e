import fs from 'node:fs/promises';
import path from 'node:path';
import { chosenElectron } from '../electron.mjs';
import { compilers, ensureDebianPackages } from './debian-packages.mjs';
import { exclusively } from './exclusive.mjs';
import { builtFor, buildNative, loadsIn } from './native-build.mjs';
import { cache, inModules, records } from './places.mjs';
import { exists, makeWhole, readRecord, writeRecord } from './whole.mjs';

/** The first Node-API that has all calls better-sqlite3's ready-made binaries make; with an older one they crash. */
const NEEDED_NODE_API = 10;

/**
 * Takes back the two settings that tie better-sqlite3 to Node-API 10; what it uses of it is there in 9 as an
 * experiment (docs/decisions/002).
 */
const CXXFLAGS = '-UNAPI_VERSION -DNAPI_EXPERIMENTAL -DNODE_API_EXPERIMENTAL_NOGC_ENV_OPT_OUT';
/**
 * SQLite is one file of nine megabytes: with its usual -O3 it takes three times as long to compile. This build serves
 * development and tests; users get the ready-made one.
 */
const CFLAGS = '-O1';
/** Raised when the way of building changes. */
const RECIPE = 2;

const installed = inModules('better-sqlite3', 'build', 'Release', 'better_sqlite3.node');
const loaded = path.join(records, 'native.json');

/**
 * Makes sure that the native modules (better-sqlite3 and koffi) load in this Node and, where it is used, in Electron.
 * A ready-made better-sqlite3 serves where both have Node-API 10; else it is built from source once and kept.
 *
 * @param runtimes `{ node: true, electron: boolean }`
 */
export async function ensureNativeModules(progress, { electron: withElectron }) {
  const title = 'better-sqlite3';
  const waits = () => progress.waits(title);
  const version = JSON.parse(await fs.readFile(inModules('better-sqlite3', 'package.json'), 'utf8')).version;
  const electron = withElectron ? await chosenElectron() : undefined;
  const seen = async () => ({
    version,
    node: process.version,
    electron: electron?.executable ?? null,
    built: await fs.stat(installed).then(
      ({ mtimeMs, size }) => `${size} ${mtimeMs}`,
      () => null,
    ),
  });
  if (sameLoad(await readRecord(loaded), await seen())) return progress.inPlace(title, version);

  await exclusively(path.join(records, 'native.lock'), waits, async () => {
    const napi = Math.min(Number(process.versions['napi']), electron?.napi ?? Infinity);
    if (napi < NEEDED_NODE_API && !(await exists(installed))) {
      const built = await ensureBuilt(progress, title, version);
      await makeWhole(installed, (partial) => fs.copyFile(built, partial));
    }
    await checkLoads(process.execPath, 'Node', process.env);
    if (electron)
      await checkLoads(electron.executable, 'Electron', { ...process.env, ELECTRON_RUN_AS_NODE: '1' });
    await fs.mkdir(records, { recursive: true });
    await writeRecord(loaded, await seen());
  });
  progress.inPlace(title, `${version} loads in Node${electron ? ' and Electron' : ''}`);
}

/** A run that checked Electron too is good for one that needs only Node. */
function sameLoad(before, now) {
  if (!before) return false;
  return (
    before.version === now.version &&
    before.node === now.node &&
    before.built === now.built &&
    (now.electron === null || before.electron === now.electron)
  );
}

async function ensureBuilt(progress, title, version) {
  const name = `better-sqlite3-${version}-${builtFor()}-napi9-${RECIPE}.node`;
  const target = path.join(cache, name);
  if (await exists(target)) return target;
  if (process.platform === 'win32')
    throw new Error(
      `better-sqlite3 needs Node-API ${NEEDED_NODE_API}, which Node ${process.versions.node} has not.\n` +
        'Install Node 22.14 or newer (or 24) and start again.',
    );
  await ensureDebianPackages(progress, compilers);
  await exclusively(
    `${target}.lock`,
    () => progress.waits(title),
    async () => {
      if (await exists(target)) return;
      await progress.step(
        title,
        `built from source for Node-API 9, once for all clones; about a minute`,
        (report) =>
          buildNative({
            name: 'better-sqlite3',
            product: 'better_sqlite3.node',
            target,
            args: ['--force_build=1'],
            env: { CFLAGS, CXXFLAGS },
            report,
          }),
      );
    },
  );
  return target;
}

async function checkLoads(executable, name, env) {
  const script = `
    const Database = require('better-sqlite3');
    const row = new Database(':memory:').prepare('select 6 * 7 as answer').get();
    if (row.answer !== 42) throw new Error('wrong answer');
    require('koffi').load(process.platform === 'win32' ? 'kernel32.dll' : null);`;
  try {
    await loadsIn(executable, script, env);
  } catch (error) {
    // Do not keep what does not load.
    await fs.rm(installed, { force: true });
    throw new Error(`The native modules do not load in ${name}: ${error.message}`, { cause: error });
  }
}
