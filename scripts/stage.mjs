// Chromium's sandbox does not work for root, and a clone often lies where no other user may look. So root runs Kilt's
// window as an unprivileged user, from a copy of what has been built in a folder that this user can read.
import { createHash } from 'node:crypto';
import fs from 'node:fs/promises';
import path from 'node:path';
import { electron } from './electron.mjs';
import { exclusively } from './set-up/exclusive.mjs';
import { clone, inModules } from './set-up/places.mjs';
import { exists, makeWhole } from './set-up/whole.mjs';

/** `nobody`: owns nothing, may do nothing. */
export const UNPRIVILEGED = 65534;

const SHELF = '/var/tmp/kilt-stage';
const DAY_MS = 24 * 60 * 60 * 1000;

/** What a run may need of the clone; node_modules comes apart. */
const CONTENTS = [
  'package.json',
  'tsconfig.json',
  'playwright.config.ts',
  'out',
  'src',
  'native',
  'test',
  'scripts',
  'assets',
  // The page of the virtual token (test/virtual-token/page), built.
  '.cache/tester-page',
  // The script of the demo bank's site (test/bank/site), built here.
  '.cache/bank-site',
  'packages',
];
/** Folders of the one who started the run, which the unprivileged user may not enter. */
const WITHOUT = {
  XDG_CONFIG_HOME: undefined,
  XDG_CACHE_HOME: undefined,
  XDG_DATA_HOME: undefined,
  XDG_RUNTIME_DIR: undefined,
};
/** Programs that tests need beside what Kilt itself depends on. */
const TEST_PACKAGES = [
  '@playwright/test',
  '@axe-core/playwright',
  'tsx',
  'ncalayer-js-client',
  'puppeteer-core',
];

/**
 * Makes a place from which Kilt's window can be run by an ordinary user. For an ordinary user that is the clone
 * itself; for root it is a copy, and the programs are to be run as {@link UNPRIVILEGED}.
 *
 * @returns `folder` (the clone or its copy), `executable` and `version` of Electron, `uid` (`undefined`: run as you
 *   are), `results` (a folder that may be written to), `env` to run with, and `remove()`
 */
export async function stage() {
  const { dist, executable, version } = await electron();
  if (process.platform !== 'linux' || process.getuid() !== 0) {
    const results = path.join(clone, 'test-results');
    return {
      folder: clone,
      executable,
      version,
      uid: undefined,
      results,
      env: {},
      remove: async () => undefined,
    };
  }
  await ownShelf();
  const electronCopy = path.join(SHELF, path.basename(dist));
  await onShelf(electronCopy, (partial) => copyReadable(dist, partial));
  const modules = await stageModules();
  const folder = path.join(SHELF, `run-${process.pid}-${Date.now().toString(36)}`);
  await fs.mkdir(folder, { mode: 0o755 });
  for (const name of CONTENTS)
    if (await exists(path.join(clone, name)))
      await copyReadable(path.join(clone, name), path.join(folder, name));
  await fs.symlink(modules, path.join(folder, 'node_modules'));
  const writable = { HOME: 'home', TMPDIR: 'tmp' };
  const env = {};
  for (const [name, place] of Object.entries({ ...writable, results: 'test-results' })) {
    const own = path.join(folder, place);
    await fs.mkdir(own, { mode: 0o700 });
    await fs.chown(own, UNPRIVILEGED, UNPRIVILEGED);
    if (name in writable) env[name] = own;
  }
  return {
    folder,
    executable: path.join(electronCopy, path.relative(dist, executable)),
    version,
    uid: UNPRIVILEGED,
    results: path.join(folder, 'test-results'),
    env: { ...env, ...WITHOUT },
    remove: () => fs.rm(folder, { recursive: true, force: true }),
  };
}

/** What to put before a command so that it runs as another user. */
export function asUser(uid) {
  return uid === undefined ? [] : ['setpriv', `--reuid=${uid}`, `--regid=${uid}`, '--clear-groups', '--'];
}

