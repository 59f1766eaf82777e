import { mkdirSync, readdirSync, statSync, watch } from 'node:fs';
import path from 'node:path';
import { KiltError } from '#shared/errors.ts';
import type { BankView } from '#shared/views.ts';
import {
  bankFileBytes,
  bankFileExtension,
  reportOnBankFile,
  unsignedExtension,
  type BankSigner,
} from './bank-file.ts';
import type { BankSystem } from './bank-system.ts';
import type { BankTrust } from './bank-trust.ts';

/** A bank's file as the directory has it: one that can be used, or one that can not and why. */
export interface BankEntry {
  readonly fileName: string;
  /** What the file says, also where it may not be used; absent where it can not be read. */
  readonly bank?: BankSystem;
  /** Absent for a file without signature, and where the signature is wrong. */
  readonly signer?: BankSigner;
  /** Why the bank can not be used. */
  readonly error?: KiltError;
  /** `launch`: named when Kilt was started, and in no folder of its own. */
  readonly place: 'folder' | 'launch';
}

export interface BankDirectoryOptions {
  readonly trust: Pick<BankTrust, 'standing' | 'version'>;
  /** Files without signature are for testers: a packaged Kilt refuses them. */
  readonly unsigned: 'accept' | 'refuse';
  /** One more file, wherever it lies. Who names it when starting Kilt answers for it. */
  readonly launchFile?: string | undefined;
  readonly now?: () => Date;
}

interface ReadFile {
  readonly stamp: string;
  readonly report: Pick<BankEntry, 'bank' | 'signer' | 'error'>;
}

/** A file that is copied into the folder changes many times. */
const settleMilliseconds = 100;

/**
 * All bank systems this Kilt knows: those of its folder, and those of the file it was started with.
 *
 * What is on the disk counts, at every question: a file that another process has put there or taken away is noticed
 * without a restart. Files are read again only when they have changed. One that can not be used hides no other.
 */
export class BankDirectory {
  readonly #folder: string;
  readonly #options: BankDirectoryOptions;
  readonly #now: () => Date;
  readonly #read = new Map<string, ReadFile>();
  readonly #listeners = new Set<() => void>();

  /**
   * @param folder may be absent
   * @throws KiltError `bank-file-…` when the launch file can not be used: who named it waits for the answer
   */
  constructor(folder: string, options: BankDirectoryOptions) {
    this.#folder = folder;
    this.#options = options;
    this.#now = options.now ?? (() => new Date());
    const error = options.launchFile === undefined ? undefined : this.#launchEntry(options.launchFile).error;
    if (error) throw error;
  }

  /** Where imported files lie. */
  get folder(): string {
    return this.#folder;
  }

