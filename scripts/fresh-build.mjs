import fs from 'node:fs/promises';
import path from 'node:path';
import { clone } from './set-up/places.mjs';
import { npmProgram, show } from './suite/show.mjs';

const SOURCES = [
  'src',
  'native',
  'assets',
  'extension',
  'packages',
  'package.json',
  'package-lock.json',
  'electron.vite.config.ts',
];

/**
 * Builds Kilt if anything it is made of has changed since the last build.
 *
 * @throws Error with the builder's last lines
 */
export async function ensureBuilt({ silent = false } = {}) {
  if (!(await isStale())) return;
  const { code, output } = await show(
    npmProgram('electron-vite', 'bin', 'electron-vite.js').concat('build'),
    {
      title: 'build',
      silent,
    },
  );
  if (code !== 0)
    throw new Error(`Kilt could not be built\n${output.trimEnd().split('\n').slice(-20).join('\n')}`);
}

async function isStale() {
  const built = await fs.stat(path.join(clone, 'out', 'renderer', 'index.html')).catch(() => undefined);
  if (!built) return true;
  for (const source of SOURCES) if ((await newest(path.join(clone, source))) > built.mtimeMs) return true;
  return false;
}

async function newest(file) {
  const about = await fs.stat(file).catch(() => undefined);
  if (!about?.isDirectory()) return about?.mtimeMs ?? 0;
  const inside = await Promise.all((await fs.readdir(file)).map((name) => newest(path.join(file, name))));
  return Math.max(about.mtimeMs, ...inside);
}
