import { z } from 'zod';
import { asStorageErrors, type KiltDatabase } from './database.ts';

const row = z.object({ reason: z.string().nullable() });

/** That a bank wants a customer's keys regenerated out of turn: said at a sign-in, remembered until the next. */
export class RenewalDemandStore {
  readonly #database: KiltDatabase;
  readonly #now: () => Date;

  constructor(database: KiltDatabase, now: () => Date) {
    this.#database = database;
    this.#now = now;
  }

  /** @returns `reason` in the bank's words, where it gave any; `undefined` where nothing is demanded */
  of(bankId: string, userId: string): { readonly reason: string | undefined } | undefined {
    return asStorageErrors(() => {
      const query = 'SELECT reason FROM renewal_demands WHERE bank_id = ? AND user_id = ?';
      const found = row.optional().parse(this.#database.prepare(query).get(bankId, userId));
      return found && { reason: found.reason ?? undefined };
    });
  }

  /** What the bank says at a sign-in; where it says nothing, it demands nothing. */
  heard(
    bankId: string,
    userId: string,
    said: { readonly demanded: boolean; readonly reason?: string | undefined } | undefined,
  ): void {
    asStorageErrors(() => {
      if (said?.demanded !== true) {
        this.#database
          .prepare('DELETE FROM renewal_demands WHERE bank_id = ? AND user_id = ?')
          .run(bankId, userId);
        return;
      }
      this.#database
        .prepare('INSERT OR REPLACE INTO renewal_demands (bank_id, user_id, reason, at) VALUES (?, ?, ?, ?)')
        .run(bankId, userId, said.reason ?? null, this.#now().toISOString());
    });
  }
}
