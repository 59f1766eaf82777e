import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import type { z } from 'zod';

/**
 * Small things that the window remembers by itself, each in a JSON file of its own, because they are needed before the
 * services and their database are there, or are not worth an entry in it.
 */

/** Reads the file. A missing or damaged one is as good as none: `fallback`. */
export function readKept<Schema extends z.ZodType>(
  file: string,
  schema: Schema,
  fallback: z.output<Schema>,
): z.output<Schema> {
  try {
    const parsed = schema.safeParse(JSON.parse(readFileSync(file, 'utf8')));
    if (parsed.success) return parsed.data;
  } catch {
    // First start, or cut off half-way through by an older program.
  }
  return fallback;
}

/**
 * Writes the file whole or not at all, for its owner alone.
 *
 * @throws what the file system throws; what is kept here is never worth stopping for
 */
export function writeKept(file: string, value: unknown): void {
  const half = `${file}.${process.pid}.new`;
  writeFileSync(half, JSON.stringify(value), { mode: 0o600 });
  renameSync(half, file);
}
