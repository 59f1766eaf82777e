import { z } from 'zod';
import { asStorageErrors, type KiltDatabase } from './database.ts';

/** Whose file of a bank this computer has taken. Fingerprints are lower-case hexadecimal SHA-256 of public keys. */
export interface KeptPublisher {
  readonly bankId: string;
  /** Key that signed the newest version taken. */
  readonly fingerprint: string;
  /** Key that signed the first one; the same until a bank has changed its key. */
  readonly firstFingerprint: string;
  /** Keys that the newest version names as those that may sign the next. */
  readonly nextSigners: readonly string[];
  /** Highest version taken. */
  readonly version: number;
}

const row = z
  .object({
    bank_id: z.string(),
    fingerprint: z.string(),
    first_fingerprint: z.string(),
    next_signers: z.string(),
    version: z.number().int(),
  })
  .transform((found): KeptPublisher => ({
    bankId: found.bank_id,
    fingerprint: found.fingerprint,
    firstFingerprint: found.first_fingerprint,
    nextSigners: z.array(z.string()).parse(JSON.parse(found.next_signers)),
    version: found.version,
  }));

/** The keys that were confirmed on this computer, one a bank. */
export class BankPublisherStore {
  readonly #database: KiltDatabase;

  constructor(database: KiltDatabase) {
    this.#database = database;
  }

  get(bankId: string): KeptPublisher | undefined {
    return asStorageErrors(() => {
      const found = this.#database.prepare('SELECT * FROM bank_publishers WHERE bank_id = ?').get(bankId);
      return found === undefined ? undefined : row.parse(found);
    });
  }

  /** Keeps it in place of what was there, unless another process has kept a higher version meanwhile. */
  keep(publisher: KeptPublisher): void {
    asStorageErrors(() =>
      this.#database
        .prepare(
          `INSERT INTO bank_publishers (bank_id, fingerprint, first_fingerprint, next_signers, version)
           VALUES (@bankId, @fingerprint, @firstFingerprint, @nextSigners, @version)
           ON CONFLICT (bank_id) DO UPDATE SET
             fingerprint = excluded.fingerprint,
             first_fingerprint = excluded.first_fingerprint,
             next_signers = excluded.next_signers,
             version = excluded.version
           WHERE excluded.version >= version`,
        )
        .run({ ...publisher, nextSigners: JSON.stringify(publisher.nextSigners) }),
    );
  }

  forget(bankId: string): void {
    asStorageErrors(() =>
      this.#database.prepare('DELETE FROM bank_publishers WHERE bank_id = ?').run(bankId),
    );
  }
}
