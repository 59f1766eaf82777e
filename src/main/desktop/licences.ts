import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { z } from 'zod';
import type { LicenceView } from '#shared/views.ts';
import type { Log } from './log.ts';

/** What the build writes beside the main process's code and the page's: name, version, SPDX expression, terms. */
const builtIn = z.array(
  z.object({
    name: z.string(),
    version: z.string(),
    identifier: z.string().nullish(),
    text: z.string().nullish(),
  }),
);
export const licencesFile = 'licences.json';

const packageFile = z.object({ name: z.string(), version: z.string(), license: z.string().optional() });

export interface LicenceSources {
  /** Folders of the build with a {@link licencesFile} in them. */
  readonly builds: readonly string[];
  /** Folders of packages that are not in the build: the native modules. */
  readonly packages: readonly string[];
  /** Parts that are neither. `terms`: their text, or files of which the first that can be read has it. */
  readonly others: readonly {
    readonly name: string;
    readonly version: string;
    readonly licence: string;
    readonly terms: string | readonly string[];
  }[];
  readonly log: Log;
}

/** Everything Kilt is made of, once, in order of names. What can not be read is left out, and the log says so. */
export async function readLicences({
  builds,
  packages,
  others,
  log,
}: LicenceSources): Promise<LicenceView[]> {
  const found = await Promise.all([
    ...builds.map((folder) => ofBuild(folder, log)),
    ...packages.map((folder) => ofPackage(folder, log)),
    ...others.map(async ({ terms, ...part }) => [
      { ...part, text: typeof terms === 'string' ? terms.trim() : ((await firstText(terms)) ?? null) },
    ]),
  ]);
  const parts = new Map(found.flat().map((part) => [`${part.name} ${part.version}`, part]));
  return [...parts.values()].sort((a, b) => a.name.localeCompare(b.name, 'en'));
}

async function ofBuild(folder: string, log: Log): Promise<LicenceView[]> {
  try {
    const parts = builtIn.parse(JSON.parse(await readFile(path.join(folder, licencesFile), 'utf8')));
    return parts.map(({ name, version, identifier, text }) => ({
      name,
      version,
      licence: identifier ?? null,
      text: text ?? null,
    }));
  } catch (error) {
    log.warn('the licences of the build can not be read', error);
    return [];
  }
}

async function ofPackage(folder: string, log: Log): Promise<LicenceView[]> {
  try {
    const { name, version, license } = packageFile.parse(
      JSON.parse(await readFile(path.join(folder, 'package.json'), 'utf8')),
    );
    const text = await firstText(
      ['LICENSE', 'LICENSE.txt', 'LICENSE.md'].map((file) => path.join(folder, file)),
    );
    return [{ name, version, licence: license ?? null, text: text ?? null }];
  } catch (error) {
    log.warn('the licence of a native module can not be read', error);
    return [];
  }
}

async function firstText(files: readonly string[]): Promise<string | undefined> {
  for (const file of files) {
    const text = await readFile(file, 'utf8').catch(() => undefined);
    if (text !== undefined) return text.trim();
  }
  return undefined;
}
