import { closeSync, openSync, readFileSync, rmSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { BankError } from '../bank-error.ts';

const holder = z.object({ pid: z.number().int().positive(), started: z.string() });
type Holder = z.infer<typeof holder>;

/**
 * When a process began, in the kernel's ticks: tells it from a later one with the same number. Empty where the system
 * does not say (Windows, macOS) and where there is no such process.
 */
function startOf(pid: number): string {
  try {
    // proc(5): the second field is in parentheses and may hold spaces; starttime is field 22.
    const stat = readFileSync(`/proc/${String(pid)}/stat`, 'utf8');
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? '';
  } catch {
    return '';
  }
}

function isAlive({ pid, started }: Holder): boolean {
  try {
    process.kill(pid, 0);
  } catch (error) {
    // EPERM: it lives, but belongs to somebody else.
    if (!(error instanceof Error && 'code' in error && error.code === 'EPERM')) return false;
  }
  return startOf(pid) === started;
}

function readHolder(path: string): Holder | undefined {
  try {
    return holder.parse(JSON.parse(readFileSync(path, 'utf8')));
  } catch {
    // Gone, or its writer was killed before it had written: nobody can be behind it for longer than an instant.
    return undefined;
  }
}

/**
 * Only one process may write to a data folder. The lock of a killed process is taken over.
 *
 * @returns what gives the lock back
 * @throws BankError when another process holds the folder
 */
export function lockFolder(folder: string): () => void {
  const path = join(folder, 'lock');
  for (let attempt = 0; attempt < 3; attempt++) {
    try {
      const handle = openSync(path, 'wx', 0o600);
      writeSync(handle, JSON.stringify({ pid: process.pid, started: startOf(process.pid) }));
      closeSync(handle);
      return () => {
        rmSync(path, { force: true });
      };
    } catch (error) {
      if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error;
    }
    const current = readHolder(path);
    if (current && isAlive(current)) {
      throw new BankError(`${folder} is in use by process ${String(current.pid)}`);
    }
    rmSync(path, { force: true });
  }
  throw new BankError(`${folder} is in use`);
}
