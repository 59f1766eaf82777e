import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, readdirSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { DerError } from '#main/pki/asn1.ts';
import type { CrlFault } from '#main/pki/revocation/crl-check.ts';
import { crlBytes, isOlder, parseCrl, type Crl } from '#main/pki/revocation/crl.ts';
import type { RevocationRequest, RevocationFetch } from './revocation-fetch.ts';

/** The list of the largest Kazakh CA has some 5 MB. */
const mostBytes = 16 * 1024 * 1024;
/** How long a list is used without asking for a newer one; after that only while there is no network. */
const freshForMs = 3_600_000;
const mostFiles = 32;
const mostInMemory = 8;

interface Entry {
  readonly crl: Crl;
  readonly fetchedAt: number;
}

/**
 * CRLs by their addresses, in memory and on the disk.
 *
 * A list is kept until its nextUpdate. It is asked for anew every hour; where that fails the old one still counts, so
 * that a train's tunnel keeps nobody from work. Nothing is taken on trust from the disk: whoever makes use of a list
 * checks its signature and dates.
 */
export class CrlCache {
  readonly #folder: string | undefined;
  readonly #fetch: RevocationFetch;
  readonly #now: () => Date;
  readonly #memory = new Map<string, Entry>();
  readonly #underWay = new Map<string, Promise<Crl>>();

  /** @param options `folder` absent: memory alone */
  constructor(options: { folder: string | undefined; fetch: RevocationFetch; now: () => Date }) {
    this.#folder = options.folder;
    this.#fetch = options.fetch;
    this.#now = options.now;
  }

  /**
   * The list at an address: the newest one that passes the check.
   *
   * Only a list that passes is kept, so that nobody can put a false one in the place of a true one; and an older one
   * never takes the place of a newer, so that nobody makes a revocation undone by delivering last month's list.
   *
   * @param check signature, issuer and dates
   * @param fresh asks the server even if the last list is not an hour old
   * @throws DerError when the server delivers no CRL, KiltError as {@link RevocationFetch}; in both cases only where
   *   there is no earlier list
   */
  async get(
    url: string,
    tlsAnchors: RevocationRequest['tlsAnchors'],
    fresh: boolean,
    check: (crl: Crl) => Promise<CrlFault | undefined>,
  ): Promise<{ readonly crl: Crl } | { readonly fault: CrlFault }> {
    const found = this.#kept(url);
    const keptFault = found && (await check(found.crl));
    // Another CA's list: those whom it is about ask for a newer one.
    if (keptFault === 'other-issuer') return { fault: keptFault };
    const kept = keptFault === undefined ? found : undefined;
    if (kept && !fresh && this.#isFresh(kept)) return { crl: kept.crl };
    try {
      const crl = await this.#download(url, tlsAnchors);
      const fault = await check(crl);
      if (fault !== undefined) return kept ? { crl: kept.crl } : { fault };
      if (kept && isOlder(crl, kept.crl)) return { crl: kept.crl };
      this.#remember(url, { crl, fetchedAt: this.#now().getTime() });
      this.#write(url, crl.der);
      return { crl };
    } catch (error) {
      if (kept) return { crl: kept.crl };
      throw error;
    }
  }

  #isFresh({ fetchedAt }: Entry): boolean {
    return this.#now().getTime() - fetchedAt < freshForMs;
  }

  /** Several certificates of one CA at the same time fetch its list once. */
  #download(url: string, tlsAnchors: readonly string[]): Promise<Crl> {
    let fetching = this.#underWay.get(url);
    if (!fetching) {
      fetching = this.#fetch({ url, tlsAnchors, mostBytes })
        .then((received) => parseCrl(crlBytes(received)))
        .finally(() => this.#underWay.delete(url));
      this.#underWay.set(url, fetching);
    }
    return fetching;
  }

  #kept(url: string): Entry | undefined {
    const entry = this.#memory.get(url) ?? this.#read(url);
    if (!entry?.crl.nextUpdate || entry.crl.nextUpdate < this.#now()) return undefined;
    return entry;
  }

  #remember(url: string, entry: Entry): void {
    this.#memory.delete(url);
    this.#memory.set(url, entry);
    for (const oldest of this.#memory.keys()) {
      if (this.#memory.size <= mostInMemory) break;
      this.#memory.delete(oldest);
    }
  }

  #file(url: string): string | undefined {
    return this.#folder && path.join(this.#folder, `${createHash('sha256').update(url).digest('hex')}.crl`);
  }

  #read(url: string): Entry | undefined {
    const file = this.#file(url);
    if (file === undefined) return undefined;
    try {
      // When it was fetched is not known any more: it serves only while the server can not be asked.
      const entry = { crl: parseCrl(new Uint8Array(readFileSync(file))), fetchedAt: 0 };
      this.#remember(url, entry);
      return entry;
    } catch (error) {
      if (error instanceof DerError) rmSync(file, { force: true });
      return undefined;
    }
  }

  /** A cache that can not be written is none; the check itself has gone well. */
  #write(url: string, der: Uint8Array): void {
    const file = this.#file(url);
    if (file === undefined || this.#folder === undefined) return;
    try {
      mkdirSync(this.#folder, { recursive: true });
      writeFileSync(`${file}.new`, der);
      renameSync(`${file}.new`, file);
      removeOldest(this.#folder);
    } catch {
      rmSync(`${file}.new`, { force: true });
    }
  }
}

function removeOldest(folder: string): void {
  const files = readdirSync(folder).map((name) => path.join(folder, name));
  const byAge = files.toSorted((a, b) => statSync(b).mtimeMs - statSync(a).mtimeMs);
  for (const file of byAge.slice(mostFiles)) rmSync(file, { force: true });
}
