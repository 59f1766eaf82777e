#!/usr/bin/env node
// `npm start`: builds what has changed and opens Kilt's window. The environment variables of
// src/main/desktop/launch-options.ts choose the token's transport and the bank.
import { spawn } from 'node:child_process';
import fs from 'node:fs/promises';
import path from 'node:path';
import { clone } from './set-up/places.mjs';
import { asUser, stage } from './stage.mjs';
import { npmProgram, show } from './suite/show.mjs';

const SOURCES = ['src', 'native', 'assets', 'package.json', 'package-lock.json', 'electron.vite.config.ts'];

if (process.platform === 'linux' && !process.env['DISPLAY'] && !process.env['WAYLAND_DISPLAY']) {
  process.stderr.write('There is no display here. `npm run demo` shows Kilt without one, as pictures.\n');
  process.exit(1);
}
if (await isStale()) {
  const { code } = await show(npmProgram('electron-vite', 'bin', 'electron-vite.js').concat('build'), {
    title: 'build',
  });
  if (code !== 0) process.exit(1);
}

const place = await stage();
const env = { ...process.env, ...place.env };
if (place.uid !== undefined) await lendDisplay();
const [program, ...args] = [...asUser(place.uid), place.executable, place.folder, ...process.argv.slice(2)];
const kilt = spawn(program, args, { cwd: place.folder, env, stdio: 'inherit' });
for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => kilt.kill(signal));
kilt.on('close', (code, signal) => {
  place.remove().finally(() => process.exit(signal ? 1 : code));
});

/** The window runs as another user than root, who must be let in by the display. */
async function lendDisplay() {
  const cookie = process.env['XAUTHORITY'];
  if (!cookie) return;
  const lent = path.join(place.env.HOME, '.Xauthority');
  await fs.copyFile(cookie, lent);
  await fs.chown(lent, place.uid, place.uid);
  env['XAUTHORITY'] = lent;
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
