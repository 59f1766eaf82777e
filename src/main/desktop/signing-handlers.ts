import { randomUUID } from 'node:crypto';
import path from 'node:path';
import { asSecret } from '#shared/bytes.ts';
import { KiltError } from '#shared/errors.ts';
import type { SigningView } from '#shared/signing-views.ts';
import type { Kilt } from '#main/kilt.ts';
import { digestDocument } from '#main/signing/document-digest.ts';
import { withFile } from '#main/signing/file-source.ts';
import { noSuchDocument, showDocument } from '#main/signing/document-preview.ts';
import type { Desktop } from './application.ts';
import type { Handlers } from './ipc.ts';

type SigningCalls = Pick<Handlers, Extract<keyof Handlers, `signing.${string}`>>;

interface ChosenDocument {
  readonly path: string;
  /** Set as soon as it was shown: nothing else is then signed under this name. */
  shownSha256?: string;
}

/** Chosen and not forgotten; a page that has lost its mind does not fill the memory. */
const mostRemembered = 5000;

/**
 * The bridge's calls for documents. The page names documents by what it was given for them; which files they are, the
 * user has said in the system's dialog or by dropping them.
 */
export function signingHandlers(
  kilt: Kilt,
  desktop: Desktop,
  tell: (view: SigningView) => void,
): SigningCalls {
  const documents = new Map<string, ChosenDocument>();
  let running: AbortController | undefined;
  let measured: Promise<unknown> = Promise.resolve();

  const remember = (files: readonly string[]) =>
    files.slice(0, mostRemembered - documents.size).map((file) => {
      const known = [...documents].find(([, one]) => one.path === file);
      const documentId = known?.[0] ?? randomUUID();
      // Chosen again: it may have been changed since, and is to be looked at anew.
      documents.set(documentId, { path: file });
      return { documentId, fileName: path.basename(file) };
    });
  const documentOf = (documentId: string): ChosenDocument => {
    const found = documents.get(documentId);
    if (!found) throw noSuchDocument();
    return found;
  };

  return {
    'signing.keys': async ({ tokenId }) => kilt.signing.keys(tokenId),
    'signing.chooseDocuments': async ({ what }) => remember(await desktop.chooseDocuments(what)),
    'signing.drop': async ({ paths }) => remember(paths.filter((file) => path.isAbsolute(file))),
    'signing.forget': async ({ documentId }) => {
      documents.delete(documentId);
    },
    'signing.measure': ({ documentId }) => {
      const document = documentOf(documentId);
      // One after the other: a hundred large files at once would wait for the same disk.
      const measuring = measured.then(async () => {
        const { bytes, sha256 } = await withFile(document.path, (source) => digestDocument(source, []));
        // What was shown counts for more than what was read some time or other.
        document.shownSha256 ??= sha256;
        return { bytes, sha256 };
      });
      measured = measuring.catch(() => undefined);
      return measuring;
    },
    async 'signing.show'({ documentId }) {
      const document = documentOf(documentId);
      const shown = await showDocument(document.path);
      document.shownSha256 = shown.sha256;
      return shown;
    },
    async 'signing.sign'({ tokenId, fingerprint, pin, documentIds, form, timestampUrl }) {
      if (running) throw new KiltError('operation-busy');
      const cancel = new AbortController();
      running = cancel;
      try {
        return await kilt.signing.signWithToken(
          { tokenId, fingerprint, pin: asSecret(pin) },
          {
            documents: documentIds.map((id) => ({ id, ...documentOf(id) })),
            form,
            timestampUrl,
            origin: 'desktop',
            signal: cancel.signal,
            onProgress: tell,
          },
        );
      } finally {
        running = undefined;
      }
    },
    'signing.cancel': async () => running?.abort(),
    'signing.openFolder': async ({ documentId }) => desktop.showInFolder(documentOf(documentId).path),

    'signing.check': ({ signatureId, signedId }) =>
      kilt.signing.check({
        file: documentOf(signatureId).path,
        document: signedId === undefined ? undefined : documentOf(signedId).path,
      }),
  };
}
