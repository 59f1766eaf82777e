import { z } from 'zod';
import { asStorageErrors, type KiltDatabase } from './database.ts';

const operation = z.object({
  at: z.iso.datetime(),
  kind: z.enum(['registered', 'signed-in']),
  result: z.enum(['done', 'failed']),
});
export type Operation = z.infer<typeof operation>;

/** What was done with a token, newest first: the «last operations» of a profile. */
export class OperationLog {
  readonly #database: KiltDatabase;
  readonly #now: () => Date;

  constructor(database: KiltDatabase, now: () => Date = () => new Date()) {
    this.#database = database;
    this.#now = now;
  }

  add(entry: {
    tokenSerial: string;
    kind: Operation['kind'];
    result: Operation['result'];
    detail?: string;
  }): void {
    asStorageErrors(() =>
      this.#database
        .prepare('INSERT INTO operations (at, kind, result, token_serial, detail) VALUES (?, ?, ?, ?, ?)')
        .run(this.#now().toISOString(), entry.kind, entry.result, entry.tokenSerial, entry.detail ?? null),
    );
  }

  latest(tokenSerial: string, count: number): readonly Operation[] {
    return asStorageErrors(() =>
      z
        .array(operation)
        .parse(
          this.#database
            .prepare(
              'SELECT at, kind, result FROM operations WHERE token_serial = ? ORDER BY line DESC LIMIT ?',
            )
            .all(tokenSerial, count),
        ),
    );
  }
}
