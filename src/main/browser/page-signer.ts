import type { PageDocument as DocumentToSign, PageSigning } from '#main/signing/page-signing.ts';
import type { TokenKeyChoice } from '#main/signing/token-key.ts';
import { KiltError } from '#shared/errors.ts';
import type { SignHashRequest, SignRequest } from './page-request.ts';

export type PageSigner = Pick<PageSigning, 'signWithToken'>;

/**
 * Signs the documents of a page, all of them or none: one consent, one VERIFY. Each signature leaves its line in the
 * audit, with the site that has asked for it.
 *
 * @returns DER of each signature, or the document with its signature in it as UTF-8
 * @throws KiltError as {@link PageSigning.signWithToken}; `xml-unusable` for what is not UTF-8
 */
export async function signForPage(
  signer: PageSigner,
  order: {
    readonly request: SignRequest | SignHashRequest;
    readonly key: TokenKeyChoice;
    readonly timestampUrl: string | undefined;
    readonly signal: AbortSignal;
  },
): Promise<readonly Uint8Array[]> {
  const { request, key, timestampUrl, signal } = order;
  const signatures = await signer.signWithToken(key, {
    documents: documentsOf(request),
    timestampUrl,
    origin: 'page',
    site: request.origin,
    signal,
  });
  return signatures.map((one) => (one.kind === 'cms' ? one.der : new TextEncoder().encode(one.text)));
}

function documentsOf(request: SignRequest | SignHashRequest): readonly DocumentToSign[] {
  if (request.kind === 'sign-hash')
    return request.documents.map(({ hash }) => ({ kind: 'cms-of-digest', digest: hash }));
  const { form } = request;
  return request.documents.map(({ content }): DocumentToSign => {
    if (form.kind === 'cms') return { kind: 'cms', content, attached: form.attached };
    return {
      kind: 'xml',
      text: textOf(content),
      layout: form.layout === 'lines' ? 'common-utils' : 'basics',
      tbsXPath: form.place.signed,
      parentXPath: form.place.parent,
    };
  });
}

function textOf(content: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(content);
  } catch (error) {
    throw new KiltError('xml-unusable', { reason: 'not UTF-8' }, { cause: error });
  }
}
