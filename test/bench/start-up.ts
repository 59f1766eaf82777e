import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { freePort } from '#test/support/free-port.ts';
import { compare, takePairs, type Comparison } from './median.ts';
import { secondsToUsableWindow, type WindowProgram } from './window-start.ts';

/**
 * From the start of the process to a picker that can be used, against a bare window of the same Electron. Needs a
 * display; scripts/bench.mjs provides it. Writes one line of JSON.
 */
export interface StartUpResult {
  readonly transport: string;
  /** As on every day but the first: Chromium has its caches, the journal is there. */
  readonly ordinary: Comparison;
  /** With an empty user data folder. */
  readonly first: Comparison;
}

const PAIRS = 7;
const FIRST_PAIRS = 3;
/** Chromium keeps compiled scripts from the second start on, and uses them from the third. */
const WARM_UPS = 3;
/** When this time is over, no other pair is begun. */
const SECONDS = 70;
const { values } = parseArgs({
  options: {
    electron: { type: 'string' },
    transport: { type: 'string', default: 'virtual-reader' },
  },
});
const executable = values.electron;
if (executable === undefined) throw new Error('--electron is missing');

const folder = mkdtempSync(path.join(tmpdir(), 'kilt-bench-'));
const programs = {
  kilt: {
    folder: path.resolve(import.meta.dirname, '../..'),
    // No token is in a reader: the button of that state. It is there as soon as the services have answered.
    usable: '[role=status] button, input[type=password]',
    env: { KILT_TRANSPORT: values.transport, KILT_VIRTUAL_READER_PORT: String(await freePort()) },
  },
  other: { folder: path.join(import.meta.dirname, 'bare-window'), usable: 'button', env: {} },
} satisfies Record<string, WindowProgram>;

const start = (which: keyof typeof programs, userData: string): Promise<number> =>
  secondsToUsableWindow(executable, programs[which], path.join(folder, `${which}-${userData}`));

/** Which of the two comes first changes, so that a machine that slows down favours neither. */
async function pairOf(pair: number, userData: string): Promise<readonly [kilt: number, other: number]> {
  if (pair % 2 === 0) {
    const kilt = await start('kilt', userData);
    return [kilt, await start('other', userData)];
  }
  const other = await start('other', userData);
  return [await start('kilt', userData), other];
}

try {
  const until = performance.now() + SECONDS * 1000;
  const kept = (pair: number) => pairOf(pair, 'kept');
  const first = await takePairs(FIRST_PAIRS, until, (pair) => pairOf(pair, `new-${pair}`));
  await takePairs(WARM_UPS, until, kept);
  const ordinary = await takePairs(PAIRS, until, kept);
  const result: StartUpResult = {
    transport: values.transport,
    ordinary: compare(ordinary),
    first: compare(first),
  };
  console.log(JSON.stringify(result));
} finally {
  rmSync(folder, { recursive: true, force: true });
}
