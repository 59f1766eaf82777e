import fs from 'node:fs/promises';
import path from 'node:path';
import { clone, inModules, records } from './places.mjs';
import { exclusively } from './exclusive.mjs';
import { npm } from './processes.mjs';
import { exists } from './whole.mjs';

/**
 * Why node_modules is not what package-lock.json asks for, or `undefined` when it is. npm's own record of what it
 * installed is compared package by package; npm writes that record last, so an interrupted install has none.
 */
export async function missingPackages() {
  let installed;
  try {
    installed = JSON.parse(await fs.readFile(inModules('.package-lock.json'), 'utf8')).packages;
  } catch {
    return 'nothing is installed yet';
  }
  const wanted = JSON.parse(await fs.readFile(path.join(clone, 'package-lock.json'), 'utf8')).packages;
  for (const [place, pinned] of Object.entries(wanted)) {
    if (place === '') continue;
    const there = installed[place];
    if (there === undefined) {
      // Packages for other systems are in the lockfile, and rightly not here.
      if (!pinned.optional && !pinned.devOptional) return `${nameOf(place)} is missing`;
    } else if (there.version !== pinned.version || there.integrity !== pinned.integrity)
      return `${nameOf(place)} should be ${pinned.version}`;
  }
  for (const place of Object.keys(installed))
    if (wanted[place] === undefined) return `${nameOf(place)} is not in package-lock.json`;
  // A deleted folder is the damage one meets most; the record alone would not show it.
  for (const name of ['electron', 'better-sqlite3', 'koffi', 'pkcs11js', 'tsx', 'vite'])
    if (!(await exists(inModules(name, 'package.json')))) return `${name} is missing`;
  return undefined;
}

const nameOf = (place) => place.slice(place.lastIndexOf('node_modules/') + 'node_modules/'.length);

/** Brings node_modules to what package-lock.json says. */
export async function ensureNpmPackages(progress) {
  const title = 'npm packages';
  const missing = await missingPackages();
  if (!missing) return progress.inPlace(title, 'as package-lock.json says');
  await exclusively(
    path.join(records, 'npm.lock'),
    () => progress.waits(title),
    async () => {
      const stillMissing = await missingPackages();
      if (!stillMissing) return;
      await progress.step(title, `npm ci, because ${stillMissing}`, async (report) => {
        const count = await packageCount();
        const timer = setInterval(() => void installedSoFar().then((n) => report(`${n} of ${count}`)), 900);
        try {
          await npm(['ci', '--loglevel=error', '--no-progress'], { cwd: clone, seconds: 1200 });
        } finally {
          clearInterval(timer);
        }
      });
    },
  );
}

async function packageCount() {
  const { packages } = JSON.parse(await fs.readFile(path.join(clone, 'package-lock.json'), 'utf8'));
  const here = (list, value) => list === undefined || list.includes(value);
  return Object.entries(packages).filter(
    ([place, { os, cpu }]) =>
      /^node_modules\/(@[^/]+\/)?[^/]+$/.test(place) && here(os, process.platform) && here(cpu, process.arch),
  ).length;
}

/** npm makes all folders first and fills them as the packages arrive. */
async function installedSoFar() {
  let count = 0;
  for (const name of await fs.readdir(inModules()).catch(() => [])) {
    const inside = name.startsWith('@') ? await fs.readdir(inModules(name)).catch(() => []) : [''];
    for (const part of inside) if (await exists(inModules(name, part, 'package.json'))) count += 1;
  }
  return count;
}
