#!/usr/bin/env node
// Installs what is missing to build, run and test Kilt from this clone; everything it finds in place it leaves alone.
//
//   node scripts/set-up.mjs [--quiet] [--for all|node] [--retry-electron] [-- command …]
//
//   --quiet           say nothing unless something has to be done
//   --for node        what programs outside Electron need (the command line, the virtual token, the demo bank)
//   --retry-electron  try the pinned Electron again where another one is in use
//   -- command        run this afterwards, with node_modules/.bin in its PATH
//
// It uses nothing but Node's own modules until `npm ci` has run, speaks on stderr, and may be interrupted at any time.
import { spawn } from 'node:child_process';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { ensureDebianPackages } from './set-up/debian-packages.mjs';
import { ensureElectron } from './set-up/electron.mjs';
import { ensureNode } from './set-up/node-version.mjs';
import { ensureNpmPackages } from './set-up/npm-packages.mjs';
import { ensurePkcs11 } from './set-up/pkcs11.mjs';
import { inModules } from './set-up/places.mjs';
import { Progress } from './set-up/progress.mjs';
import { ensureNativeModules } from './set-up/sqlite.mjs';
import { availableTransport } from './set-up/transport.mjs';

/**
 * Does the whole set-up.
 *
 * @returns `{ electron, transport, reason }`: what a run afterwards will use; `electron` only where it was asked for
 * @throws Error with a sentence that says what to do
 */
export async function setUp({ quiet = false, scope = 'all', retryElectron = false } = {}) {
  const started = Date.now();
  const progress = new Progress({ quiet });
  await ensureNode(progress);
  if (scope === 'all') await ensureDebianPackages(progress);
  await ensureNpmPackages(progress);
  const electron = scope === 'all' ? await ensureElectron(progress, { again: retryElectron }) : undefined;
  await ensureNativeModules(progress, { electron: scope === 'all' });
  await ensurePkcs11(progress, { electron: scope === 'all', again: !quiet });
  const { transport, reason } = await availableTransport();
  if (!quiet || progress.didSomething) {
    const parts = [
      electron && `Electron ${electron.version}`,
      `Node ${process.versions.node}`,
      transport === 'pcsc' ? 'token through PC/SC' : `token through the virtual reader (${reason})`,
    ];
    const seconds = ((Date.now() - started) / 1000).toFixed(1);
    progress.say(`  Set up in ${seconds} s: ${parts.filter(Boolean).join(', ')}.`);
  }
  return { electron, transport, reason };
}

/** Runs a command in place of this one: same streams, same exit code, npm's programs in its PATH. */
export function runInstead(command, args) {
  const bin = inModules('.bin');
  const name = process.platform === 'win32' ? 'Path' : 'PATH';
  const env = { ...process.env, [name]: `${bin}${path.delimiter}${process.env[name] ?? ''}` };
  const child = spawn(command === 'node' ? process.execPath : command, args, {
    stdio: 'inherit',
    env,
    // npm's programs are .cmd files on Windows.
    shell: process.platform === 'win32' && command !== 'node',
  });
  // Ctrl+C reaches the whole process group; it is the command's to answer.
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'])
    process.on(signal, () => {
      if (signal !== 'SIGINT') child.kill(signal);
    });
  child.on('error', (error) => {
    process.stderr.write(`${command}: ${error.message}\n`);
    process.exit(1);
  });
  child.on('close', (code, signal) => process.exit(signal ? 1 : code));
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) {
  const args = process.argv.slice(2);
  const end = args.indexOf('--');
  const ours = end < 0 ? args : args.slice(0, end);
  const scope = ours[ours.indexOf('--for') + 1];
  try {
    await setUp({
      quiet: ours.includes('--quiet'),
      scope: ours.includes('--for') ? scope : 'all',
      retryElectron: ours.includes('--retry-electron'),
    });
  } catch (error) {
    process.stderr.write(`\nSet-up stopped: ${error.message}\nStarting it again goes on from here.\n`);
    process.exit(1);
  }
  if (end >= 0) runInstead(args[end + 1], args.slice(end + 2));
}
