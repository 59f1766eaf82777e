#!/usr/bin/env node
// `npm run test:opensc`: OpenSC’s own programs against the virtual token, through a pcscd of their own, with both
// answers to reset; then Kilt and OpenSC on the same token. The same checks run inside `npm test`. Ends with a table
// and, as its last line, `N passed, N failed`.
//
//   npm run test:opensc -- [--commands] [name …]
//
//   --commands  show every command in full, to be tried by hand
//   name        only the files of checks with this in their path, such as pins or with-kilt
import fs from 'node:fs/promises';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { ensureDebianPackages, peers } from './set-up/debian-packages.mjs';
import { clone } from './set-up/places.mjs';
import { Progress } from './set-up/progress.mjs';
import { setUp } from './set-up.mjs';

const checks = ['opensc', 'with-kilt'].map((folder) =>
  path.join('test', 'integration', 'virtual-token', folder),
);
const report = path.join(clone, 'test-results', 'opensc.json');

const { values, positionals } = parseArgs({
  options: { commands: { type: 'boolean', default: false } },
  allowPositionals: true,
});

const found = await prepared();
// What follows comes out of node_modules.
const { Outcome } = await import('./suite/outcome.mjs');
const { heading, npmProgram, show } = await import('./suite/show.mjs');
const { outcomeOf } = await import('./suite/vitest.mjs');
const { openscTable } = await import('./suite/opensc-table.mjs');

const outcome =
  found.transport === 'pcsc' ? await runChecks() : nothing(`no PC/SC service of its own: ${found.reason}`);
outcome.print();
process.exit(outcome.failures.length === 0 ? 0 : 1);

/** Neither Electron nor a display is needed here. */
async function prepared() {
  try {
    await ensureDebianPackages(new Progress({ quiet: true }), peers);
    return await setUp({ scope: 'node' });
  } catch (error) {
    process.stdout.write(`\nFAILED  set-up\n    ${error.message}\n\n0 passed, 1 failed\n`);
    process.exit(1);
  }
}

async function runChecks() {
  heading('OpenSC and the virtual token');
  await fs.rm(report, { force: true });
  const world = [process.execPath, path.join(clone, 'scripts', 'in-pcsc-world.mjs'), '--'];
  const vitest = [...npmProgram('vitest', 'vitest.mjs'), 'run', '--project', 'integration'];
  const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${report}`];
  const files = await filesOfChecks();
  if (files.length === 0) return nothing(`no file of checks is called ${positionals.join(' or ')}`);
  const { code, output } = await show([...world, ...vitest, ...reporters, ...files], { title: 'OpenSC' });
  const text = await fs.readFile(report, 'utf8').catch(() => undefined);
  if (text !== undefined) {
    heading('What OpenSC said');
    process.stdout.write(`${openscTable(text, { whole: values.commands }).join('\n')}\n`);
  }
  return outcomeOf('integration', code, output, text);
}

async function filesOfChecks() {
  if (positionals.length === 0) return checks;
  const all = [];
  for (const folder of checks)
    for (const name of await fs.readdir(path.join(clone, folder))) all.push(path.join(folder, name));
  return all.filter((file) => file.endsWith('.test.ts') && positionals.some((name) => file.includes(name)));
}

function nothing(reason) {
  const outcome = new Outcome();
  outcome.fail('nothing was checked', reason);
  return outcome;
}
