import { randomUUID } from 'node:crypto';
import { open, rename, rm } from 'node:fs/promises';
import path from 'node:path';
import { KiltError } from '#shared/errors.ts';

/**
 * Writes a file that the user keeps: whole or not at all. What stood there before stays until the new one is on the
 * disk.
 *
 * @throws KiltError `disk-full`, `file-not-written`
 */
export async function writeWhole(file: string, contents: Uint8Array | string): Promise<void> {
  // In the same folder: only there is a rename one step.
  const half = path.join(path.dirname(file), `.${randomUUID()}.kilt-new`);
  try {
    const handle = await open(half, 'wx');
    try {
      await handle.writeFile(contents);
      // A USB stick may be pulled as soon as Kilt says that the file is there.
      await handle.sync();
    } finally {
      await handle.close();
    }
    await rename(half, file);
  } catch (error) {
    // It may not have come to exist; then there is nothing to take away.
    await rm(half, { force: true }).catch(() => undefined);
    const full = isSystemError(error) && ['ENOSPC', 'EDQUOT'].includes(error.code);
    throw new KiltError(full ? 'disk-full' : 'file-not-written', {}, { cause: error });
  }
}

const isSystemError = (error: unknown): error is { code: string } =>
  error instanceof Error && 'code' in error && typeof error.code === 'string';

/** What Windows takes for its devices, whatever follows the first dot. */
const windowsDevice = /^(?:con|prn|aux|nul|com\d|lpt\d)(?=\.|$)/i;
const longestName = 100;

/**
 * A file name that every system takes and that stays in its folder: subject names of certificates may hold slashes,
 * quotes and line ends.
 */
export function safeFileName(suggested: string): string {
  const name = suggested
    .normalize('NFC')
    .replace(/[\p{Cc}\p{Cf}\u2028\u2029<>:"/\\|?*]+/gu, ' ')
    .replace(/\s+/g, ' ')
    .replace(/^[\s.]+|[\s.]+$/g, '')
    .replace(windowsDevice, '_$&');
  const extension = path.extname(name).slice(0, 8);
  const stem = name.slice(0, name.length - path.extname(name).length);
  const short = Array.from(stem)
    .slice(0, longestName - extension.length)
    .join('')
    .replace(/[\s.]+$/, '');
  return short === '' ? `kilt${extension}` : `${short}${extension}`;
}
