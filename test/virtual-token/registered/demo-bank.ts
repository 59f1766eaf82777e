import { X509Certificate } from 'node:crypto';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { openAuthority } from '#test/bank/authority/authority.ts';
import { BankError } from '#test/bank/bank-error.ts';
import { lockFolder } from '#test/bank/records/folder-lock.ts';
import { type RunningBank, startBank } from '#test/bank/start-bank.ts';

const day = 24 * 3600 * 1000;
/** Registration takes seconds; an hour keeps it clear of the certificates' end. */
const SPARE_MS = day / 24;

export interface DemoBankOrder {
  /** The bank's data folder, made where there is none; absent: one that is forgotten afterwards. */
  readonly folder?: string | undefined;
  /** Days from today on which customers' certificates end; at most 0: they have ended. A year where absent. */
  readonly certificatesEndIn?: number | undefined;
}

export interface OpenedBank {
  readonly bank: RunningBank;
  /** What its clock shows: a day on which the certificates asked for can be issued. */
  readonly now: () => Date;
  stop(): Promise<void>;
}

/**
 * Opens the demo bank in this process for one registration.
 *
 * Certificates that have ended are issued in the past, on a day's notice: nobody issues any that have ended already.
 *
 * @throws BankError when the bank of the folder is running, or was founded too late for certificates that ended then
 */
export async function openDemoBank({ folder, certificatesEndIn }: DemoBankOrder): Promise<OpenedBank> {
  const dataDir = folder ?? mkdtempSync(join(tmpdir(), 'kilt-demo-bank-'));
  const ended = certificatesEndIn !== undefined && certificatesEndIn <= 0;
  const offset = ended ? (certificatesEndIn - 1) * day : 0;
  const now = (): Date => new Date(Date.now() + offset);
  const forget = (): void => {
    if (folder === undefined) rmSync(dataDir, { recursive: true, force: true });
  };
  try {
    if (ended) await foundInTime(dataDir, now());
    const certificateDays = ended ? 1 : certificatesEndIn;
    const bank = await startBank({
      dataDir,
      now,
      checkAfterSeconds: 1,
      ...(certificateDays === undefined ? {} : { certificateDays }),
    });
    return {
      bank,
      now,
      stop: async () => {
        await bank.stop();
        forget();
      },
    };
  } catch (error) {
    forget();
    throw error;
  }
}

/** Sees to it that the authority was there at that time, and that its TLS certificate is good today. */
async function foundInTime(dataDir: string, then: Date): Promise<void> {
  mkdirSync(dataDir, { recursive: true, mode: 0o700 });
  const unlock = lockFolder(dataDir);
  try {
    const { issuing } = await openAuthority(dataDir, then);
    const founded = new Date(new X509Certificate(issuing.certificate).validFrom);
    if (founded.getTime() + SPARE_MS > then.getTime())
      throw new BankError(
        `the bank in ${dataDir} exists since ${founded.toISOString().slice(0, 10)}; for certificates that ended so long ago name a new folder`,
      );
    await openAuthority(dataDir, new Date());
  } finally {
    unlock();
  }
}
