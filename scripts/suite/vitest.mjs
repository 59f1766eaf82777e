import fs from 'node:fs/promises';
import path from 'node:path';
import { clone } from '../set-up/places.mjs';
import { Outcome } from './outcome.mjs';
import { heading, npmProgram, show } from './show.mjs';

/** Exit code by which scripts/in-pcsc-world.mjs says that this machine can not have one. */
const IMPOSSIBLE = 77;

/** The tests that need nothing but Node. */
export function runUnit() {
  return runProject('unit', { wrap: [], env: {} });
}

/**
 * The tests against OpenSC, OpenSSL and a real PC/SC service: in a PC/SC world of their own where there can be one.
 *
 * @param options.transport what set-up found, with `reason` for `virtual-reader`
 */
export async function runIntegration({ transport, reason }) {
  if (process.platform !== 'linux') {
    const outcome = new Outcome();
    outcome.leaveOut('integration tests', 'they are held against programs of Debian');
    return outcome;
  }
  if (transport === 'pcsc') {
    const wrap = [process.execPath, path.join(clone, 'scripts', 'in-pcsc-world.mjs'), '--'];
    const outcome = await runProject('integration', { wrap, env: { KILT_PCSC: 'private' } });
    if (outcome !== undefined) return outcome;
    reason = 'scripts/in-pcsc-world.mjs says that there can be none here (above)';
  }
  const outcome = await runProject('integration', { wrap: [], env: { KILT_PCSC: 'none' } });
  outcome.leaveOut('tests with PC/SC (*.pcsc.test.ts)', reason);
  return outcome;
}

async function runProject(project, { wrap, env }) {
  heading(project);
  const report = path.join(clone, 'test-results', `${project}.json`);
  await fs.rm(report, { force: true });
  const vitest = npmProgram('vitest', 'vitest.mjs');
  const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${report}`];
  const { code, output } = await show([...wrap, ...vitest, 'run', '--project', project, ...reporters], {
    title: project,
    env,
  });
  if (wrap.length > 0 && code === IMPOSSIBLE) return undefined;
  return outcomeOf(project, code, output, await fs.readFile(report, 'utf8').catch(() => undefined));
}

/** Reads vitest's JSON report. Files that could not be loaded and errors outside of tests count as failures too. */
export function outcomeOf(project, code, output, report) {
  const outcome = new Outcome();
  if (report === undefined) {
    outcome.fail(project, lastLines(output) || `ended with ${code} and left no report`);
    return outcome;
  }
  for (const file of JSON.parse(report).testResults) {
    const name = path.relative(clone, file.name);
    for (const test of file.assertionResults) {
      const title = `${name} › ${[...test.ancestorTitles, test.title].join(' › ')}`;
      if (test.status === 'passed') outcome.pass();
      else if (test.status === 'failed') outcome.fail(title, test.failureMessages.join('\n'));
      else outcome.leaveOut(title, test.status);
    }
    if (file.status === 'failed' && !file.assertionResults.some((test) => test.status === 'failed'))
      outcome.fail(name, file.message || 'the file could not be run');
  }
  if (code !== 0 && outcome.failures.length === 0)
    outcome.fail(`${project} (outside of tests)`, lastLines(output));
  return outcome;
}

const lastLines = (text) => text.trimEnd().split('\n').slice(-30).join('\n');
