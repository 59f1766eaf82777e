import { spawn } from 'node:child_process';
import { once } from 'node:events';

/** All secrets of `register`, a line each: present password, registration PIN, new password. */
export const fromStandardInput = [
  ...['--pin-fd', '0'],
  ...['--registration-pin-fd', '0'],
  ...['--new-pin-fd', '0'],
] as const;

export interface KiltRun {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
  /** Standard output as the one JSON value that it must be. */
  json(): unknown;
}

/**
 * The command line as a program of its own, without a terminal.
 *
 * @param options.lines what it finds on its standard input
 */
export async function runKilt(
  args: readonly string[],
  options: { readonly environment: NodeJS.ProcessEnv; readonly lines?: readonly string[] },
): Promise<KiltRun> {
  const program = spawn(process.execPath, ['--import', 'tsx', 'src/cli/main.ts', ...args], {
    env: { ...process.env, ...options.environment },
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  let [stdout, stderr] = ['', ''];
  program.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text));
  program.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
  // A command that is refused at once has not read them.
  program.stdin.on('error', () => undefined);
  program.stdin.end((options.lines ?? []).map((line) => `${line}\n`).join(''));
  const [code, signal] = (await once(program, 'close')) as [number | null, NodeJS.Signals | null];
  return {
    code,
    signal,
    stdout,
    stderr,
    json() {
      if (!/^[^\n]+\n$/.test(stdout)) throw new Error(`not one line of JSON: ${stdout}${stderr}`);
      return JSON.parse(stdout) as unknown;
    },
  };
}
