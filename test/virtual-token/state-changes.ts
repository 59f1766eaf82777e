import { closeSync, ftruncateSync, openSync, readFileSync, rmSync, writeSync } from 'node:fs';

import type { CardState } from './card-state.ts';

const OWNER_ONLY = 0o600;
/** From here on they are worth putting into the state file: some hundred changes of a full token. */
const MANY_BYTES = 16 * 1024 * 1024;

const changesOf = (path: string): string => `${path}.changes`;

/** The state as JSON after the last change that was noted beside the state file at `path`, if there is any. */
export function latestChange(path: string): string | undefined {
  let noted: string;
  try {
    noted = readFileSync(changesOf(path), 'utf8');
  } catch {
    return undefined;
  }
  // A line without an end was being written when the program was killed: nobody has had an answer for it.
  const [, latest] = noted
    .slice(0, noted.lastIndexOf('\n') + 1)
    .split('\n')
    .reverse();
  return latest;
}

export function removeChanges(path: string): void {
  rmSync(changesOf(path), { force: true });
}

/**
 * What has happened to a card since its state file was written: the whole state after each change, a line each. The
 * last whole line counts. A line is on disk as soon as it is written, as far as the death of the program goes.
 */
export class StateChanges {
  readonly #path: string;
  #file: number | undefined;
  #bytes = 0;

  /** @param path of the state file */
  constructor(path: string) {
    this.#path = path;
  }

  get areThere(): boolean {
    return this.#bytes > 0;
  }

  get areMany(): boolean {
    return this.#bytes >= MANY_BYTES;
  }

  /** @throws Error when it can not be written; then the change before it counts */
  note(state: CardState): void {
    this.#file ??= openSync(changesOf(this.#path), 'a', OWNER_ONLY);
    const line = Buffer.from(`${JSON.stringify(state)}\n`);
    try {
      for (let at = 0; at < line.length; at += writeSync(this.#file, line, at));
    } catch (error) {
      ftruncateSync(this.#file, this.#bytes);
      throw error;
    }
    this.#bytes += line.length;
  }

  /** Lets go of the file, which no longer is in use then; the changes in it still count. */
  release(): void {
    if (this.#file !== undefined) closeSync(this.#file);
    this.#file = undefined;
  }

  /** The state file holds them now, and {@link removeChanges} has removed them. */
  forget(): void {
    this.#bytes = 0;
  }
}
