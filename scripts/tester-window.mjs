#!/usr/bin/env node
// Opens the tester's page, whose address is in KILT_TESTER_PAGE, in an Electron window. Ends when it is closed.
import { spawn } from 'node:child_process';
import path from 'node:path';
import { lend } from './lend.mjs';
import { setUp } from './set-up.mjs';
import { asUser, stage } from './stage.mjs';

try {
  if (process.platform === 'linux' && !process.env['DISPLAY'] && !process.env['WAYLAND_DISPLAY'])
    throw new Error('there is no display here');
  // The token itself does without Electron, so it may not be here yet.
  await setUp({ quiet: true });
  const place = await stage();
  const folder = path.join(place.folder, 'test', 'virtual-token', 'page', 'window');
  const [program, ...args] = [...asUser(place.uid), place.executable, folder];
  const window = spawn(program, args, {
    env: { ...process.env, ...place.env, ...(await lend(place)) },
    stdio: 'inherit',
  });
  for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => window.kill(signal));
  window.on('close', (code, signal) => {
    place.remove().finally(() => process.exit(signal ? 1 : code));
  });
} catch (error) {
  process.stderr.write(`${error.message}\n`);
  process.exit(1);
}
