import { asStorageErrors, type KiltDatabase } from './database.ts';

interface Version {
  /** Rows that this connection has changed so far. */
  readonly own: number;
  /** Another number after each commit of another connection: another Kilt at work on the same data. */
  readonly others: number;
}

/**
 * What was read and checked once holds for as long as nothing in the database changes: the journal is asked many times
 * between two lines of it (SQLite, `PRAGMA data_version` and `total_changes()`).
 */
export class KeptReadings<Value> {
  readonly #database: KiltDatabase;
  readonly #kept = new Map<string, Value>();
  #version: Version = { own: NaN, others: NaN };

  constructor(database: KiltDatabase) {
    this.#database = database;
  }

  /** @param key names what `read` reads, its parameters included */
  get(key: string, read: () => Value): Value {
    // What is read within a transaction is undone with it, and no number tells.
    if (this.#database.inTransaction) return read();
    const version = this.#now();
    if (version.own !== this.#version.own || version.others !== this.#version.others) {
      this.#kept.clear();
      this.#version = version;
    }
    const known = this.#kept.get(key);
    if (known !== undefined) return known;
    const value = read();
    this.#kept.set(key, value);
    return value;
  }

  #now(): Version {
    const question = 'SELECT total_changes() AS own, data_version AS others FROM pragma_data_version';
    return asStorageErrors(() => this.#database.prepare(question).get() as Version);
  }
}
