import { randomUUID } from 'node:crypto';
import { mkdirSync, rmSync } from 'node:fs';
import path from 'node:path';
import type { BankFileView, BankImportView, BankSignerView } from '#shared/bank-views.ts';
import { errorViewOf } from '#shared/error-view.ts';
import { KiltError } from '#shared/errors.ts';
import { readFingerprint } from '#shared/fingerprint.ts';
import type { AuditLog, AuditSubject } from '#main/store/audit-log.ts';
import { writeWhole } from '#main/store/whole-file.ts';
import {
  bankFileBytes,
  bankFileExtension,
  reportOnBankFile,
  unsignedExtension,
  type BankSigner,
  type SignedBankFile,
} from './bank-file.ts';
import { bankChanges, bankDetails } from './bank-file-views.ts';
import { fileEnded, hasEnded, type BankDirectory, type BankEntry } from './bank-files.ts';
import type { BankTrust } from './bank-trust.ts';

export interface BankImportsOptions {
  readonly directory: BankDirectory;
  readonly trust: BankTrust;
  readonly unsigned: 'accept' | 'refuse';
  readonly audit: Pick<AuditLog, 'record'>;
  /** User IDs on this computer that can not do without the bank. */
  readonly uses: (bankId: string) => Pick<BankFileView, 'profiles' | 'unfinished'>;
  readonly now: () => Date;
}

interface PendingImport {
  readonly fileName: string;
  readonly bytes: Uint8Array;
}

/** Files whose preview is on the screen at once; the oldest is forgotten when there is another. */
const mostPending = 16;

/**
 * Takes banks' files in and away. A file is shown before it is taken, and what was shown is what is taken: its bytes
 * wait here for the consent, whatever becomes of the file meanwhile.
 */
export class BankImports {
  readonly #options: BankImportsOptions;
  readonly #pending = new Map<string, PendingImport>();

  constructor(options: BankImportsOptions) {
    this.#options = options;
  }

  /** Every bank's file on this computer, those that can not be used as well. */
  list(): BankFileView[] {
    const now = this.#options.now();
    const unused = { profiles: [], unfinished: [] };
    return this.#options.directory.entries().map(({ fileName, place, bank, signer, error }) => ({
      fileName,
      place,
      state: error || !bank ? 'unusable' : hasEnded(bank, now) ? 'ended' : 'usable',
      ...(bank ? { bank: bankDetails(bank) } : {}),
      ...(signer ? { signer: this.#signerView(signer, bank?.id) } : {}),
      ...(error ? { error: errorViewOf(error) } : {}),
      ...(bank ? this.#options.uses(bank.id) : unused),
    }));
  }

  /**
   * Opens a file and says whose it is and what it would change. Nothing is changed yet.
   *
   * @throws KiltError `bank-file-invalid` {field, reason}, `bank-file-unsigned`, `bank-signature-wrong`,
   *   `bank-signer-changed`, `bank-file-older` {version, newest}, `bank-file-ended`
   */
  open(file: string): BankImportView {
    const pending = { fileName: path.basename(file), bytes: bankFileBytes(file) };
    const view = this.#preview(pending);
    const importId = randomUUID();
    for (const oldest of [...this.#pending.keys()].slice(0, this.#pending.size - mostPending + 1))
      this.#pending.delete(oldest);
    this.#pending.set(importId, pending);
    return { importId, ...view };
  }

  /**
   * Takes the file in, after the user's consent.
   *
   * @param consent `fingerprint` of the signer, as the user compared it with the bank's paper; needed while nobody has
   *   confirmed it on this computer
   * @throws KiltError as {@link open} (things may have changed since), `confirmation-differs`, `input-invalid`
   *   {field: `importId`}, `disk-full`, `file-not-written`
   */
  async accept(
    importId: string,
    consent: { readonly fingerprint?: string | undefined },
  ): Promise<BankFileView[]> {
    const pending = this.#pending.get(importId);
    if (!pending) throw new KiltError('input-invalid', { field: 'importId' });
    const { bank, signer } = this.#read(pending);
    const { standing } = this.#preview(pending);
    if (standing === 'new' && readFingerprint(consent.fingerprint ?? '') !== signer?.fingerprint)
      throw new KiltError('confirmation-differs');
    const { directory, trust } = this.#options;
    await this.#audited('import-bank', bank.id, { version: bank.version, signer }, async () => {
      mkdirSync(directory.folder, { recursive: true, mode: 0o700 });
      const extension = signer ? bankFileExtension : unsignedExtension;
      // First the file: a key that is confirmed for a version that is not there would shut the one out that is.
      await writeWhole(path.join(directory.folder, `${bank.id}${extension}`), pending.bytes);
      if (signer)
        trust.keep({
          bankId: bank.id,
          fingerprint: signer.fingerprint,
          nextSigners: (bank.nextSigners ?? []).flatMap((text) => readFingerprint(text) ?? []),
          version: bank.version,
        });
    });
    this.forget(importId);
    directory.changed();
    return this.list();
  }

  /** May be called for one that is gone. */
  forget(importId: string): void {
    this.#pending.delete(importId);
  }

