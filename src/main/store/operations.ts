import { z } from 'zod';
import { asStorageErrors, type KiltDatabase } from './database.ts';

const operation = z.object({
  at: z.iso.datetime(),
  kind: z.enum(['registered', 'signed-in', 'renewed']),
  result: z.enum(['done', 'failed']),
});
export type Operation = z.infer<typeof operation>;

/** What is remembered of a token: what its profile did, and `formatted`, after which there is no profile any more. */
type OperationKind = Operation['kind'] | 'formatted';

/** What was done with a token: the «last operations» of a profile. */
export class OperationLog {
  readonly #database: KiltDatabase;
  readonly #now: () => Date;

  constructor(database: KiltDatabase, now: () => Date = () => new Date()) {
    this.#database = database;
    this.#now = now;
  }

  add(entry: {
    tokenSerial: string;
    kind: OperationKind;
    result: Operation['result'];
    detail?: string;
  }): void {
    asStorageErrors(() =>
      this.#database
        .prepare('INSERT INTO operations (at, kind, result, token_serial, detail) VALUES (?, ?, ?, ?, ?)')
        .run(this.#now().toISOString(), entry.kind, entry.result, entry.tokenSerial, entry.detail ?? null),
    );
  }

  /** Newest first, none from before the token was last formatted: those were another profile's. */
  latest(tokenSerial: string, count: number): readonly Operation[] {
    return asStorageErrors(() =>
      z.array(operation).parse(
        this.#database
          .prepare(
            `SELECT at, kind, result FROM operations WHERE token_serial = :tokenSerial AND line >
                 (SELECT ifnull(max(line), 0) FROM operations WHERE token_serial = :tokenSerial AND kind = 'formatted')
               ORDER BY line DESC LIMIT :count`,
          )
          .all({ tokenSerial, count }),
      ),
    );
  }
}