/** In a folder that everybody may write to, only a folder that root made may be trusted. */
async function ownShelf() {
  await fs.mkdir(SHELF, { recursive: true, mode: 0o755 });
  const { uid, mode } = await fs.lstat(SHELF);
  if (uid !== 0 || (mode & 0o170000) !== 0o040000)
    throw new Error(`${SHELF} is not root's own folder; remove it`);
  await fs.chmod(SHELF, 0o755);
  for (const name of await fs.readdir(SHELF)) {
    const old = path.join(SHELF, name);
    const { mtimeMs } = await fs.stat(old).catch(() => ({ mtimeMs: Infinity }));
    if (Date.now() - mtimeMs > (name.startsWith('run-') ? DAY_MS : 7 * DAY_MS))
      await fs.rm(old, { recursive: true, force: true });
  }
}

/** Makes something on the shelf once; runs share it. Its time says when it was last used. */
async function onShelf(target, make) {
  await exclusively(`${target}.lock`, undefined, async () => {
    if (!(await exists(target))) await makeWhole(target, make);
  });
  const now = new Date();
  await fs.utimes(target, now, now);
}

async function stageModules() {
  const names = await packagesToStage();
  const hash = createHash('sha256').update(await fs.readFile(inModules('.package-lock.json')));
  for (const [name, product] of [
    ['better-sqlite3', 'better_sqlite3.node'],
    ['pkcs11js', 'pkcs11.node'],
  ]) {
    const built = inModules(name, 'build', 'Release', product);
    if (await exists(built)) hash.update(await fs.readFile(built));
  }
  hash.update(names.join('\n'));
  const target = path.join(SHELF, `modules-${hash.digest('hex').slice(0, 16)}`);
  await onShelf(target, async (partial) => {
    for (const name of names) await copyReadable(inModules(name), path.join(partial, 'node_modules', name));
    const bin = path.join(partial, 'node_modules', '.bin');
    await fs.cp(inModules('.bin'), bin, { recursive: true, verbatimSymlinks: true });
  });
  return path.join(target, 'node_modules');
}

/** Kilt's own dependencies and the test programs, with everything these depend on. What the page needs is in out/. */
async function packagesToStage() {
  const { packages } = JSON.parse(await fs.readFile(inModules('.package-lock.json'), 'utf8'));
  const { dependencies } = JSON.parse(await fs.readFile(path.join(clone, 'package.json'), 'utf8'));
  const found = new Set();
  const open = [...Object.keys(dependencies), ...TEST_PACKAGES];
  for (let name; (name = open.pop()) !== undefined;) {
    const about = packages[`node_modules/${name}`];
    // Packages below another package's own node_modules are copied with that one.
    if (found.has(name) || !about) continue;
    found.add(name);
    for (const inner of Object.keys(packages).filter((place) =>
      place.startsWith(`node_modules/${name}/node_modules/`),
    ))
      open.push(...dependenciesOf(packages[inner]));
    open.push(...dependenciesOf(about));
  }
  return [...found].sort();
}

const dependenciesOf = (about) =>
  Object.keys({ ...about.dependencies, ...about.optionalDependencies, ...about.peerDependencies });

/** Copies and lets everybody read, whatever the umask of the one who cloned. */
async function copyReadable(from, to) {
  await fs.mkdir(path.dirname(to), { recursive: true, mode: 0o755 });
  await fs.cp(from, to, { recursive: true, mode: fs.constants.COPYFILE_FICLONE });
  await letRead(to);
}

async function letRead(place) {
  const about = await fs.lstat(place);
  if (about.isSymbolicLink()) return;
  const wanted = about.isDirectory() || about.mode & 0o100 ? 0o755 : 0o644;
  if ((about.mode & 0o777) !== wanted) await fs.chmod(place, wanted);
  if (about.isDirectory()) for (const name of await fs.readdir(place)) await letRead(path.join(place, name));
}
