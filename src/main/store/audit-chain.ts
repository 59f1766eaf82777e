import { createHash } from 'node:crypto';
import type { AuditEntry } from '#shared/control-panel-views.ts';

/**
 * The chain that holds the lines of the audit together: each line's hash covers the line and the hash before it, so
 * that a line which is changed, taken out or put in shows at the first place that no longer fits.
 *
 * The chain has no key. It shows what was changed by hand or by an accident; whoever rewrites every line that follows
 * can only be shown by an export made earlier.
 */

/** What stands before the first line. */
export const chainStart = '0'.repeat(64);

export type UnhashedEntry = Omit<AuditEntry, 'hash'>;

/** SHA-256, lower-case hexadecimal, over the canonical JSON of the entry together with the hash before. */
export const chainHash = (previous: string, entry: UnhashedEntry): string =>
  createHash('sha256')
    .update(canonicalJson({ ...entry, previous }))
    .digest('hex');

/**
 * JSON with one form only (RFC 8785): members sorted by their names' UTF-16 units, no spaces. For the plain objects,
 * texts, numbers, booleans and `null` that an entry is made of.
 */
export function canonicalJson(value: unknown): string {
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  const members = Object.entries(value)
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, member]) => `${JSON.stringify(name)}:${canonicalJson(member)}`);
  return `{${members.join(',')}}`;
}

/** Follows a chain line by line. */
export class ChainCheck {
  #line = 0;
  #head = chainStart;
  #brokenAt: number | undefined;

  /** @param entry as it was stored; `undefined`: there is a line but it can not be read */
  next(entry: AuditEntry | undefined): void {
    if (this.#brokenAt !== undefined) return;
    this.#line += 1;
    if (entry === undefined || !this.#fits(entry)) this.#brokenAt = this.#line;
    else this.#head = entry.hash;
  }

  /** Hash of the last line that fits. */
  get head(): string {
    return this.#head;
  }

  /** @param lines how many there must be; more than were seen means that the end was cut off */
  result(lines: number): AuditChainState {
    const brokenAt = this.#brokenAt ?? (this.#line === lines ? undefined : this.#line + 1);
    return brokenAt === undefined ? { state: 'intact' } : { state: 'broken', brokenAt };
  }

  #fits({ hash, ...entry }: AuditEntry): boolean {
    return entry.line === this.#line && hash === chainHash(this.#head, entry);
  }
}

export type AuditChainState =
  { readonly state: 'intact' } | { readonly state: 'broken'; readonly brokenAt: number };
