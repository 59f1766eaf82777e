import { createHash } from 'node:crypto';
import { KiltError } from '#shared/errors.ts';
import type { DocumentPreview } from '#shared/signing-views.ts';
import { digestDocument } from './document-digest.ts';
import { withFile, type FileSource } from './file-source.ts';

/** A text of this size is shown whole; of a larger one nobody could say that he has read it. */
const largestText = 512 * 1024;
const largestImage = 24 * 1024 * 1024;

/** First bytes of the pictures that are shown (PNG §5.2, JPEG, GIF). */
const pictures: readonly (readonly [string, string])[] = [
  ['image/png', '89504e470d0a1a0a'],
  ['image/jpeg', 'ffd8ff'],
  ['image/gif', '474946383961'],
];

/** What is seen of a document before it is signed, and the digest of the very bytes that are shown. */
export interface ShownDocument {
  readonly bytes: number;
  readonly sha256: string;
  readonly preview: DocumentPreview;
}

/**
 * Reads a document for looking at. Whatever can not be shown whole says so, and is told by hash and size alone.
 *
 * @throws KiltError `document-unreadable`
 */
export const showDocument = (file: string): Promise<ShownDocument> => withFile(file, showSource);

/** The same for a document that is in memory, as a page has handed it over. */
export const showBytes = (content: Uint8Array): Promise<ShownDocument> =>
  showSource({
    size: content.length,
    changedAt: 0,
    read: async (offset, length) => content.subarray(offset, offset + length),
  });

async function showSource(source: FileSource): Promise<ShownDocument> {
  const start = source.size === 0 ? new Uint8Array() : await source.read(0, Math.min(16, source.size));
  const hex = Buffer.from(start).toString('hex');
  const picture = pictures.find(([, magic]) => hex.startsWith(magic));
  if (picture && source.size <= largestImage) {
    const { content, bytes, sha256 } = await readWhole(source);
    return { bytes, sha256, preview: { kind: 'image', type: picture[0], content } };
  }
  if (hex.startsWith('25504446')) return unseen(source, 'pdf');
  if (picture) return unseen(source, 'large');
  if (source.size > largestText) return unseen(source, 'large');
  const { content, bytes, sha256 } = await readWhole(source);
  const text = textOf(content);
  return { bytes, sha256, preview: text ?? { kind: 'none', why: 'format' } };
}

async function readWhole(source: FileSource) {
  const content = Uint8Array.from(source.size === 0 ? [] : await source.read(0, source.size));
  return {
    content,
    bytes: content.length,
    sha256: createHash('sha256').update(content).digest('hex'),
  };
}

async function unseen(
  source: FileSource,
  why: Extract<DocumentPreview, { kind: 'none' }>['why'],
): Promise<ShownDocument> {
  const { bytes, sha256 } = await digestDocument(source, []);
  return { bytes, sha256, preview: { kind: 'none', why } };
}

/** Control characters that are in no text: a file with one of them is something else. */
// eslint-disable-next-line no-control-regex -- they are what is looked for
const notText = /[\u0000-\u0008\u000b\u000e-\u001f\u007f]/;
/** Signs that are not seen and change what is: order of writing, width of nothing (Unicode category Cf). */
const unseenSigns = /[\p{Cf}\u2028\u2029]/gu;

function textOf(content: Uint8Array): DocumentPreview | undefined {
  for (const encoding of ['utf-8', 'windows-1251'] as const) {
    const text = decoded(content, encoding);
    if (text === undefined || notText.test(text)) continue;
    return { kind: 'text', encoding, text: text.replaceAll(unseenSigns, named) };
  }
  return undefined;
}

function decoded(content: Uint8Array, encoding: 'utf-8' | 'windows-1251'): string | undefined {
  try {
    // The mark that a file may begin with is no part of its text.
    return new TextDecoder(encoding, { fatal: true }).decode(content);
  } catch {
    return undefined;
  }
}

/** `⟦U+202E⟧` in place of the sign that turns the writing around. */
const named = (sign: string): string =>
  `⟦U+${(sign.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}⟧`;

/** What was asked for is not there any more. */
export const noSuchDocument = (): KiltError => new KiltError('input-invalid', { field: 'documentId' });
