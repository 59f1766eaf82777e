import { createHash } from 'node:crypto';
import { KiltError } from '#shared/errors.ts';
import type { PaymentOrder } from '#shared/payment-order-view.ts';
import type { DocumentPreview } from '#shared/signing-views.ts';
import { bytesInMemory } from '#main/pki/cms/byte-source.ts';
import { digestDocument } from './document-digest.ts';
import { withFile, type FileSource } from './file-source.ts';
import { paymentOrderIn } from './payment-order.ts';

/** A text of this size is shown whole; of a larger one nobody could say that he has read it. */
const largestText = 512 * 1024;
const largestImage = 24 * 1024 * 1024;
const largestPdf = 24 * 1024 * 1024;

/** First bytes of the pictures that are shown (PNG §5.2, JPEG, GIF). */
const pictures: readonly (readonly [string, string])[] = [
  ['image/png', '89504e470d0a1a0a'],
  ['image/jpeg', 'ffd8ff'],
  ['image/gif', '474946383961'],
];

/** `%PDF` (ISO 32000-1 §7.5.2). */
const pdfMagic = '25504446';

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

/** The same for a document that is in memory. */
export const showBytes = (content: Uint8Array): Promise<ShownDocument> =>
  showSource({ ...bytesInMemory(content), changedAt: 0 });

async function showSource(source: FileSource): Promise<ShownDocument> {
  const start = source.size === 0 ? new Uint8Array() : await source.read(0, Math.min(16, source.size));
  const hex = Buffer.from(start).toString('hex');
  const picture = pictures.find(([, magic]) => hex.startsWith(magic));
  const isPdf = hex.startsWith(pdfMagic);
  const largest = picture ? largestImage : isPdf ? largestPdf : largestText;
  if (source.size > largest) return unseen(source, 'large');
  const { content, bytes, sha256 } = await readWhole(source);
  if (picture) return { bytes, sha256, preview: { kind: 'image', type: picture[0], content } };
  if (isPdf) return { bytes, sha256, preview: { kind: 'pdf', content } };
  const preview = textOf(content) ?? { kind: 'none', why: 'format' };
  return { bytes, sha256, preview };
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
    const order = encoding === 'utf-8' ? paymentOrderIn(text) : undefined;
    if (order) return { kind: 'payment-order', order: seen(order) };
    return { kind: 'text', encoding, text: named(text) };
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
const named = (text: string): string =>
  text.replaceAll(
    unseenSigns,
    (sign) => `⟦U+${(sign.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}⟧`,
  );

/** In a form a new line would look like another member. */
const seen = (order: PaymentOrder): PaymentOrder => {
  const line = (text: string): string => named(text.replaceAll(/[\t\r\n\f]+/g, ' '));
  return {
    ...order,
    number: line(order.number),
    payer: { ...order.payer, name: line(order.payer.name) },
    payee: { ...order.payee, name: line(order.payee.name) },
    purpose: line(order.purpose),
  };
};

/** What was asked for is not there any more. */
export const noSuchDocument = (): KiltError => new KiltError('input-invalid', { field: 'documentId' });
