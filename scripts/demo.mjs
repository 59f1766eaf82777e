#!/usr/bin/env node
// `npm run demo`: the main job in a real window, with the virtual token and the demo bank. Without a display the same
// journey runs under Xvfb. What it leaves lies in .demo/; the last line is the result as JSON.
//
//   npm run demo -- [--transport pcsc|virtual-reader] [--language ru|kk|en]
import { spawn } from 'node:child_process';
import fs from 'node:fs/promises';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { ensureBuilt } from './fresh-build.mjs';
import { clone } from './set-up/places.mjs';
import { availableTransport } from './set-up/transport.mjs';
import { asUser, stage } from './stage.mjs';

const { values } = parseArgs({
  options: { transport: { type: 'string' }, language: { type: 'string', default: 'ru' } },
});
const offered = await availableTransport();
const transport = values.transport ?? offered.transport;
if (transport === 'pcsc' && offered.transport !== 'pcsc') {
  process.stderr.write(`--transport pcsc is not to be had: ${offered.reason}\n`);
  process.exit(1);
}

process.stderr.write('Kilt is built if it has changed…\n');
await ensureBuilt({ silent: true });
const place = await stage();
const folder = path.join(clone, '.demo');
// Where an unprivileged user runs the window, the results are made in a folder of that user's and brought here.
const work = place.uid === undefined ? folder : path.join(place.results, 'demo');
await fs.rm(folder, { recursive: true, force: true });

const hasDisplay =
  Boolean(process.env.DISPLAY || process.env.WAYLAND_DISPLAY) || process.platform !== 'linux';
const program = [
  ...[process.execPath, '--import', 'tsx', path.join(place.folder, 'test', 'demo', 'main.ts')],
  ...['--folder', work, '--transport', transport, '--language', values.language],
  ...(hasDisplay && place.uid === undefined ? ['--hold'] : []),
];
const screen = hasDisplay && place.uid === undefined ? [] : ['xvfb-run', '-a', '-s', '-screen 0 1280x900x24'];
const world =
  transport === 'pcsc'
    ? [
        process.execPath,
        path.join(clone, 'scripts', 'in-pcsc-world.mjs'),
        ...(place.uid === undefined ? [] : ['--as-uid', String(place.uid)]),
        '--',
      ]
    : asUser(place.uid);
const [command, ...args] = [...world, ...screen, ...program];
const child = spawn(command, args, {
  cwd: place.folder,
  env: { ...process.env, ...place.env, KILT_ELECTRON: place.executable, KILT_TEST_RESULTS: work },
  stdio: ['ignore', 'pipe', 'inherit'],
});
let output = '';
child.stdout.setEncoding('utf8').on('data', (text) => (output += text));
for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => child.kill(signal));
child.on('close', (code) => void finish(code ?? 1));

async function finish(code) {
  if (work !== folder) await fs.cp(work, folder, { recursive: true }).catch(() => undefined);
  await place.remove();
  // Paths of the copy are of no use to anybody once it is gone.
  const last = output.trimEnd().replaceAll(work, folder);
  if (code === 0) {
    await fs.writeFile(path.join(folder, 'result.json'), `${last}\n`);
    process.stderr.write(`Screenshots, the token's memory and the bank's data are in ${folder}\n`);
  } else process.stderr.write(`The demonstration stopped with code ${code}.\n`);
  if (last) process.stdout.write(`${last}\n`);
  process.exit(code);
}
