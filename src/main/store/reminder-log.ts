import { z } from 'zod';
import { asStorageErrors, type KiltDatabase } from './database.ts';

export interface ToldReminder {
  readonly reminder: string;
  /** Days before the end (negative: after it) that this telling stood for. */
  readonly milestone: number;
  readonly at: string;
}

const toldRow = z.object({ reminder: z.string(), milestone: z.number().int(), at: z.iso.datetime() });
const snoozedRow = z.object({ reminder: z.string(), until: z.iso.datetime() });

/** Which reminders have been told and which the user has put off. */
export class ReminderLog {
  readonly #database: KiltDatabase;

  constructor(database: KiltDatabase) {
    this.#database = database;
  }

  told(): readonly ToldReminder[] {
    return asStorageErrors(() =>
      z.array(toldRow).parse(this.#database.prepare('SELECT * FROM reminders_told').all()),
    );
  }

  /** Writes down what is about to be told, all or nothing. */
  tell(reminders: readonly ToldReminder[]): void {
    asStorageErrors(() =>
      this.#database.transaction(() => {
        const insert = this.#database.prepare(
          'INSERT OR REPLACE INTO reminders_told (reminder, milestone, at) VALUES (@reminder, @milestone, @at)',
        );
        for (const told of reminders) insert.run(told);
      })(),
    );
  }

  /** Until when each reminder is put off. */
  snoozed(): ReadonlyMap<string, string> {
    const rows = asStorageErrors(() =>
      z.array(snoozedRow).parse(this.#database.prepare('SELECT * FROM reminders_snoozed').all()),
    );
    return new Map(rows.map(({ reminder, until }) => [reminder, until]));
  }

  snooze(reminder: string, until: string): void {
    asStorageErrors(() =>
      this.#database
        .prepare('INSERT OR REPLACE INTO reminders_snoozed (reminder, until) VALUES (?, ?)')
        .run(reminder, until),
    );
  }
}
