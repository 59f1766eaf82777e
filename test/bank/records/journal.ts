import { closeSync, fdatasyncSync, ftruncateSync, openSync, readFileSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';
import type { z } from 'zod';
import { syncDirectory } from './atomic-file.ts';

/**
 * An append-only file of JSON lines. A line is on the disk before `append` returns, so what the bank has answered it
 * still knows after `kill -9`. A last line that a kill or a full disk cut short was never answered for and is dropped;
 * damage anywhere else stops the start.
 */
export class Journal<Entry> {
  readonly #handle: number;
  #length: number;

  private constructor(handle: number, length: number) {
    this.#handle = handle;
    this.#length = length;
  }

  /** Opens or makes the file and gives every entry to `replay`, oldest first. */
  static open<Schema extends z.ZodType>(
    path: string,
    schema: Schema,
    replay: (entry: z.output<Schema>) => void,
  ): Journal<z.output<Schema>> {
    const handle = openSync(path, 'a+', 0o600);
    try {
      const bytes = readFileSync(path);
      const length = bytes.lastIndexOf(0x0a) + 1;
      if (length < bytes.length) {
        ftruncateSync(handle, length);
        fdatasyncSync(handle);
      }
      for (const [index, line] of bytes.subarray(0, length).toString('utf8').split('\n').entries()) {
        if (line === '') continue;
        const entry = schema.safeParse(parseLine(line));
        if (!entry.success)
          throw new Error(`${path}: line ${String(index + 1)} is damaged`, { cause: entry.error });
        replay(entry.data);
      }
      syncDirectory(dirname(path));
      return new Journal<z.output<Schema>>(handle, length);
    } catch (error) {
      closeSync(handle);
      throw error;
    }
  }

  append(entry: Entry): void {
    const line = Buffer.from(`${JSON.stringify(entry)}\n`);
    try {
      for (let at = 0; at < line.length;) at += writeSync(this.#handle, line, at);
      fdatasyncSync(this.#handle);
    } catch (error) {
      // Half a line would swallow the next one.
      ftruncateSync(this.#handle, this.#length);
      throw error;
    }
    this.#length += line.length;
  }

  close(): void {
    closeSync(this.#handle);
  }
}

function parseLine(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}
