import { Outcome } from './outcome.mjs';
import { heading, npmProgram, show } from './show.mjs';

/** What is asked of the source without running it. Each counts as one test. */
const checks = [
  {
    title: 'lint',
    command: npmProgram('eslint', 'bin', 'eslint.js').concat(
      '--max-warnings=0',
      '--cache',
      '--cache-location',
      '.cache/eslint/',
      '.',
    ),
  },
  {
    title: 'format',
    command: npmProgram('prettier', 'bin', 'prettier.cjs').concat('--check', '--log-level=warn', '.'),
  },
  { title: 'types', command: npmProgram('typescript', 'bin', 'tsc').concat('--noEmit', '-p', '.') },
];

/** ESLint, Prettier and the compiler over the whole source. */
export async function runChecks() {
  const outcome = new Outcome();
  for (const check of checks) outcome.add(await asOneTest(check.title, check.command));
  return outcome;
}

/** The production build. */
export function runBuild() {
  return asOneTest('build', npmProgram('electron-vite', 'bin', 'electron-vite.js').concat('build'));
}

async function asOneTest(title, command) {
  heading(title);
  const outcome = new Outcome();
  const { code, output, seconds } = await show(command, { title });
  if (code === 0) {
    outcome.pass();
    process.stdout.write(`   ok, ${seconds} s\n`);
  } else outcome.fail(title, output || `ended with ${code}`);
  return outcome;
}
