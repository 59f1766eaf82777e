import { z } from 'zod';
import { asStorageErrors, type KiltDatabase } from './database.ts';

export interface StoredProfile {
  readonly tokenSerial: string;
  readonly bankId: string;
  readonly userId: string;
  readonly customerName: string;
  readonly registeredAt: string;
  readonly registrationId: string;
}

const row = z
  .object({
    token_serial: z.string(),
    bank_id: z.string(),
    user_id: z.string(),
    customer_name: z.string(),
    registered_at: z.string(),
    registration_id: z.string(),
  })
  .transform((found): StoredProfile => ({
    tokenSerial: found.token_serial,
    bankId: found.bank_id,
    userId: found.user_id,
    customerName: found.customer_name,
    registeredAt: found.registered_at,
    registrationId: found.registration_id,
  }));

/** What this computer knows of profiles. The token's own record is what counts; this adds names and dates. */
export class ProfileStore {
  readonly #database: KiltDatabase;

  constructor(database: KiltDatabase) {
    this.#database = database;
  }

  save(profile: StoredProfile): void {
    asStorageErrors(() =>
      this.#database
        .prepare(
          `INSERT INTO profiles (token_serial, bank_id, user_id, customer_name, registered_at, registration_id)
           VALUES (@tokenSerial, @bankId, @userId, @customerName, @registeredAt, @registrationId)
           ON CONFLICT (token_serial, bank_id, user_id) DO UPDATE SET
             customer_name = excluded.customer_name,
             registered_at = excluded.registered_at,
             registration_id = excluded.registration_id`,
        )
        .run(profile),
    );
  }

  /** Profiles of one bank on the tokens that this computer has seen, without those of tokens that were formatted since. */
  ofBank(bankId: string): readonly StoredProfile[] {
    return asStorageErrors(() =>
      z.array(row).parse(
        this.#database
          .prepare(
            `SELECT * FROM profiles WHERE bank_id = ? AND NOT EXISTS (
                 SELECT 1 FROM operations
                 WHERE operations.token_serial = profiles.token_serial
                   AND kind = 'formatted' AND at >= registered_at)
               ORDER BY registered_at DESC`,
          )
          .all(bankId),
      ),
    );
  }

  onToken(tokenSerial: string): readonly StoredProfile[] {
    return asStorageErrors(() =>
      z
        .array(row)
        .parse(
          this.#database
            .prepare('SELECT * FROM profiles WHERE token_serial = ? ORDER BY registered_at DESC')
            .all(tokenSerial),
        ),
    );
  }
}
