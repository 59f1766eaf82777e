import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import {
  formatSettings,
  formatStage,
  type FormatSettings,
  type FormatStage,
} from '#shared/control-panel-views.ts';
import { asStorageErrors, type KiltDatabase } from './database.ts';
import { isAlive } from './living-process.ts';

const row = z
  .object({
    id: z.string(),
    token_serial: z.string(),
    settings: z.string(),
    state: z.enum(['running', 'interrupted', 'finished', 'abandoned']),
    started_at: z.string(),
    owner: z.string().nullable(),
  })
  .transform(({ id, token_serial, settings, state, started_at, owner }) => ({
    id,
    tokenSerial: token_serial,
    settings: formatSettings.parse(JSON.parse(settings)),
    state,
    startedAt: started_at,
    owner: Number(owner ?? 0),
  }));

export interface JournalledFormat {
  readonly id: string;
  readonly tokenSerial: string;
  /** Without PINs, so that a format that was interrupted can be finished as it was begun. */
  readonly settings: FormatSettings;
  /** `abandoned`: nothing was done to the token, or a later format has taken over. */
  readonly state: 'running' | 'interrupted' | 'finished' | 'abandoned';
  readonly startedAt: string;
  readonly stages: readonly FormatStage[];
}

/** The journal of formats: which stages were reached on which token. What is true is asked of the token. */
export class FormatJournal {
  readonly #database: KiltDatabase;
  readonly #now: () => Date;
  /** Formats that this process carries out now. */
  readonly #own = new Set<string>();

  constructor(database: KiltDatabase, now: () => Date = () => new Date()) {
    this.#database = database;
    this.#now = now;
  }

  /**
   * Opens a format. One of the same token that was interrupted is taken over by it.
   *
   * @throws KiltError `disk-full`, `storage-failed`
   */
  open(tokenSerial: string, settings: FormatSettings): JournalledFormat {
    const id = randomUUID();
    asStorageErrors(() =>
      this.#database.transaction(() => {
        this.#database
          .prepare(
            `UPDATE formats SET state = 'abandoned', owner = NULL
             WHERE token_serial = ? AND state IN ('running', 'interrupted')`,
          )
          .run(tokenSerial);
        this.#database
          .prepare(
            `INSERT INTO formats (id, token_serial, settings, state, started_at, owner) VALUES (?, ?, ?, 'running', ?, ?)`,
          )
          .run(id, tokenSerial, JSON.stringify(settings), this.#now().toISOString(), String(process.pid));
      })(),
    );
    this.#own.add(id);
    return this.get(id);
  }

  get(id: string): JournalledFormat {
    const [found] = this.#select('WHERE id = ?', id);
    if (!found) throw new Error('no such format in the journal');
    return found;
  }

  reached(id: string, stage: FormatStage): void {
    asStorageErrors(() =>
      this.#database
        .prepare('INSERT INTO format_stages (format_id, stage, at) VALUES (?, ?, ?)')
        .run(id, stage, this.#now().toISOString()),
    );
  }

  end(id: string, state: 'interrupted' | 'finished' | 'abandoned'): void {
    this.#own.delete(id);
    asStorageErrors(() =>
      this.#database.prepare('UPDATE formats SET state = ?, owner = NULL WHERE id = ?').run(state, id),
    );
  }

  /** Formats of this token that stand open and are carried out by nobody now, newest first. */
  openOn(tokenSerial: string): readonly JournalledFormat[] {
    return this.#select(`WHERE token_serial = ? AND state IN ('running', 'interrupted')`, tokenSerial).filter(
      (format) => format.state === 'interrupted' || this.#isLeft(format),
    );
  }

  #isLeft({ id, owner }: { id: string; owner: number }): boolean {
    return owner === process.pid ? !this.#own.has(id) : !isAlive(owner);
  }

  /** Newest first. */
  #select(where: string, ...values: readonly string[]): readonly (JournalledFormat & { owner: number })[] {
    return asStorageErrors(() =>
      z
        .array(row)
        .parse(
          this.#database
            .prepare(`SELECT * FROM formats ${where} ORDER BY started_at DESC, rowid DESC`)
            .all(...values),
        )
        .map((format) => ({ ...format, stages: this.#stages(format.id) })),
    );
  }

  #stages(id: string): readonly FormatStage[] {
    return z
      .array(formatStage)
      .parse(
        this.#database
          .prepare('SELECT stage FROM format_stages WHERE format_id = ? ORDER BY line')
          .pluck()
          .all(id),
      );
  }
}
