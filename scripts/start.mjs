#!/usr/bin/env node
// `npm start`: builds what has changed and opens Kilt's window. The environment variables of
// src/main/desktop/launch-options.ts choose the token's transport and the bank.
import { spawn } from 'node:child_process';
import fs from 'node:fs/promises';
import path from 'node:path';
import { ensureBuilt } from './fresh-build.mjs';
import { asUser, stage } from './stage.mjs';

if (process.platform === 'linux' && !process.env['DISPLAY'] && !process.env['WAYLAND_DISPLAY']) {
  process.stderr.write('There is no display here. `npm run demo` shows Kilt without one, as pictures.\n');
  process.exit(1);
}
await ensureBuilt();

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
