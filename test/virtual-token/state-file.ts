import {
  closeSync,
  existsSync,
  fsyncSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { dirname } from 'node:path';

import { type CardRuntime, VirtualCard } from './card.ts';
import type { CardState } from './card-state.ts';
import type { CardWithMemory } from './emulated-card.ts';
import { StateChanges, latestChange, removeChanges } from './state-changes.ts';

const OWNER_ONLY = 0o600;

/** True when there is a state at `path`. */
export const stateExists = (path: string): boolean => existsSync(path);

/**
 * Reads a state, with the changes of a card that is in use or was killed, without judging it; `VirtualCard.restore`
 * does.
 *
 * @throws Error when it is no JSON or can not be read
 */
export function loadState(path: string): unknown {
  return JSON.parse(latestChange(path) ?? readFileSync(path, 'utf8'));
}

/**
 * Replaces the state at `path` so that at every moment, power cuts included, the file holds either the old state or
 * the new one: a temporary file beside it, flushed, then renamed over it, then the folder flushed. Changes that were
 * noted beside the old one go with it.
 */
export function saveState(path: string, state: CardState): void {
  const temporary = `${path}.${process.pid}.new`;
  const file = openSync(temporary, 'w', OWNER_ONLY);
  try {
    writeFileSync(file, `${JSON.stringify(state, null, 1)}\n`);
    fsyncSync(file);
  } catch (error) {
    rmSync(temporary, { force: true });
    throw error;
  } finally {
    closeSync(file);
  }
  renameSync(temporary, path);
  removeChanges(path);
  flushFolder(dirname(path));
}

function flushFolder(path: string): void {
  // Windows can not open a folder; its rename is durable enough for a test tool.
  if (process.platform === 'win32') return;
  const folder = openSync(path, 'r');
  try {
    fsyncSync(folder);
  } finally {
    closeSync(folder);
  }
}

/**
 * A card whose state is on disk before the answer to the command that changed it leaves: whoever has seen `9000` finds
 * its effect again after `kill -9`.
 *
 * A flushed file for each command would make a write fifty times as slow as a reading command. So while the card has
 * power its changes are only noted ({@link StateChanges}); they are in the file itself once it has lost it. A power cut
 * of the computer may take back what was noted, never what is in the file.
 */
export class StoredCard implements CardWithMemory {
  readonly card: VirtualCard;
  readonly #path: string;
  readonly #changes: StateChanges;
  #saved: number;

  private constructor(card: VirtualCard, path: string) {
    this.card = card;
    this.#path = path;
    this.#changes = new StateChanges(path);
    this.#saved = card.revision;
  }

  /** The card in the file at `path`. @throws Error when there is none, or it can not be understood */
  static open(path: string, runtime: CardRuntime = {}): StoredCard {
    const card = VirtualCard.restore(loadState(path), runtime);
    // Of a program that was killed.
    if (latestChange(path) !== undefined) saveState(path, card.snapshot());
    return new StoredCard(card, path);
  }

  /** Puts a new card into a file, over whatever was there. */
  static save(card: VirtualCard, path: string): StoredCard {
    saveState(path, card.snapshot());
    return new StoredCard(card, path);
  }

  get atr(): Uint8Array {
    return this.card.atr;
  }

  powerOn(): void {
    this.card.powerOn();
  }

  powerOff(): void {
    this.card.powerOff();
    this.#settle();
  }

  reset(): void {
    this.card.reset();
  }

  async transmit(command: Uint8Array): Promise<Uint8Array> {
    const answer = await this.card.transmit(command);
    this.#noteChanges();
    return answer;
  }

  snapshot(): CardState {
    return this.card.snapshot();
  }

  reload(state: CardState): void {
    this.card.reload(state);
    this.#noteChanges();
  }

  #noteChanges(): void {
    if (this.card.revision === this.#saved) return;
    this.#changes.note(this.card.snapshot());
    this.#saved = this.card.revision;
    if (this.#changes.areMany) this.#settle();
  }

  #settle(): void {
    if (!this.#changes.areThere) return;
    this.#changes.release();
    try {
      saveState(this.#path, this.card.snapshot());
    } catch {
      // They stay where they are noted, and count; the next loss of power is another occasion.
      return;
    }
    this.#changes.forget();
  }
}
