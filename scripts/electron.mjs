#!/usr/bin/env node
// The Electron that this clone runs with. As a program:
//   node scripts/electron.mjs --path | --version | --json
//   node scripts/electron.mjs <arguments for Electron>
import { spawn } from 'node:child_process';
import fs from 'node:fs/promises';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { records } from './set-up/places.mjs';
import { run } from './set-up/processes.mjs';
import { readRecord } from './set-up/whole.mjs';

/** Where set-up writes down which Electron it chose. */
export const record = path.join(records, 'electron.json');

/** The program inside an Electron distribution. */
export function executableIn(dist) {
  if (process.platform === 'darwin') return path.join(dist, 'Electron.app', 'Contents', 'MacOS', 'Electron');
  return path.join(dist, process.platform === 'win32' ? 'electron.exe' : 'electron');
}

/** Versions of an Electron's parts, asked from the program itself; it opens no window for that. */
export async function versionsOf(executable) {
  const env = { ...process.env, ELECTRON_RUN_AS_NODE: '1' };
  delete env['NODE_OPTIONS'];
  const { stdout } = await run(executable, ['-p', 'JSON.stringify(process.versions)'], { env, seconds: 60 });
  return JSON.parse(stdout);
}

/**
 * What set-up chose: `{ version, napi, node, dist, executable, source }`; `undefined` where it has not run or what it
 * chose is gone. ELECTRON_OVERRIDE_DIST_PATH wins over it, as it does for Electron's own starter.
 */
export async function chosenElectron() {
  const override = process.env['ELECTRON_OVERRIDE_DIST_PATH'];
  if (override) {
    const dist = path.resolve(override);
    const executable = executableIn(dist);
    try {
      const versions = await versionsOf(executable);
      const source = 'named by ELECTRON_OVERRIDE_DIST_PATH';
      return {
        version: versions.electron,
        napi: Number(versions.napi),
        node: versions.node,
        dist,
        executable,
        source,
      };
    } catch {
      return undefined;
    }
  }
  const chosen = await readRecord(record);
  try {
    await fs.access(chosen.executable);
    return chosen;
  } catch {
    return undefined;
  }
}

/** The same, for callers that can not go on without. */
export async function electron() {
  const chosen = await chosenElectron();
  if (!chosen) throw new Error('No Electron here yet: `npm run set-up` gets one.');
  return chosen;
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) {
  const [first] = process.argv.slice(2);
  const chosen = await electron();
  if (first === '--path') process.stdout.write(`${chosen.executable}\n`);
  else if (first === '--version') process.stdout.write(`${chosen.version}\n`);
  else if (first === '--json') process.stdout.write(`${JSON.stringify(chosen, null, 2)}\n`);
  else {
    const child = spawn(chosen.executable, process.argv.slice(2), { stdio: 'inherit' });
    for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => child.kill(signal));
    child.on('close', (code, signal) => process.exit(signal ? 1 : code));
  }
}
