import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync } from 'node:fs';
import path from 'node:path';

export interface WindowProgram {
  /** Folder of the application. */
  readonly folder: string;
  /** CSS selector of what must be visible and enabled. */
  readonly usable: string;
  readonly env: Readonly<Record<string, string>>;
}

const PATIENCE_MS = 60_000;
const MARK = 'window is usable';
const witness = path.join(import.meta.dirname, 'witness.cjs');

/**
 * Starts an application in Electron, waits until its window can be used, and quits it.
 *
 * @returns seconds from the start of the process to the second frame after the selected element could be used
 * @throws Error with what the program wrote, when its window did not become usable
 */
export async function secondsToUsableWindow(
  executable: string,
  program: WindowProgram,
  userData: string,
): Promise<number> {
  mkdirSync(userData, { recursive: true });
  const started = performance.now();
  const child = spawn(executable, [program.folder, `--user-data-dir=${userData}`, ...switches], {
    cwd: program.folder,
    env: {
      ...inherited(),
      ...program.env,
      KILT_USER_DATA: userData,
      KILT_BENCH_WITNESS: JSON.stringify({ selector: program.usable, mark: MARK }),
      NODE_OPTIONS: `--require ${JSON.stringify(witness)}`,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const closed = once(child, 'close');
  const tooLong = setTimeout(() => child.kill('SIGKILL'), PATIENCE_MS);
  let usableAt: number | undefined;
  let written = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    written += text;
    if (usableAt === undefined && written.includes(MARK)) usableAt = performance.now();
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => (written += text));
  await closed;
  clearTimeout(tooLong);
  if (usableAt === undefined)
    throw new Error(`the window of ${program.folder} did not become usable\n${written.slice(-3000)}`);
  return (usableAt - started) / 1000;
}

/** The same for both programs; as in the tests that drive the window. */
const switches = ['--disable-gpu', '--lang=ru'];

function inherited(): Record<string, string> {
  const entries = Object.entries(process.env).filter(
    (entry): entry is [string, string] => entry[1] !== undefined && !entry[0].startsWith('ELECTRON_'),
  );
  return Object.fromEntries(entries);
}
