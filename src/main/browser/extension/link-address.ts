import { randomBytes, timingSafeEqual } from 'node:crypto';
import { chmodSync, lstatSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { z } from 'zod';
import { writeWhole } from '#main/store/whole-file.ts';

/** What the host must know to reach the Kilt that runs. */
export interface LinkAddress {
  /** Path of a UNIX socket, or name of a pipe on Windows. */
  readonly address: string;
  /** Base64url. Good for one connection: with it, Kilt writes the next one. */
  readonly secret: string;
}

const linkFile = z.object({ address: z.string(), secret: z.string().regex(/^[\w-]{43}$/) });

const folderIn = (dataFolder: string): string => path.join(dataFolder, 'browser-link');
const fileIn = (dataFolder: string): string => path.join(folderIn(dataFolder), 'link.json');

/** `sun_path` has 108 bytes on Linux and 104 on macOS, the last one zero. */
const longestSocketPath = 103;

/**
 * Makes the folder that only this user can enter, and says where to listen in it. On Windows a pipe has a name that nobody can
 * know before, so that nobody else has it first.
 */
export function newLinkAddress(dataFolder: string, platform: NodeJS.Platform = process.platform): string {
  if (platform === 'win32') return `\\\\.\\pipe\\kilt-${randomBytes(16).toString('hex')}`;
  const own = privateFolder(folderIn(dataFolder));
  const usual = path.join(own, 'socket');
  if (Buffer.byteLength(usual) <= longestSocketPath) return usual;
  const name = `kilt-${String(process.getuid?.() ?? 0)}-${randomBytes(8).toString('hex')}`;
  return path.join(privateFolder(path.join(tmpdir(), name)), 'socket');
}

/** A folder of this user's, mode 0700. @throws Error where somebody else has put something in its place */
function privateFolder(folder: string): string {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const about = lstatSync(folder);
  if (!about.isDirectory() || (process.getuid !== undefined && about.uid !== process.getuid()))
    throw new Error('the folder of the link is not this user’s own');
  chmodSync(folder, 0o700);
  return folder;
}

export const newSecret = (): string => randomBytes(32).toString('base64url');

/** Writes down where Kilt listens, for this user's eyes only (0600). @throws KiltError `disk-full`, `file-not-written` */
export async function writeLinkAddress(dataFolder: string, link: LinkAddress): Promise<void> {
  mkdirSync(folderIn(dataFolder), { recursive: true, mode: 0o700 });
  await writeWhole(fileIn(dataFolder), JSON.stringify(link), 0o600);
}

export const forgetLinkAddress = (dataFolder: string): void => rmSync(fileIn(dataFolder), { force: true });

/** `undefined`: Kilt has never run on this folder, or has ended in order. */
export function readLinkAddress(dataFolder: string): LinkAddress | undefined {
  try {
    return linkFile.parse(JSON.parse(readFileSync(fileIn(dataFolder), 'utf8')));
  } catch {
    return undefined;
  }
}

/** Compares without telling by the time it takes where they differ. */
export function sameSecret(one: string, other: string): boolean {
  const [left, right] = [Buffer.from(one), Buffer.from(other)];
  return left.length === right.length && timingSafeEqual(left, right);
}
