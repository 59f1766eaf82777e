import { open, type FileHandle } from 'node:fs/promises';
import { KiltError } from '#shared/errors.ts';
import type { ByteSource } from '#main/pki/cms/byte-source.ts';
import { CmsError } from '#main/pki/cms/cms-error.ts';

/** A file as it was when it was opened. */
export interface FileSource extends ByteSource {
  /** Milliseconds since 1970; with the size it tells whether the file was written to meanwhile. */
  readonly changedAt: number;
}

/**
 * Opens a file for as long as `work` goes on.
 *
 * @throws KiltError `document-unreadable` {reason}; what `work` throws
 */
export async function withFile<T>(file: string, work: (source: FileSource) => Promise<T>): Promise<T> {
  const handle = await opened(file);
  try {
    const found = await handle.stat();
    // A pipe or a device has no end that could be signed.
    if (!found.isFile()) throw new KiltError('document-unreadable', { reason: 'not a file' });
    return await work({
      size: found.size,
      changedAt: found.mtimeMs,
      read: (offset, length, room) => readExactly(handle, offset, length, room),
    });
  } finally {
    await handle.close();
  }
}

async function opened(file: string): Promise<FileHandle> {
  try {
    return await open(file, 'r');
  } catch (error) {
    throw unreadable(error);
  }
}

async function readExactly(
  handle: FileHandle,
  offset: number,
  length: number,
  room: Uint8Array = new Uint8Array(length),
): Promise<Uint8Array> {
  let at = 0;
  while (at < length) {
    const { bytesRead } = await handle
      .read(room, at, length - at, offset + at)
      .catch((error: unknown) => Promise.reject(unreadable(error)));
    if (bytesRead === 0) throw new CmsError('cut-off');
    at += bytesRead;
  }
  return room.subarray(0, length);
}

function unreadable(error: unknown): KiltError {
  const { code } = error as { code?: unknown };
  return new KiltError(
    'document-unreadable',
    { reason: typeof code === 'string' ? code : '' },
    { cause: error },
  );
}
