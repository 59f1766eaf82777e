import { z } from 'zod';
import { certificateView } from '#shared/views.ts';
import { asStorageErrors, type KiltDatabase } from './database.ts';

/** A certificate whose key is on a token that was once in a reader of this computer. */
export interface KnownCertificate {
  readonly tokenSerial: string;
  /** What the token was called when it was last seen. */
  readonly tokenName: string;
  readonly issuer: string;
  /** Lower-case hexadecimal. */
  readonly serialNumber: string;
  readonly purpose: z.infer<typeof certificateView>['purpose'];
  readonly subjectName: string;
  readonly notAfter: string;
}

const row = z
  .object({
    token_serial: z.string(),
    token_name: z.string(),
    issuer: z.string(),
    serial_number: z.string(),
    purpose: certificateView.shape.purpose,
    subject_name: z.string(),
    not_after: z.iso.datetime(),
  })
  .transform((found): KnownCertificate => ({
    tokenSerial: found.token_serial,
    tokenName: found.token_name,
    issuer: found.issuer,
    serialNumber: found.serial_number,
    purpose: found.purpose,
    subjectName: found.subject_name,
    notAfter: found.not_after,
  }));

/** What this computer remembers of the certificates on tokens, so that it can tell of their end without the token. */
export class KnownCertificateStore {
  readonly #database: KiltDatabase;

  constructor(database: KiltDatabase) {
    this.#database = database;
  }

  /** In order of their end. */
  all(): readonly KnownCertificate[] {
    return asStorageErrors(() =>
      z
        .array(row)
        .parse(
          this.#database
            .prepare('SELECT * FROM known_certificates ORDER BY not_after, token_serial, serial_number')
            .all(),
        ),
    );
  }

  /** What is on a token now; everything known of it before is forgotten. */
  replace(tokenSerial: string, certificates: readonly Omit<KnownCertificate, 'tokenSerial'>[]): void {
    asStorageErrors(() =>
      this.#database.transaction(() => {
        this.#database.prepare('DELETE FROM known_certificates WHERE token_serial = ?').run(tokenSerial);
        const insert = this.#database.prepare(
          `INSERT OR REPLACE INTO known_certificates
             (token_serial, token_name, issuer, serial_number, purpose, subject_name, not_after)
           VALUES (@tokenSerial, @tokenName, @issuer, @serialNumber, @purpose, @subjectName, @notAfter)`,
        );
        for (const certificate of certificates) insert.run({ ...certificate, tokenSerial });
      })(),
    );
  }
}
