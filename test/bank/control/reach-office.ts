import { existsSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import { openAuthority } from '../authority/authority.ts';
import { BankError } from '../bank-error.ts';
import { Office, type OfficeCommand } from '../office.ts';
import { BankRecords } from '../records/bank-records.ts';
import { lockFolder } from '../records/folder-lock.ts';
import { askRunningBank } from './control-channel.ts';

/** How long a command waits for a bank that is just starting, or for another command. */
const patienceMs = 20_000;

/**
 * Asks the running bank; where none runs, opens the data folder and does it here.
 *
 * @throws BankError, ZodError
 */
export async function askOffice(dataDir: string, command: OfficeCommand): Promise<Record<string, unknown>> {
  if (!existsSync(dataDir)) throw new BankError(`no bank in ${dataDir}: use \`start\` first`);
  const giveUp = Date.now() + patienceMs;
  for (;;) {
    const answer = await askRunningBank(dataDir, command);
    if (answer) return answer;
    const unlock = tryLock(dataDir, Date.now() >= giveUp);
    if (unlock) {
      try {
        return await officeWithoutServer(dataDir, command);
      } finally {
        unlock();
      }
    }
    await pause(100);
  }
}

/** @throws BankError when the folder is held and `must` says that waiting is over */
function tryLock(dataDir: string, must: boolean): (() => void) | undefined {
  try {
    return lockFolder(dataDir);
  } catch (error) {
    if (error instanceof BankError && !must) return undefined;
    throw error;
  }
}

async function officeWithoutServer(
  dataDir: string,
  command: OfficeCommand,
): Promise<Record<string, unknown>> {
  const now = () => new Date();
  const authority = await openAuthority(dataDir, now());
  const records = new BankRecords(dataDir);
  try {
    return { ...(await new Office({ records, authority, approval: 'auto', now }).run(command)) };
  } finally {
    records.close();
  }
}
