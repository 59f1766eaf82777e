import { z } from 'zod';
import { asStorageErrors, type KiltDatabase } from './database.ts';

/** That the user lets the pages of a site call Kilt. */
export interface SiteApproval {
  /** Serialised: scheme, host and port. Two sites are one when this is the same string. */
  readonly origin: string;
  /** How its page has come: `extension` or `loopback`. */
  readonly way: string;
  readonly approvedAt: string;
  readonly expiresAt: string;
  readonly lastUsedAt: string;
}

/** Who has not been asked anything for so long is asked again whether the site may call. */
export const approvalDays = 90;

const row = z
  .object({
    origin: z.string(),
    way: z.string(),
    approved_at: z.string(),
    expires_at: z.string(),
    last_used_at: z.string(),
  })
  .transform((found): SiteApproval => ({
    origin: found.origin,
    way: found.way,
    approvedAt: found.approved_at,
    expiresAt: found.expires_at,
    lastUsedAt: found.last_used_at,
  }));

/** Sites that may call Kilt. What is not in here, or has expired, is asked about. */
export class SiteApprovals {
  readonly #database: KiltDatabase;
  readonly #now: () => Date;
  readonly #listeners = new Set<() => void>();

  constructor(database: KiltDatabase, now: () => Date = () => new Date()) {
    this.#database = database;
    this.#now = now;
  }

  /** Those that hold, last used first. @throws KiltError `storage-failed` */
  list(): readonly SiteApproval[] {
    return asStorageErrors(() =>
      z
        .array(row)
        .parse(
          this.#database
            .prepare('SELECT * FROM site_approvals WHERE expires_at > ? ORDER BY last_used_at DESC, origin')
            .all(this.#now().toISOString()),
        ),
    );
  }

  isApproved(origin: string): boolean {
    return asStorageErrors(
      () =>
        this.#database
          .prepare('SELECT 1 FROM site_approvals WHERE origin = ? AND expires_at > ?')
          .get(origin, this.#now().toISOString()) !== undefined,
    );
  }

  /** The user has consented: from now on the site may call for {@link approvalDays}. */
  allow(origin: string, way: string): void {
    const now = this.#now();
    const expires = new Date(now.getTime() + approvalDays * 24 * 60 * 60 * 1000);
    asStorageErrors(() =>
      this.#database
        .prepare(
          `INSERT INTO site_approvals (origin, way, approved_at, expires_at, last_used_at)
           VALUES (@origin, @way, @now, @expires, @now)
           ON CONFLICT (origin) DO UPDATE SET
             way = excluded.way,
             expires_at = excluded.expires_at,
             last_used_at = excluded.last_used_at,
             approved_at = CASE WHEN expires_at > @now THEN approved_at ELSE excluded.approved_at END`,
        )
        .run({ origin, way, now: now.toISOString(), expires: expires.toISOString() }),
    );
    this.#tell();
  }

  /** The site has called; that alone does not make its approval last longer. */
  used(origin: string): void {
    asStorageErrors(() =>
      this.#database
        .prepare('UPDATE site_approvals SET last_used_at = ? WHERE origin = ?')
        .run(this.#now().toISOString(), origin),
    );
  }

  /** @returns whether there was an approval to take back */
  revoke(origin: string): boolean {
    const { changes } = asStorageErrors(() =>
      this.#database.prepare('DELETE FROM site_approvals WHERE origin = ?').run(origin),
    );
    this.#tell();
    return changes > 0;
  }

  /** @returns how many there were */
  revokeAll(): number {
    const { changes } = asStorageErrors(() => this.#database.prepare('DELETE FROM site_approvals').run());
    this.#tell();
    return changes;
  }

  /** Tells when an approval came or went in this program. Returns the function that ends the subscription. */
  onChange(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  #tell(): void {
    for (const listener of this.#listeners) listener();
  }
}
