import type { KiltError } from '#shared/errors.ts';
import type { AuditDetail, AuditLog, AuditSubject } from '#main/store/audit-log.ts';

/** Who asked for a signature. */
export type SigningOrigin = 'desktop' | 'command-line' | 'page';

/** Whose key signs, as the audit names it. */
export type KeySubject = Pick<AuditSubject, 'tokenSerial' | 'tokenLabel' | 'role'>;

/** What all lines of one batch have in common. */
export interface BatchFacts {
  readonly origin: SigningOrigin;
  /** Serial number of the signer's certificate. */
  readonly certificate: string;
  readonly form: string;
  /** Origin of the page that asked: scheme, host and port, nothing of what stands behind. */
  readonly site?: string | undefined;
}

/**
 * Receipts: one line of the audit before the key is used, one for each document, and one that says how it ended. Each is
 * bound to the one before by its hash, so that none can be taken out or changed unseen.
 *
 * Of a document they keep enough to recognise one that is laid beside it, and nothing that tells what it is about: the
 * audit is exported and sent to others, and names of files tell of customers, amounts and people.
 */
export class Receipts {
  readonly #audit: AuditLog;
  readonly #subject: KeySubject;
  readonly #facts: AuditDetail;

  constructor(audit: AuditLog, subject: KeySubject, { origin, certificate, form, site }: BatchFacts) {
    this.#audit = audit;
    this.#subject = subject;
    this.#facts = { origin, form, certificate, ...(site === undefined ? {} : { site }) };
  }

  /** @throws KiltError `disk-full`, `storage-failed` before `work` was begun; what `work` throws */
  batch<T>(documents: number, work: (learn: (detail: AuditDetail) => void) => Promise<T>): Promise<T> {
    const detail = { ...this.#facts, documents };
    return this.#audit.record({ ...this.#subject, action: 'sign-documents', detail }, work);
  }

  document(detail: AuditDetail, error?: KiltError): void {
    this.#audit.note(
      { ...this.#subject, action: 'sign-document', detail: { ...this.#facts, ...detail } },
      error ? 'failed' : 'done',
      error,
    );
  }
}
