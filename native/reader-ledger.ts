import { eventCount, readerFlags } from './pcsc-memory.ts';
import type { ReaderReport, WatchedReader } from './pcsc-memory.ts';

export type MonitoredReaderState = 'empty' | 'present' | 'exclusive' | 'mute' | 'unavailable';

export interface MonitoredReader {
  readonly name: string;
  readonly state: MonitoredReaderState;
  /** Empty unless a card answers. */
  readonly atr: Uint8Array;
  /** Another number whenever a card was put in or taken out, never one that was used before. */
  readonly insertion: number;
}

interface Entry {
  readonly name: string;
  lookedAt: boolean;
  /** What the next wait passes as dwCurrentState. */
  belief: number;
  atr: Uint8Array;
  insertion: number;
}

/** What the monitor knows of each reader, and what the service is told in return. */
export class ReaderLedger {
  #entries: Entry[] = [];
  #lastInsertion = 0;

  forgetAll(): void {
    this.#entries = [];
  }

  /** Takes over the list of readers. @returns whether it is another one */
  keepOnly(names: readonly string[]): boolean {
    const before = this.#entries;
    this.#entries = names.map((name) => before.find((entry) => entry.name === name) ?? this.#newEntry(name));
    return before.length !== names.length || before.some((entry, index) => entry !== this.#entries[index]);
  }

  #newEntry(name: string): Entry {
    const insertion = ++this.#lastInsertion;
    return { name, lookedAt: false, belief: readerFlags.unaware, atr: new Uint8Array(), insertion };
  }

  /** @returns whether anything is different from what was known */
  record(report: ReaderReport): boolean {
    const entry = this.#entries.find(({ name }) => name === report.name);
    if (!entry) return false;
    const state = report.eventState & ~readerFlags.changed;
    // Fed back, «unknown» and «ignore» would silence a reader that comes back under the same name.
    const belief = state & (readerFlags.unknown | readerFlags.ignore) ? readerFlags.unaware : state >>> 0;
    const different =
      !entry.lookedAt || belief !== entry.belief || Buffer.compare(report.atr, entry.atr) !== 0;
    const moved = cardWasMoved(entry.belief, belief) || anotherAtr(entry.atr, report.atr);
    if (entry.lookedAt && moved) entry.insertion = ++this.#lastInsertion;
    entry.lookedAt = true;
    entry.belief = belief;
    entry.atr = report.atr;
    return different;
  }

  watched(): WatchedReader[] {
    return this.#entries.map(({ name, belief }) => ({ name, currentState: belief }));
  }

  get allLookedAt(): boolean {
    return this.#entries.every(({ lookedAt }) => lookedAt);
  }

  /** A card is there, but the service has not read its answer to reset yet. */
  get atrMissing(): boolean {
    return this.#entries.some(
      ({ belief, atr }) =>
        (belief & readerFlags.present) !== 0 && (belief & readerFlags.mute) === 0 && atr.length === 0,
    );
  }

  readers(): MonitoredReader[] {
    return this.#entries.map(({ name, belief, atr, insertion }) => {
      const state = stateOf(belief, atr);
      const answers = state === 'present' || state === 'exclusive';
      return { name, state, atr: answers ? atr : new Uint8Array(), insertion };
    });
  }
}

/** The count finds the card that was swapped for another one between two reports. */
function cardWasMoved(before: number, now: number): boolean {
  const present = (state: number): boolean => (state & readerFlags.present) !== 0;
  if (present(before) !== present(now)) return true;
  const counted = ((before | now) & readerFlags.unavailable) === 0 && now !== readerFlags.unaware;
  return counted && eventCount(before) !== eventCount(now);
}

/** Services that do not count (macOS) still tell one card from another kind of card. */
const anotherAtr = (before: Uint8Array, now: Uint8Array): boolean =>
  before.length > 0 && now.length > 0 && Buffer.compare(before, now) !== 0;

function stateOf(belief: number, atr: Uint8Array): MonitoredReaderState {
  if (belief === readerFlags.unaware || belief & readerFlags.unavailable) return 'unavailable';
  if ((belief & readerFlags.present) === 0) return 'empty';
  if (belief & readerFlags.mute) return 'mute';
  if (belief & readerFlags.exclusive) return 'exclusive';
  return atr.length === 0 ? 'mute' : 'present';
}
