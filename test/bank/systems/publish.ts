import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { z } from 'zod';
import type { BankSystem } from '#main/enrolment/bank-system.ts';
import { readJsonFile, writeFileAtomically } from '../records/atomic-file.ts';
import { demoSystem, demoSystemNames, type DemoSystemName } from './demo-systems.ts';
import { openPublisher, publisherFingerprint, signedBankFile } from './publisher.ts';

export interface PublishedSystem {
  readonly system: DemoSystemName;
  readonly id: string;
  /** Signed, for `kilt banks import`. */
  readonly file: string;
  /** The same without signature, for KILT_BANK_FILE. */
  readonly unsignedFile: string;
}

export interface Published {
  readonly systems: readonly PublishedSystem[];
  readonly fingerprint: string;
}

/** An earlier Kilt may have known other members. */
const earlierFile = z.looseObject({ version: z.number().int() });

/** Where a system's files are, whether they are written yet or not. */
export function publishedSystem(dataDir: string, system: DemoSystemName): PublishedSystem {
  const id = `demo-${system}`;
  const place = join(dataDir, 'banks', id);
  return { system, id, file: `${place}.kiltbank`, unsignedFile: `${place}.json` };
}

/**
 * Writes the files of all four systems into `banks/`. One whose content has changed since, as after a change of ports,
 * gets the next version.
 *
 * @param national what they say of the national authority
 */
export async function publishSystems(
  dataDir: string,
  shared: BankSystem,
  national: BankSystem['national'],
  now: Date,
): Promise<Published> {
  mkdirSync(join(dataDir, 'banks'), { recursive: true });
  const publisher = await openPublisher(dataDir, now);
  const fingerprint = publisherFingerprint(publisher);
  const systems = demoSystemNames.map((name) => {
    const published = publishedSystem(dataDir, name);
    const bank = demoSystem(name, shared, national);
    const before = readJsonFile(published.unsignedFile, earlierFile);
    const isSame = before && isDeepStrictEqual(before, { ...bank, version: before.version });
    const version = isSame ? before.version : (before?.version ?? 0) + 1;
    const text = JSON.stringify({ ...bank, version }, undefined, 2);
    writeFileAtomically(published.unsignedFile, `${text}\n`, 0o644);
    writeFileAtomically(published.file, signedBankFile(text, publisher), 0o644);
    return published;
  });
  writeFileAtomically(join(dataDir, 'banks', 'fingerprint.txt'), `${fingerprint}\n`, 0o644);
  return { systems, fingerprint };
}
