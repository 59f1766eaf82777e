import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { KiltError } from '#shared/errors.ts';

/**
 * Writes a file that is not there yet: a command given twice by mistake takes nothing away.
 *
 * @returns its absolute path
 * @throws KiltError `disk-full`, `file-not-written` {reason}
 */
export async function writeNewFile(file: string, contents: Uint8Array | string): Promise<string> {
  const whole = path.resolve(file);
  try {
    await writeFile(whole, contents, { flag: 'wx' });
    return whole;
  } catch (error) {
    const code = (error as { code?: unknown }).code;
    if (code === 'ENOSPC' || code === 'EDQUOT') throw new KiltError('disk-full', {}, { cause: error });
    const reason = typeof code === 'string' ? code : '';
    throw new KiltError('file-not-written', { reason }, { cause: error });
  }
}
