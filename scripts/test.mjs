#!/usr/bin/env node
// `npm test`: everything, from a clone in which nothing has been installed. The last line is `N passed, N failed`.
//
//   node scripts/test.mjs [--only checks,unit,integration,build,e2e]
import { setUp } from './set-up.mjs';

const parts = ['checks', 'unit', 'integration', 'build', 'e2e'];
const asked = process.argv.includes('--only')
  ? process.argv[process.argv.indexOf('--only') + 1]?.split(',')
  : parts;
const unknown = asked?.filter((part) => !parts.includes(part)) ?? ['nothing'];
if (unknown.length > 0) {
  process.stderr.write(`--only takes ${parts.join(', ')}, not ${unknown.join(', ')}\n`);
  process.exit(2);
}

let found;
try {
  found = await setUp();
} catch (error) {
  process.stdout.write(`\nFAILED  set-up\n    ${error.message}\n\n0 passed, 1 failed\n`);
  process.exit(1);
}

// What follows comes out of node_modules.
const { Outcome } = await import('./suite/outcome.mjs');
const { runBuild, runChecks } = await import('./suite/checks.mjs');
const { runIntegration, runUnit } = await import('./suite/vitest.mjs');
const { runEndToEnd } = await import('./suite/end-to-end.mjs');
const run = {
  checks: runChecks,
  unit: runUnit,
  integration: () => runIntegration(found),
  build: runBuild,
  e2e: () => runEndToEnd(found),
};

// What runs is told by the one who started it; nothing else is begun after it.
let endedBy;
for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => (endedBy = signal));

const whole = new Outcome();
for (const part of parts) {
  if (!asked.includes(part)) continue;
  if (endedBy !== undefined) {
    whole.fail(part, `not begun: the run was ended by ${endedBy}`);
    continue;
  }
  try {
    whole.add(await run[part]());
  } catch (error) {
    whole.fail(part, error.stack);
  }
}
whole.print();
process.exit(whole.failures.length === 0 ? 0 : 1);
