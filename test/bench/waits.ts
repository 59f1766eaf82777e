import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import Database from 'better-sqlite3';

/** The time for which at least one of several things was waited for, overlaps counted once. */
export class Waits {
  #open = 0;
  #since = 0;
  #total = 0;
  readonly #within: Waits | undefined;

  /** @param within what also counts this one’s waits, together with others’ */
  constructor(within?: Waits) {
    this.#within = within;
  }

  get seconds(): number {
    return this.#total / 1000;
  }

  begin(): void {
    if (this.#open === 0) this.#since = performance.now();
    this.#open += 1;
    this.#within?.begin();
  }

  end(): void {
    this.#open -= 1;
    if (this.#open === 0) this.#total += performance.now() - this.#since;
    this.#within?.end();
  }

  async during<Result>(work: Promise<Result>): Promise<Result> {
    this.begin();
    try {
      return await work;
    } finally {
      this.end();
    }
  }
}

/**
 * Counts the time in which requests to servers are under way: from the moment when one is made, connecting and TLS
 * included, to the last byte of its answer.
 *
 * @returns ends it
 */
export function countRequests(waits: Waits): () => void {
  const underWay = new Set<object>();
  const begun = (message: unknown): void => {
    const { request } = message as { request: object };
    underWay.add(request);
    waits.begin();
  };
  const ended = (message: unknown): void => {
    const { request } = message as { request: object };
    if (underWay.delete(request)) waits.end();
  };
  // undici, which all of Kilt’s requests go through, tells whoever listens.
  subscribe('undici:request:create', begun);
  for (const end of ['undici:request:trailers', 'undici:request:error']) subscribe(end, ended);
  return () => {
    unsubscribe('undici:request:create', begun);
    for (const end of ['undici:request:trailers', 'undici:request:error']) unsubscribe(end, ended);
  };
}

/** Counts the time in which a database of Kilt's writes, which is until what was written is on the disk. */
export function countDatabaseWrites(waits: Waits): () => void {
  const database = new Database(':memory:');
  const statements = Object.getPrototypeOf(database.prepare('SELECT 1')) as Database.Statement;
  database.close();
  const method = Object.getOwnPropertyDescriptor(statements, 'run');
  const run = method?.value as (this: Database.Statement, ...values: unknown[]) => Database.RunResult;
  statements.run = function (...values) {
    waits.begin();
    try {
      return run.apply(this, values);
    } finally {
      waits.end();
    }
  };
  return () => {
    statements.run = run;
  };
}
