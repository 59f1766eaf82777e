import fs from 'node:fs/promises';
import path from 'node:path';
import { makeContactSheets } from '../contact-sheet.mjs';
import { clone } from '../set-up/places.mjs';
import { tryRun } from '../set-up/processes.mjs';
import { exists } from '../set-up/whole.mjs';
import { asUser, stage } from '../stage.mjs';
import { Outcome } from './outcome.mjs';
import { heading, show } from './show.mjs';

const IMPOSSIBLE = 77;
const SCREEN = '-screen 0 1600x1200x24';

/**
 * The tests that drive the built program in real Electron with Playwright: in a private PC/SC world where there can be
 * one, without a display, and never as root, so that Chromium's sandbox is on.
 */
export async function runEndToEnd({ transport, reason }) {
  heading('e2e');
  const own = path.join(clone, 'test-results');
  await fs.rm(path.join(own, 'e2e'), { recursive: true, force: true });
  await fs.rm(path.join(own, 'e2e.json'), { force: true });
  await fs.rm(path.join(own, 'screenshots'), { recursive: true, force: true });
  const place = await stage();
  try {
    process.stdout.write(
      `   Electron ${place.version}, sandbox on, as uid ${place.uid ?? process.getuid?.() ?? 'of this user'}, in ${place.folder}\n`,
    );
    const screen = (await hasXvfb()) ? ['xvfb-run', '-a', '-s', SCREEN] : [];
    const run = (world, pcsc) =>
      show([...world, ...screen, ...playwright(place)], {
        title: 'e2e',
        cwd: place.folder,
        env: {
          ...place.env,
          KILT_ELECTRON: place.executable,
          KILT_TEST_RESULTS: place.results,
          KILT_PCSC: pcsc,
        },
      });
    let ended;
    if (transport === 'pcsc') {
      const world = path.join(clone, 'scripts', 'in-pcsc-world.mjs');
      const uid = place.uid === undefined ? [] : ['--as-uid', String(place.uid)];
      ended = await run([process.execPath, world, ...uid, '--'], 'private');
    }
    if (ended === undefined || ended.code === IMPOSSIBLE) ended = await run(asUser(place.uid), 'none');
    if (place.results !== own && (await exists(place.results)))
      await fs.cp(place.results, own, { recursive: true });
    const outcome = await outcomeOf(ended, path.join(own, 'e2e.json'));
    if (transport !== 'pcsc') outcome.leaveOut('window with PC/SC', reason);
    const sheets = await makeContactSheets(path.join(own, 'screenshots'), own);
    if (sheets) process.stdout.write(`   ${sheets.count} screenshots on ${sheets.files.join(', ')}\n`);
    return outcome;
  } finally {
    await place.remove();
  }
}

const hasXvfb = async () =>
  process.platform === 'linux' && (await tryRun('which', ['xvfb-run'])) !== undefined;

const playwright = ({ folder }) => [
  process.execPath,
  path.join(folder, 'node_modules', '@playwright', 'test', 'cli.js'),
  'test',
];

/** Reads Playwright's JSON report. A test that passed only at its second try has failed. */
async function outcomeOf({ code, output }, file) {
  const outcome = new Outcome();
  const report = await fs.readFile(file, 'utf8').catch(() => undefined);
  if (report === undefined) {
    outcome.fail('e2e', output.trimEnd().split('\n').slice(-30).join('\n') || `ended with ${code}`);
    return outcome;
  }
  const { suites, errors } = JSON.parse(report);
  for (const error of errors) outcome.fail('e2e (outside of tests)', error.message ?? JSON.stringify(error));
  for (const suite of suites) takeSuite(suite, []);
  if (code !== 0 && outcome.failures.length === 0) outcome.fail('e2e', `ended with ${code}`);
  return outcome;

  function takeSuite(suite, above) {
    const titles = [...above, suite.title];
    for (const inner of suite.suites ?? []) takeSuite(inner, titles);
    for (const spec of suite.specs)
      for (const test of spec.tests) {
        const title = [...titles, spec.title].join(' › ');
        if (test.status === 'expected') outcome.pass();
        else if (test.status === 'skipped') outcome.leaveOut(title, reasonOf(test));
        else outcome.fail(title, errorsOf(test));
      }
  }
}

const reasonOf = (test) => test.annotations?.find(({ type }) => type === 'skip')?.description ?? 'skipped';

const errorsOf = (test) =>
  test.results.flatMap((result) => result.errors.map((error) => error.message ?? '')).join('\n') ||
  test.status;
