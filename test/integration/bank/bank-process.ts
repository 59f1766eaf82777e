import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { promisify } from 'node:util';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';

const main = fileURLToPath(new URL('../../bank/main.ts', import.meta.url));
const program = ['--import', 'tsx', main];

const ready = z.object({ ready: z.literal(true), urls: z.object({ http: z.string(), https: z.string() }) });

/** The bank as a program of its own. */
export interface BankProcess {
  readonly urls: z.infer<typeof ready>['urls'];
  readonly child: ChildProcess;
  /** `kill -9`, and waits until it is gone. */
  kill(): Promise<void>;
}

export async function startBankProcess(dataDir: string, ...options: string[]): Promise<BankProcess> {
  const child = spawn(process.execPath, [...program, 'start', '--data', dataDir, '--json', ...options], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const lines = createInterface({ input: child.stdout });
  // The line comes when the bank is open; if it ends before, so does its output.
  const line = await Promise.race([
    once(lines, 'line').then(([first]) => String(first)),
    once(child, 'exit').then(() => {
      throw new Error('the bank ended before it was ready');
    }),
  ]);
  const { urls } = ready.parse(JSON.parse(line));
  return {
    urls,
    child,
    kill: async () => {
      if (child.exitCode !== null || child.signalCode !== null) return;
      const gone = once(child, 'exit');
      child.kill('SIGKILL');
      await gone;
    },
  };
}

const run = promisify(execFile);

/** `npm run bank -- <command> --json`, and the JSON it prints. */
export async function bankCommand(...args: string[]): Promise<Record<string, unknown>> {
  const { stdout } = await run(process.execPath, [...program, ...args, '--json']);
  return z.record(z.string(), z.unknown()).parse(JSON.parse(stdout));
}
