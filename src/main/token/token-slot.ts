import { randomUUID } from 'node:crypto';
import type { ReaderStatus } from './card-transport.ts';
import type { KnownToken } from './token-watch.ts';

/** One insertion of one token: what is known of it, and the work that waits for it. */
export class TokenSlot {
  readonly id = randomUUID();
  readonly reader: string;
  readonly insertion: number;
  #known: KnownToken;
  #work: Promise<unknown> = Promise.resolve();
  readonly #ended = new AbortController();
  #retry: NodeJS.Timeout | undefined;
  #retries = 0;

  constructor({ name, insertion }: ReaderStatus, known: Omit<KnownToken, 'id' | 'reader'>) {
    this.reader = name;
    this.insertion = insertion;
    this.#known = { id: this.id, reader: name, ...known };
  }

  get known(): KnownToken {
    return this.#known;
  }

  learn(known: Omit<KnownToken, 'id' | 'reader'>): void {
    this.#known = { id: this.id, reader: this.reader, ...known };
  }

  /** Aborted when the token has left the reader. */
  get ended(): AbortSignal {
    return this.#ended.signal;
  }

  end(): void {
    this.cancelRetry();
    this.#ended.abort();
  }

  /** Runs `work` after all work that was queued before, whether that went well or not. */
  queue<T>(work: () => Promise<T>): Promise<T> {
    const result = this.#work.then(work);
    this.#work = result.catch(() => undefined);
    return result;
  }

  /** Settles when the work queued so far has ended. */
  async idle(): Promise<void> {
    await this.#work;
  }

  /** Tries again later: soon at first, then less and less often. */
  retryLater(work: () => void, firstMilliseconds: number, longestMilliseconds: number): void {
    this.cancelRetry();
    if (this.ended.aborted) return;
    const pause = Math.min(firstMilliseconds * 2 ** this.#retries, longestMilliseconds);
    this.#retries += 1;
    this.#retry = setTimeout(work, pause);
    this.#retry.unref();
  }

  cancelRetry(): void {
    clearTimeout(this.#retry);
    this.#retry = undefined;
  }

  /** The token answered: the next trouble is a new one. */
  resetRetries(): void {
    this.cancelRetry();
    this.#retries = 0;
  }
}
