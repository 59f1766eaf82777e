import { randomUUID } from 'node:crypto';
import { KiltError } from '#shared/errors.ts';
import type { OpenedFile } from './import-file.ts';

interface PendingImport {
  readonly tokenId: string;
  readonly file: OpenedFile;
  expiry: NodeJS.Timeout | undefined;
  isBeingWritten: boolean;
  isForgotten: boolean;
}

/** How long a private key from a file waits in memory for the user's consent. */
const consentMilliseconds = 10 * 60 * 1000;

/**
 * Files that were opened and wait for consent. A private key among them is overwritten when the file is forgotten; one
 * that is on its way to the token is let arrive first.
 */
export class PendingImports {
  readonly #pending = new Map<string, PendingImport>();

  keep(tokenId: string, file: OpenedFile): string {
    const id = randomUUID();
    const pending: PendingImport = {
      tokenId,
      file,
      expiry: undefined,
      isBeingWritten: false,
      isForgotten: false,
    };
    this.#pending.set(id, pending);
    this.#restartTime(id, pending);
    return id;
  }

  /** @throws KiltError `input-invalid` {field: `importId`} when there is none for this token */
  get(id: string, tokenId: string): OpenedFile {
    return this.#find(id, tokenId).file;
  }

  /**
   * Lends the file to `write`, and forgets it when that has gone well.
   *
   * @throws KiltError as {@link get}, `operation-busy` while it is being written already, and what `write` throws
   */
  async consume<T>(id: string, tokenId: string, write: (file: OpenedFile) => Promise<T>): Promise<T> {
    const pending = this.#find(id, tokenId);
    if (pending.isBeingWritten) throw new KiltError('operation-busy');
    pending.isBeingWritten = true;
    clearTimeout(pending.expiry);
    try {
      const result = await write(pending.file);
      pending.isForgotten = true;
      return result;
    } finally {
      pending.isBeingWritten = false;
      if (pending.isForgotten) this.forget(id);
      else this.#restartTime(id, pending);
    }
  }

  /** May be called for one that is gone. */
  forget(id: string): void {
    const pending = this.#pending.get(id);
    if (!pending) return;
    pending.isForgotten = true;
    if (pending.isBeingWritten) return;
    clearTimeout(pending.expiry);
    pending.file.forget();
    this.#pending.delete(id);
  }

  forgetAll(): void {
    for (const id of [...this.#pending.keys()]) this.forget(id);
  }

  /** Forgets what was opened for other tokens. */
  keepOnly(tokenIds: ReadonlySet<string>): void {
    for (const [id, { tokenId }] of [...this.#pending]) if (!tokenIds.has(tokenId)) this.forget(id);
  }

  #find(id: string, tokenId: string): PendingImport {
    const pending = this.#pending.get(id);
    if (pending?.tokenId !== tokenId || pending.isForgotten)
      throw new KiltError('input-invalid', { field: 'importId' });
    return pending;
  }

  #restartTime(id: string, pending: PendingImport): void {
    pending.expiry = setTimeout(() => this.forget(id), consentMilliseconds);
    pending.expiry.unref();
  }
}
