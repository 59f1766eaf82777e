import type { DerBytes } from '#shared/bytes.ts';
import type { SignatureForm } from '#shared/signing-views.ts';
import type { DigestAlgorithm } from '#main/pki/digest-algorithms.ts';
import type { CertifiedSigner } from '#main/pki/signer.ts';
import type { DocumentDigest } from './document-digest.ts';

/** What the signatures of one batch have in common. */
export interface SignatureTerms {
  readonly form: SignatureForm;
  readonly signer: Pick<CertifiedSigner, 'algorithm' | 'certificate' | 'chain'>;
  /** The hash that goes with the signer's key. */
  readonly digest: DigestAlgorithm;
  /** Time-stamp over a signature, where one is wanted and the form has a place for it. */
  readonly stamp?: ((signature: Uint8Array, digest: DigestAlgorithm) => Promise<DerBytes>) | undefined;
  readonly now: () => Date;
}

/** A file for which everything is settled but the signature itself. */
export interface FileSignature {
  /** What the key signs. Asked for once. */
  readonly toSign: () => Uint8Array;
  /**
   * Writes the signature beside the document.
   *
   * @returns path of what was written
   * @throws KiltError `document-changed`, `document-unreadable`, `disk-full`, `file-not-written`; what `stamp` throws
   */
  readonly write: (signature: Uint8Array) => Promise<string>;
}

/**
 * Prepares the signature of a file that has been read through.
 *
 * @param file absolute
 * @throws KiltError where the file can not be signed in this form
 */
export type PrepareFile = (
  file: string,
  digest: DocumentDigest,
  terms: SignatureTerms,
) => Promise<FileSignature>;
