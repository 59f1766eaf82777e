import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { identityHolds, makeServerIdentity, type ServerIdentity } from './server-identity.ts';

export interface KeptIdentity extends ServerIdentity {
  /** File of the authority's certificate, for the programs that put it where browsers look. */
  readonly authorityFile: string;
  /** It was made just now: whoever trusted the one before does not know it yet. */
  readonly isNew: boolean;
}

const names = { key: 'server.key', certificate: 'server.crt', authority: 'authority.crt' } as const;

/** Where the server's key lies: in the user's own folder, readable by him alone. */
export const identityFolder = (dataFolder: string): string => path.join(dataFolder, 'loopback');

/** The identity that was kept, or a new one where there is none that still holds. @throws Error of the file system */
export async function keptIdentity(dataFolder: string, now: Date): Promise<KeptIdentity> {
  const folder = identityFolder(dataFolder);
  const authorityFile = path.join(folder, names.authority);
  const kept = await readIdentity(folder);
  if (kept && identityHolds(kept, now)) return { ...kept, authorityFile, isNew: false };
  const made = await makeServerIdentity(now);
  await mkdir(folder, { recursive: true, mode: 0o700 });
  for (const part of ['key', 'certificate', 'authority'] as const) {
    const file = path.join(folder, names[part]);
    // A file that is there keeps its mode when it is written over.
    await rm(file, { force: true });
    await writeFile(file, made[part], { mode: 0o600, flag: 'wx' });
  }
  return { ...made, authorityFile, isNew: true };
}

/** Certificate of the authority that was kept, if there is one. */
export async function keptAuthority(dataFolder: string): Promise<{ file: string; pem: string } | undefined> {
  const file = path.join(identityFolder(dataFolder), names.authority);
  try {
    return { file, pem: await readFile(file, 'utf8') };
  } catch {
    return undefined;
  }
}

export const forgetIdentity = (dataFolder: string): Promise<void> =>
  rm(identityFolder(dataFolder), { recursive: true, force: true });

async function readIdentity(folder: string): Promise<ServerIdentity | undefined> {
  try {
    const [key, certificate, authority] = await Promise.all(
      [names.key, names.certificate, names.authority].map((name) =>
        readFile(path.join(folder, name), 'utf8'),
      ),
    );
    return key && certificate && authority ? { key, certificate, authority } : undefined;
  } catch {
    return undefined;
  }
}