  /** Every file, signed ones first, in order of names; the one Kilt was started with before all. */
  entries(): readonly BankEntry[] {
    const { launchFile } = this.#options;
    const entries = [
      ...(launchFile === undefined ? [] : [this.#launchEntry(launchFile)]),
      ...bankFileNames(this.#folder).map((name) => this.#folderEntry(name)),
    ];
    this.#forgetOthers(entries);
    const taken = new Set<string>();
    return entries.map((entry) => {
      if (!entry.bank || entry.error) return entry;
      const { id } = entry.bank;
      if (!taken.has(id)) {
        taken.add(id);
        return entry;
      }
      const reason = 'another file has this id';
      return { ...entry, error: new KiltError('bank-file-invalid', { field: 'id', reason }) };
    });
  }

  /** Banks that can be used. One whose file has ended is among them: its profiles go on working. */
  all(): readonly BankSystem[] {
    return this.entries().flatMap(({ bank, error }) => (bank && !error ? [bank] : []));
  }

  /** Banks that a new profile may be made for. */
  offered(): readonly BankSystem[] {
    return this.all().filter((bank) => !hasEnded(bank, this.#now()));
  }

  find(id: string): BankSystem | undefined {
    return this.all().find((bank) => bank.id === id);
  }

  /** @throws KiltError `bank-file-…` saying why this Kilt can not use that bank, or that it has no file of it */
  get(id: string): BankSystem {
    const entries = this.entries().filter(({ bank }) => bank?.id === id);
    const usable = entries.find(({ error }) => !error)?.bank;
    if (usable) return usable;
    throw (
      entries[0]?.error ??
      new KiltError('bank-file-invalid', { field: 'id', reason: `no bank file for ${id}` })
    );
  }

  /** As {@link get}, for a new profile. @throws KiltError also `bank-file-ended` {notAfter} */
  getForNewProfile(id: string): BankSystem {
    const bank = this.get(id);
    if (hasEnded(bank, this.#now())) throw fileEnded(bank);
    return bank;
  }

  /** Tells of changes in the folder, by whomever. Returns the function that ends it. */
  onChange(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** For whoever has changed the folder: its listeners need not wait for the system to tell. */
  changed(): void {
    for (const listener of this.#listeners) listener();
  }

  /**
   * Begins to watch the folder, and makes it where it is not there. Returns the function that ends it. Where the system
   * can not tell, changes show at the next question all the same.
   */
  watch(): () => void {
    let settling: NodeJS.Timeout | undefined;
    try {
      mkdirSync(this.#folder, { recursive: true, mode: 0o700 });
    } catch {
      return () => undefined;
    }
    const watcher = watch(this.#folder, { persistent: false }, () => {
      clearTimeout(settling);
      settling = setTimeout(() => this.changed(), settleMilliseconds);
      settling.unref();
    });
    // The folder was taken away. What is on the disk still counts at the next question.
    watcher.on('error', () => watcher.close());
    return () => {
      clearTimeout(settling);
      watcher.close();
    };
  }

  #launchEntry(file: string): BankEntry {
    return { fileName: path.basename(file), place: 'launch', ...this.#reportOn(file, 'accept') };
  }

  #folderEntry(name: string): BankEntry {
    const report = this.#reportOn(path.join(this.#folder, name), this.#options.unsigned);
    const entry: BankEntry = { fileName: name, place: 'folder', ...report };
    const error = entry.error ?? this.#whyUntrusted(entry);
    return error ? { ...entry, error } : entry;
  }

  /** Asked anew each time: another process may have confirmed a key or taken a newer version. */
  #whyUntrusted({ bank, signer }: BankEntry): KiltError | undefined {
    if (!bank || !signer) return undefined;
    const { trust } = this.#options;
    switch (trust.standing(bank.id, signer.fingerprint)) {
      case 'known': {
        const newest = trust.version(bank.id) ?? 0;
        return bank.version < newest
          ? new KiltError('bank-file-older', { version: bank.version, newest })
          : undefined;
      }
      case 'new':
      case 'successor':
        return new KiltError('bank-not-confirmed');
      case 'other':
        return new KiltError('bank-signer-changed');
    }
  }

  #reportOn(file: string, unsigned: 'accept' | 'refuse'): ReadFile['report'] {
    const stamp = stampOf(file);
    const known = this.#read.get(file);
    if (known && known.stamp === stamp) return known.report;
    const report = readReport(file, unsigned);
    if (stamp !== undefined) this.#read.set(file, { stamp, report });
    return report;
  }

  #forgetOthers(entries: readonly BankEntry[]): void {
    const present = new Set(entries.map(({ fileName }) => path.join(this.#folder, fileName)));
    for (const file of this.#read.keys())
      if (!present.has(file) && file !== this.#options.launchFile) this.#read.delete(file);
  }
}

function readReport(file: string, unsigned: 'accept' | 'refuse'): ReadFile['report'] {
  try {
    const { read, signer, error } = reportOnBankFile(bankFileBytes(file), {
      fileName: path.basename(file),
      unsigned,
    });
    return { ...read, ...(signer ? { signer } : {}), ...(error ? { error } : {}) };
  } catch (error) {
    if (error instanceof KiltError) return { error };
    throw error;
  }
}

/** Changes whenever the file does; `undefined` when it can not be looked at. */
function stampOf(file: string): string | undefined {
  try {
    const { ino, size, mtimeNs, ctimeNs } = statSync(file, { bigint: true });
    return [ino, size, mtimeNs, ctimeNs].join(' ');
  } catch {
    return undefined;
  }
}

function bankFileNames(folder: string): readonly string[] {
  try {
    return (
      readdirSync(folder)
        .filter((name) => [bankFileExtension, unsignedExtension].includes(path.extname(name)))
        // Signed ones first: they count where an unsigned one has the same id.
        .sort(
          (a, b) =>
            Number(b.endsWith(bankFileExtension)) - Number(a.endsWith(bankFileExtension)) || (a < b ? -1 : 1),
        )
    );
  } catch {
    return [];
  }
}

export const hasEnded = ({ notAfter }: BankSystem, now: Date): boolean =>
  notAfter !== undefined && new Date(notAfter) <= now;

export const fileEnded = ({ notAfter = '' }: BankSystem): KiltError =>
  new KiltError('bank-file-ended', { notAfter });

export const bankView = (bank: BankSystem, now = new Date()): BankView => ({
  id: bank.id,
  name: bank.name,
  bankName: bank.bank,
  description: bank.description,
  authentication: bank.authentication,
  ...(bank.national ? { nationalOwner: bank.national.owner } : {}),
  siteUrl: bank.site,
  ended: hasEnded(bank, now),
  ...(bank.help ? { help: bank.help } : {}),
  ...(bank.support ? { support: bank.support } : {}),
});
