#!/usr/bin/env node
// `npm run test:fuzz`: the parsers against damaged input, as in the suite but with many more cases; for a night.
//
//   npm run test:fuzz -- [--cases 50000] [file …]
import { spawnSync } from 'node:child_process';
import { parseArgs } from 'node:util';
import { npmProgram } from './suite/show.mjs';

const { values, positionals } = parseArgs({
  options: { cases: { type: 'string', default: '50000' } },
  allowPositionals: true,
});
const files =
  positionals.length > 0
    ? positionals
    : ['test/unit/fuzz', 'test/unit/signing/hostile-files.security.test.ts'];
const [program, ...vitest] = npmProgram('vitest', 'vitest.mjs');
const { status } = spawnSync(program, [...vitest, 'run', '--project', 'unit', ...files], {
  stdio: 'inherit',
  env: { ...process.env, KILT_FUZZ_CASES: values.cases },
});
process.exit(status ?? 1);
