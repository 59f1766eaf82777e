import { randomUUID } from 'node:crypto';
import path from 'node:path';
import type { DerBytes } from '#shared/bytes.ts';
import { errorViewOf } from '#shared/error-view.ts';
import { isKiltError, KiltError } from '#shared/errors.ts';
import type { SignatureForm, SignedDocumentView, SigningStage, SigningView } from '#shared/signing-views.ts';
import { CmsError } from '#main/pki/cms/cms-error.ts';
import { digestOfSigner, type DigestAlgorithm } from '#main/pki/digest-algorithms.ts';
import type { CertifiedSigner } from '#main/pki/signer.ts';
import { parseCertificate } from '#main/pki/x509.ts';
import { checkedSignature } from './checked-signature.ts';
import { prepareCmsFile } from './cms-file-signature.ts';
import { digestDocument } from './document-digest.ts';
import type { FileSignature, PrepareFile, SignatureTerms } from './file-signature.ts';
import { withFile } from './file-source.ts';
import { prepareXmlFile } from './xml-file-signature.ts';

export interface DocumentToSign {
  /** Names it in what is told of the batch; one of the batch's own where it has none. */
  readonly id?: string | undefined;
  /** Absolute. */
  readonly path: string;
  /** What was shown to the user, where something was: another document is then not signed. */
  readonly shownSha256?: string | undefined;
}

export interface BatchOrder {
  readonly documents: readonly DocumentToSign[];
  readonly form: SignatureForm;
  readonly signer: Pick<CertifiedSigner, 'algorithm' | 'certificate' | 'chain'>;
  /**
   * Opens the key once for all documents: one login, one session.
   *
   * @throws KiltError when nothing could be signed at all
   */
  readonly withKey: (work: (sign: CertifiedSigner['sign']) => Promise<void>) => Promise<void>;
  /** Time-stamp over a signature. */
  readonly stamp?: ((signature: Uint8Array, digest: DigestAlgorithm) => Promise<DerBytes>) | undefined;
  readonly now: () => Date;
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ((view: SigningView) => void) | undefined;
  /** Called once for each document whose signature was made or refused. */
  readonly onEnd?: ((document: SignedDocumentView, error?: KiltError) => void) | undefined;
}

/** The token, and with it the key, is not there any more: what has not been signed will not be. */
const keyIsLost = (error: KiltError): boolean =>
  [
    'token-removed',
    'token-swapped',
    'token-mute',
    'reader-unavailable',
    'pcsc-service-off',
    'pin-needed',
  ].includes(error.id);

/** How many documents a stage works on at once: the token does one after another. */
const atOnce = { reading: 4, signing: 1, writing: 4 } as const;

interface Document {
  readonly order: DocumentToSign;
  view: SignedDocumentView;
  file?: FileSignature;
  signature?: Uint8Array;
}

/**
 * Signs many documents with one key and one login. First all documents are read, so that the token is not held while a
 * large one goes by; then the token signs; then time-stamps are fetched and files written. What fails for one document is
 * told for that document, and the others go on.
 *
 * @returns each document with what became of it
 * @throws KiltError what `withKey` throws before anything was signed: nothing has been written then
 */
export async function signBatch(order: BatchOrder): Promise<SigningView> {
  const batch = new Batch(order);
  await batch.read();
  await batch.sign();
  await batch.finish();
  return batch.view('finished');
}

class Batch {
  readonly #order: BatchOrder;
  readonly #documents: readonly Document[];
  readonly #terms: SignatureTerms;
  readonly #prepare: PrepareFile;
  /** By which each signature is checked. */
  readonly #key: Pick<CertifiedSigner, 'algorithm'> & { readonly publicKeyInfo: DerBytes };
  #done = 0;

