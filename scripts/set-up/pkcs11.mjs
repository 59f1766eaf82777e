import fs from 'node:fs/promises';
import path from 'node:path';
import { chosenElectron } from '../electron.mjs';
import { compilers, ensureDebianPackages } from './debian-packages.mjs';
import { exclusively } from './exclusive.mjs';
import { builtFor, buildNative, loadsIn } from './native-build.mjs';
import { cache, inModules, records } from './places.mjs';
import { exists, makeWhole, readRecord, writeRecord } from './whole.mjs';

/** Raised when the way of building changes. */
const RECIPE = 1;

const title = 'pkcs11js';
const installed = inModules('pkcs11js', 'build', 'Release', 'pkcs11.node');
const record = path.join(records, 'pkcs11.json');

/**
 * Makes sure that pkcs11js, which has no ready-made binaries, loads in this Node and, where it is used, in Electron: it
 * is compiled once for all clones and kept. It needs nothing newer than Node-API 8.
 *
 * Only keys in the layout of a token's vendor need it. So where it can not be compiled that is said, and everything else
 * goes on; a quiet run does not try again what has failed.
 *
 * @param options `{ electron: boolean, again: boolean }`
 */
export async function ensurePkcs11(progress, { electron: withElectron, again }) {
  const version = JSON.parse(await fs.readFile(inModules('pkcs11js', 'package.json'), 'utf8')).version;
  const electron = withElectron ? await chosenElectron() : undefined;
  const now = async () => ({
    version,
    recipe: RECIPE,
    node: process.version,
    electron: electron?.executable ?? null,
    built: await exists(installed),
  });
  const before = await readRecord(record);
  if (sameLoad(before, await now())) {
    if (before.built) return progress.inPlace(title, version);
    if (!again) return;
  }
  await exclusively(
    path.join(records, 'pkcs11.lock'),
    () => progress.waits(title),
    async () => {
      try {
        if (!(await exists(installed))) {
          const built = await ensureBuilt(progress, version);
          await makeWhole(installed, (partial) => fs.copyFile(built, partial));
        }
        await loadsIn(process.execPath, script, process.env);
        if (electron)
          await loadsIn(electron.executable, script, { ...process.env, ELECTRON_RUN_AS_NODE: '1' });
        progress.inPlace(title, `${version} loads in Node${electron ? ' and Electron' : ''}`);
      } catch (error) {
        // Do not keep what does not load.
        await fs.rm(installed, { force: true });
        progress.leftOut(
          title,
          `a token vendor's PKCS#11 library can not be used: ${firstLine(error)}. ` +
            `It takes a C++ compiler and python3; then: npm run set-up`,
        );
      }
      await fs.mkdir(records, { recursive: true });
      await writeRecord(record, await now());
    },
  );
}

const script = `
  const { PKCS11 } = require('pkcs11js');
  if (typeof new PKCS11().C_GetSlotList !== 'function') throw new Error('no PKCS#11 calls');`;

/** A run that checked Electron too is good for one that needs only Node. */
const sameLoad = (before, now) =>
  before !== undefined &&
  before.version === now.version &&
  before.recipe === now.recipe &&
  before.node === now.node &&
  before.built === now.built &&
  (now.electron === null || before.electron === now.electron);

async function ensureBuilt(progress, version) {
  const target = path.join(cache, `pkcs11js-${version}-${builtFor()}-${RECIPE}.node`);
  if (await exists(target)) return target;
  if (process.platform === 'linux') await ensureDebianPackages(progress, compilers);
  await exclusively(
    `${target}.lock`,
    () => progress.waits(title),
    async () => {
      if (await exists(target)) return;
      await progress.step(title, 'built from source, once for all clones; some seconds', (report) =>
        buildNative({ name: 'pkcs11js', product: 'pkcs11.node', target, report }),
      );
    },
  );
  return target;
}

const firstLine = ({ message }) => message.split('\n')[0];
