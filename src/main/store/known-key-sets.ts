import { z } from 'zod';
import { asStorageErrors, type KiltDatabase } from './database.ts';

/** What is known against a key set's certificates. */
export const keySetStanding = z.object({ state: z.enum(['revoked', 'suspended']), since: z.string() });
export type KeySetStanding = z.infer<typeof keySetStanding>;

/** The two keys of one profile on one token that was once in a reader of this computer. */
export interface KnownKeySet {
  readonly tokenSerial: string;
  /** What the token was called when it was last seen. */
  readonly tokenName: string;
  readonly bankId: string;
  readonly userId: string;
  /** Base64 DER. */
  readonly signatureCertificate: string;
  readonly signInCertificate: string;
  /** As it was last asked. */
  readonly standing: KeySetStanding | undefined;
}

const row = z
  .object({
    token_serial: z.string(),
    token_name: z.string(),
    bank_id: z.string(),
    user_id: z.string(),
    signature_certificate: z.string(),
    sign_in_certificate: z.string(),
    standing: z.string().nullable(),
  })
  .transform((found): KnownKeySet => ({
    tokenSerial: found.token_serial,
    tokenName: found.token_name,
    bankId: found.bank_id,
    userId: found.user_id,
    signatureCertificate: found.signature_certificate,
    signInCertificate: found.sign_in_certificate,
    standing: found.standing === null ? undefined : keySetStanding.parse(JSON.parse(found.standing)),
  }));

/** What this computer remembers of key sets, so that it can tell of them without their tokens. */
export class KnownKeySetStore {
  readonly #database: KiltDatabase;

  constructor(database: KiltDatabase) {
    this.#database = database;
  }

  all(): readonly KnownKeySet[] {
    return asStorageErrors(() =>
      z.array(row).parse(this.#database.prepare('SELECT * FROM known_key_sets ORDER BY token_serial').all()),
    );
  }

  /** What is on the token now. What was known against the same certificates stays known. */
  remember(found: Omit<KnownKeySet, 'standing'>): void {
    asStorageErrors(() =>
      this.#database
        .prepare(
          `INSERT INTO known_key_sets
             (token_serial, token_name, bank_id, user_id, signature_certificate, sign_in_certificate)
           VALUES (@tokenSerial, @tokenName, @bankId, @userId, @signatureCertificate, @signInCertificate)
           ON CONFLICT (token_serial) DO UPDATE SET
             token_name = excluded.token_name, bank_id = excluded.bank_id, user_id = excluded.user_id,
             standing = CASE WHEN signature_certificate = excluded.signature_certificate
                              AND sign_in_certificate = excluded.sign_in_certificate THEN standing END,
             signature_certificate = excluded.signature_certificate,
             sign_in_certificate = excluded.sign_in_certificate`,
        )
        .run(found),
    );
  }

  /** There is no profile on the token any more. */
  forget(tokenSerial: string): void {
    asStorageErrors(() =>
      this.#database.prepare('DELETE FROM known_key_sets WHERE token_serial = ?').run(tokenSerial),
    );
  }

  setStanding(tokenSerial: string, standing: KeySetStanding | undefined): void {
    asStorageErrors(() =>
      this.#database
        .prepare('UPDATE known_key_sets SET standing = ? WHERE token_serial = ?')
        .run(standing ? JSON.stringify(standing) : null, tokenSerial),
    );
  }
}
