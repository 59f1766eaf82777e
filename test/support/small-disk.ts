import { execFileSync } from 'node:child_process';
import { closeSync, mkdtempSync, openSync, rmSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

/** A small disk of its own, on a folder that nobody else knows; gone with the private world of the test run at the latest. */
export class SmallDisk {
  readonly folder = mkdtempSync(path.join(tmpdir(), 'kilt-disk-'));
  readonly #filler = path.join(this.folder, 'filler');

  #fullAfter: string | undefined;

  constructor() {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=4m,mode=700', 'tmpfs', this.folder]);
  }

  /** Writes until nothing more goes in. */
  fill(): void {
    const file = openSync(this.#filler, 'a');
    const page = new Uint8Array(4096);
    try {
      for (;;) writeSync(file, page);
    } catch (error) {
      if ((error as { code?: unknown }).code !== 'ENOSPC') throw error;
    } finally {
      closeSync(file);
    }
  }

  /** @param line of a journal, such as `pin-set:begun`: the disk is full from then on. Nothing: it stays as it is */
  fillAfter(line: string | undefined): void {
    this.#fullAfter = line;
  }

  /** For a journal to tell its lines to. */
  readonly onLine = ({ step, phase }: { readonly step: string; readonly phase: string }): void => {
    if (this.#fullAfter === `${step}:${phase}`) this.fill();
  };

  makeRoom(): void {
    rmSync(this.#filler, { force: true });
  }

  makeReadOnly(): void {
    execFileSync('mount', ['-o', 'remount,ro', this.folder]);
  }

  remove(): void {
    execFileSync('umount', ['--lazy', this.folder]);
    rmSync(this.folder, { recursive: true });
  }
}
