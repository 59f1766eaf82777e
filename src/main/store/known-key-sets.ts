import { z } from 'zod';
import { asStorageErrors, type KiltDatabase } from './database.ts';

/** What is known against a key set's certificates. */
export const keySetStanding = z.object({ state: z.enum(['revoked', 'suspended']), since: z.string() });
export type KeySetStanding = z.infer<typeof keySetStanding>;

/** Which one: a profile on a token. */
export interface KeySetKey {
  readonly tokenSerial: string;
  readonly bankId: string;
  readonly userId: string;
}

/** The two keys of one profile on one token that was once in a reader of this computer. */
export interface KnownKeySet extends KeySetKey {
  /** What the token was called when it was last seen. */
  readonly tokenName: string;
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
      z
        .array(row)
        .parse(
          this.#database
            .prepare('SELECT * FROM known_key_sets ORDER BY token_serial, bank_id, user_id')
            .all(),
        ),
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
           ON CONFLICT (token_serial, bank_id, user_id) DO UPDATE SET
             token_name = excluded.token_name,
             standing = CASE WHEN signature_certificate = excluded.signature_certificate
                              AND sign_in_certificate = excluded.sign_in_certificate THEN standing END,
             signature_certificate = excluded.signature_certificate,
             sign_in_certificate = excluded.sign_in_certificate`,
        )
        .run(found),
    );
  }

  /** The profile is on the token no more. */
  forget({ tokenSerial, bankId, userId }: KeySetKey): void {
    asStorageErrors(() =>
      this.#database
        .prepare('DELETE FROM known_key_sets WHERE token_serial = ? AND bank_id = ? AND user_id = ?')
        .run(tokenSerial, bankId, userId),
    );
  }

  setStanding({ tokenSerial, bankId, userId }: KeySetKey, standing: KeySetStanding | undefined): void {
    asStorageErrors(() =>
      this.#database
        .prepare(
          'UPDATE known_key_sets SET standing = ? WHERE token_serial = ? AND bank_id = ? AND user_id = ?',
        )
        .run(standing ? JSON.stringify(standing) : null, tokenSerial, bankId, userId),
    );
  }
}
