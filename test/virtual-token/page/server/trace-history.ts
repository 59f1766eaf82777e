import type { TraceEntry } from '../../traced-card.ts';
import type { NumberedEntry } from '../view.ts';

/** As much as a page that is opened later gets to see: two or three registrations. */
const KEPT = 10_000;

/** The last lines of the trace, numbered from 1. */
export class TraceHistory {
  #entries: NumberedEntry[] = [];
  #last = 0;

  add(entry: TraceEntry): NumberedEntry {
    this.#last += 1;
    const numbered = { number: this.#last, entry };
    this.#entries.push(numbered);
    // Cut now and then rather than at each line.
    if (this.#entries.length > 2 * KEPT) this.#entries = this.#entries.slice(-KEPT);
    return numbered;
  }

  /** Lines with a higher number than `number`, oldest first. */
  after(number: number): readonly NumberedEntry[] {
    const first = this.#entries.findIndex((entry) => entry.number > number);
    return first < 0 ? [] : this.#entries.slice(Math.max(first, this.#entries.length - KEPT));
  }
}
