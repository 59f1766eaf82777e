import { closeSync, fsyncSync, openSync, readFileSync, renameSync, writeSync, fchmodSync } from 'node:fs';
import { dirname } from 'node:path';
import type { z } from 'zod';

/** Makes a rename or a new file in a directory durable. Windows has no such call and does not need it. */
export function syncDirectory(directory: string): void {
  if (process.platform === 'win32') return;
  const handle = openSync(directory, 'r');
  try {
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
}

/** Writes a whole file so that a kill at any moment leaves the old content or the new, never a part. */
export function writeFileAtomically(path: string, content: string | Uint8Array, mode: number): void {
  const temporary = `${path}.${String(process.pid)}.new`;
  const handle = openSync(temporary, 'w', mode);
  try {
    if (process.platform !== 'win32') fchmodSync(handle, mode);
    const bytes = typeof content === 'string' ? Buffer.from(content) : content;
    for (let at = 0; at < bytes.length;) at += writeSync(handle, bytes, at);
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
  renameSync(temporary, path);
  syncDirectory(dirname(path));
}

/** Reads and checks a JSON file; `undefined` where there is none. */
export function readJsonFile<Schema extends z.ZodType>(
  path: string,
  schema: Schema,
): z.output<Schema> | undefined {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    throw error;
  }
  return schema.parse(JSON.parse(text));
}