  /**
   * Takes a file away, and forgets whose key it was when that was the bank's only file.
   *
   * @throws KiltError `input-invalid` {field: `fileName`}, `bank-in-use`, `file-not-written`
   */
  async remove(fileName: string): Promise<BankFileView[]> {
    const { directory, trust, uses } = this.#options;
    const entries = directory.entries();
    const entry = entries.find((one) => one.fileName === fileName && one.place === 'folder');
    if (!entry) throw new KiltError('input-invalid', { field: 'fileName' });
    const id = entry.bank?.id;
    const others = entries.filter((other) => other !== entry && other.bank?.id === id && !other.error);
    // A file that can not be used is no loss to anybody, and its removal changes nobody's trust.
    const isTheBanks = id !== undefined && !entry.error && others.length === 0;
    if (isTheBanks) {
      const { profiles, unfinished } = uses(id);
      if (profiles.length + unfinished.length > 0) throw new KiltError('bank-in-use');
    }
    await this.#audited('remove-bank', id ?? fileName, { signer: entry.signer }, async () => {
      removeFile(path.join(directory.folder, fileName));
      if (isTheBanks) trust.forget(id);
    });
    directory.changed();
    return this.list();
  }

  #read({ bytes, fileName }: PendingImport): SignedBankFile {
    const { read, error } = reportOnBankFile(bytes, { fileName, unsigned: this.#options.unsigned });
    if (!read) throw error ?? new KiltError('bank-file-invalid', { field: fileName });
    return read;
  }

  /** Everything that speaks against a file is thrown here, before anybody is asked and once more before it is taken. */
  #preview(pending: PendingImport): Omit<BankImportView, 'importId'> {
    const { directory, trust, now } = this.#options;
    const { bank, signer } = this.#read(pending);
    const standing = signer ? trust.standing(bank.id, signer.fingerprint) : 'unsigned';
    if (standing === 'other') throw new KiltError('bank-signer-changed');
    const newest = trust.version(bank.id);
    if (!signer && newest !== undefined)
      throw new KiltError('bank-file-unsigned', { field: pending.fileName });
    const entries = directory.entries();
    const installed = entries.find((entry) => entry.bank?.id === bank.id && !entry.error);
    // The same version again mends a file that is damaged or gone.
    const least = (newest ?? 0) + (installed?.signer ? 1 : 0);
    if (newest !== undefined && bank.version < least)
      throw new KiltError('bank-file-older', { version: bank.version, newest });
    if (hasEnded(bank, now())) throw fileEnded(bank);
    if (signer && !isValid(signer, now()))
      throw new KiltError('bank-file-ended', { notAfter: signer.notAfter.toISOString() });
    return {
      fileName: pending.fileName,
      bank: bankDetails(bank),
      ...(signer ? { signer: this.#signerView(signer, bank.id) } : {}),
      standing,
      ...(installed?.bank ? { installedVersion: installed.bank.version } : {}),
      changes: installed?.bank
        ? bankChanges(installed.bank, bank, { before: installed.signer, after: signer })
        : [],
      lookalikes: lookalikes({ fileName: '', place: 'folder', bank, ...(signer ? { signer } : {}) }, entries),
    };
  }

  #signerView({ name, fingerprint }: BankSigner, bankId: string | undefined): BankSignerView {
    const builtIn = bankId !== undefined && this.#options.trust.isBuiltIn(bankId, fingerprint);
    return { name, fingerprint, builtIn };
  }

  #audited(
    action: AuditSubject['action'],
    name: string,
    { signer, version }: { readonly signer: BankSigner | undefined; readonly version?: number },
    work: () => Promise<void>,
  ): Promise<void> {
    const detail = {
      ...(version === undefined ? {} : { version }),
      ...(signer ? { fingerprint: signer.fingerprint } : {}),
    };
    return this.#options.audit.record(
      { action, tokenSerial: '', tokenLabel: name, role: null, detail },
      work,
    );
  }
}

/** Banks of other signers that go by the same name or address: somebody may want to be taken for them. */
function lookalikes(candidate: BankEntry, entries: readonly BankEntry[]): string[] {
  const names = namesOf(candidate);
  return entries.flatMap((entry) =>
    entry.bank &&
    !entry.error &&
    entry.bank.id !== candidate.bank?.id &&
    entry.signer?.fingerprint !== candidate.signer?.fingerprint &&
    namesOf(entry).some((name) => names.includes(name))
      ? [entry.bank.id]
      : [],
  );
}

const namesOf = ({ bank }: BankEntry): string[] =>
  bank
    ? [...Object.values(bank.bank), ...Object.values(bank.name), bank.api.origin].map((name) =>
        name.normalize('NFKC').toLowerCase(),
      )
    : [];

const isValid = ({ notBefore, notAfter }: BankSigner, now: Date): boolean =>
  notBefore <= now && now <= notAfter;

function removeFile(file: string): void {
  try {
    rmSync(file);
  } catch (error) {
    const code = (error as { code?: unknown }).code;
    if (code === 'ENOENT') return;
    throw new KiltError('file-not-written', typeof code === 'string' ? { reason: code } : {}, {
      cause: error,
    });
  }
}
