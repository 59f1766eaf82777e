import { Outcome } from './outcome.mjs';
import { heading, npmProgram, show } from './show.mjs';

/** What is asked of the source without running it. Each counts as one test. */
const checks = [
  {
    title: 'lint',
    command: npmProgram('eslint', 'bin', 'eslint.js').concat('--max-warnings=0', '.'),
  },
  {
    title: 'format',
    command: npmProgram('prettier', 'bin', 'prettier.cjs').concat('--check', '--log-level=warn', '.'),
  },
  {
    title: 'error catalogue',
    command: [process.execPath, '--import', 'tsx', 'scripts/errors-page.mjs', '--check'],
  },
  { title: 'types', command: npmProgram('typescript', 'bin', 'tsc').concat('--noEmit', '-p', '.') },
];

const bankSite = [process.execPath, '--import', 'tsx', 'test/bank/site/build-site.ts'];
const testersPage = [process.execPath, '--import', 'tsx', 'test/virtual-token/page/server/build-page.ts'];

/** ESLint, Prettier and the compiler over the whole source, and whether docs/errors.md is up to date, at the same time. */
export async function runChecks() {
  heading(checks.map(({ title }) => title).join(', '));
  const whole = new Outcome();
  const outcomes = await Promise.all(
    checks.map(({ title, command }) => asOneTest(title, command, { silent: true })),
  );
  for (const outcome of outcomes) whole.add(outcome);
  return whole;
}

/** The production build, and the pages of the virtual token and of the demo bank, which end-to-end tests run where nothing can be built. */
export async function runBuild() {
  heading('build');
  const whole = await asOneTest(
    'build',
    npmProgram('electron-vite', 'bin', 'electron-vite.js').concat('build'),
  );
  whole.add(await asOneTest('tester’s page', testersPage));
  whole.add(await asOneTest('demo bank’s site', bankSite));
  return whole;
}

async function asOneTest(title, command, { silent = false } = {}) {
  const outcome = new Outcome();
  const { code, output, seconds } = await show(command, { title, silent });
  process.stdout.write(`   ${title}: ${code === 0 ? 'ok' : 'failed'}, ${seconds} s\n`);
  if (code === 0) outcome.pass();
  else outcome.fail(title, output || `ended with ${code}`);
  return outcome;
}