  constructor(order: BatchOrder) {
    this.#order = order;
    const { form, signer, stamp, now } = order;
    const { digest } = digestOfSigner(signer.algorithm);
    this.#terms = { form, signer, digest, stamp, now };
    this.#prepare = form === 'xml' ? prepareXmlFile : prepareCmsFile;
    this.#key = {
      algorithm: signer.algorithm,
      publicKeyInfo: parseCertificate(signer.certificate).publicKeyInfo,
    };
    this.#documents = order.documents.map((one) => ({
      order: one,
      view: { id: one.id ?? randomUUID(), fileName: path.basename(one.path), outcome: 'waiting' },
    }));
  }

  view(stage: SigningStage): SigningView {
    return { stage, done: this.#done, documents: this.#documents.map(({ view }) => view) };
  }

  async read(): Promise<void> {
    await this.#each('reading', this.#documents, async (document) => {
      const { path: file, shownSha256 } = document.order;
      const { signal } = this.#order;
      const digest = await withFile(file, (source) =>
        digestDocument(source, [this.#terms.digest.oid], signal),
      );
      document.view = { ...document.view, bytes: digest.bytes, sha256: digest.sha256 };
      if (shownSha256 !== undefined && shownSha256 !== digest.sha256) throw new KiltError('document-changed');
      document.file = await this.#prepare(file, digest, this.#terms);
    });
  }

  async sign(): Promise<void> {
    const waiting = this.#waiting();
    if (waiting.length === 0 || this.#order.signal?.aborted === true) {
      this.#cancel(waiting);
      return;
    }
    let lost: KiltError | undefined;
    let begun = false;
    const session = this.#order.withKey((sign) =>
      this.#each('signing', waiting, async (document) => {
        begun = true;
        if (lost) throw lost;
        try {
          document.signature = await checkedSignature(
            { ...this.#key, sign },
            settled(document.file).toSign(),
          );
        } catch (error) {
          if (isKiltError(error) && keyIsLost(error)) lost = error;
          throw error;
        }
      }),
    );
    await session.catch((error: unknown) => {
      // The token was pulled while the session was being closed: what it has signed is not lost by that.
      if (!begun) throw error;
    });
  }

  async finish(): Promise<void> {
    // What has been signed is finished: a cancel comes too late for it.
    const signed = this.#waiting().filter(({ signature }) => signature !== undefined);
    await this.#each('writing', signed, async (document) => {
      const file = await settled(document.file).write(settled(document.signature));
      document.view = { ...document.view, outcome: 'signed', signatureFileName: path.basename(file) };
      this.#order.onEnd?.(document.view);
    });
    this.#cancel(this.#waiting());
  }

  #waiting(): readonly Document[] {
    return this.#documents.filter(({ view }) => view.outcome === 'waiting');
  }

  #cancel(documents: readonly Document[]): void {
    for (const document of documents) document.view = { ...document.view, outcome: 'cancelled' };
  }

  /** One stage of the work for each document: in turn, or where the disk is waited for some at once. */
  async #each(
    stage: Exclude<SigningStage, 'finished'>,
    documents: readonly Document[],
    work: (document: Document) => Promise<void>,
  ): Promise<void> {
    this.#done = 0;
    this.#tell(stage);
    const waiting = documents.values();
    const one = async (): Promise<void> => {
      for (const document of waiting) {
        if (stage !== 'writing' && this.#order.signal?.aborted === true) break;
        try {
          await work(document);
        } catch (error) {
          if (!isKiltError(error, 'operation-cancelled')) this.#fail(document, error);
        }
        this.#done += 1;
        this.#tell(stage);
      }
    };
    await Promise.all(Array.from({ length: atOnce[stage] }, one));
  }

  #fail(document: Document, error: unknown): void {
    const known =
      error instanceof CmsError
        ? new KiltError('document-changed', {}, { cause: error })
        : isKiltError(error)
          ? error
          : new KiltError('internal', { step: 'sign-document' }, { cause: error });
    document.view = { ...document.view, outcome: 'failed', error: errorViewOf(known) };
    this.#order.onEnd?.(document.view, known);
  }

  #tell(stage: SigningStage): void {
    this.#order.onProgress?.(this.view(stage));
  }
}

/** What an earlier stage has left for this one. */
function settled<T>(left: T | undefined): T {
  if (left === undefined) throw new KiltError('internal', { step: 'sign-document' });
  return left;
}
