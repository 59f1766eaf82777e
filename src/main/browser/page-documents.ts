import { createHash } from 'node:crypto';
import { toHex } from '#shared/bytes.ts';
import type { ConsentDocumentView } from '#shared/consent-views.ts';
import { KiltError } from '#shared/errors.ts';
import { showBytes, type ShownDocument } from '#main/signing/document-preview.ts';
import type { PageRequest } from './page-request.ts';

/** A document of a request, with the digest of the very bytes that are shown and signed. */
export interface AskedDocument {
  readonly view: ConsentDocumentView;
  /** Absent where the site has sent a hash only. */
  readonly content?: Uint8Array;
}

/** The documents of a request, in its order. */
export function askedDocuments(request: PageRequest): readonly AskedDocument[] {
  switch (request.kind) {
    case 'sign':
      return request.documents.map(({ name, content }, index) => ({
        view: {
          documentId: String(index + 1),
          name: shownName(name),
          bytes: content.length,
          sha256: createHash('sha256').update(content).digest('hex'),
        },
        content,
      }));
    case 'sign-hash':
      return request.documents.map(({ name, hash }, index) => ({
        view: { documentId: String(index + 1), name: shownName(name), sha256: toHex(hash) },
      }));
    case 'hello':
    case 'connect':
    case 'tokens':
    case 'certificate':
    case 'sign-in':
    case 'timestamp':
      return [];
  }
}

/** What the user sees of a document. @throws KiltError `input-invalid`: there is no such document to be seen */
export async function showAsked(
  documents: readonly AskedDocument[],
  documentId: string,
): Promise<ShownDocument> {
  const content = documents.find(({ view }) => view.documentId === documentId)?.content;
  if (!content) throw new KiltError('input-invalid', { field: 'documentId' });
  return showBytes(content);
}

/**
 * A name is all of a request's words that the user sees outside of the document. One line, no signs that are not seen,
 * and short: it can not be made to look like a sentence of Kilt's.
 */
const shownName = (name: string): string =>
  name
    .replaceAll(/\s+/gu, ' ')
    .replaceAll(/[\p{Cc}\p{Cf}\p{Cs}\p{Co}]/gu, '')
    .trim()
    .slice(0, 80);
