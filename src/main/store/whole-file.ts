import { randomUUID } from 'node:crypto';
import { open, rename, rm } from 'node:fs/promises';
import path from 'node:path';
import { KiltError } from '#shared/errors.ts';

/**
 * Writes a file that the user keeps: whole or not at all. What stood there before stays until the new one is on the
 * disk.
 *
 * @param mode of a new file; as the system gives it where absent
 * @throws KiltError `disk-full`, `file-not-written`
 */
export async function writeWhole(file: string, contents: Uint8Array | string, mode?: number): Promise<void> {
  // In the same folder: only there is a rename one step.
  const half = path.join(path.dirname(file), `.${randomUUID()}.kilt-new`);
  try {
    const handle = await open(half, 'wx', mode);
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
