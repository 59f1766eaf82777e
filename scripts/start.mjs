#!/usr/bin/env node
// `npm start`: builds what has changed and opens Kilt's window. The environment variables of
// src/main/desktop/launch-options.ts choose the token's transport and the bank.
import { spawn } from 'node:child_process';
import { ensureBuilt } from './fresh-build.mjs';
import { lend } from './lend.mjs';
import { asUser, stage } from './stage.mjs';

if (process.platform === 'linux' && !process.env['DISPLAY'] && !process.env['WAYLAND_DISPLAY']) {
  process.stderr.write('There is no display here. `npm run demo` shows Kilt without one, as pictures.\n');
  process.exit(1);
}
await ensureBuilt();

const place = await stage();
const env = { ...process.env, ...place.env, ...(await lend(place)) };
const [program, ...args] = [...asUser(place.uid), place.executable, place.folder, ...process.argv.slice(2)];
const kilt = spawn(program, args, { cwd: place.folder, env, stdio: 'inherit' });
for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => kilt.kill(signal));
kilt.on('close', (code, signal) => {
  place.remove().finally(() => process.exit(signal ? 1 : code));
});
