import { linkVersion, largestFrameToBrowser } from '#shared/extension-constants.ts';
import { pageCall, type FromKilt, type ToKilt } from '#shared/extension-link.ts';
import { readOrigin, type OriginRules } from '../origin.ts';
import type { PageAnswer, PageRequest, PageResult } from '../page-request.ts';

export type LinkRequest = Extract<ToKilt, { kind: 'request' }>;

/** Around a signature: certificates of the chain, attributes, names. */
const signatureBytes = 16 * 1024;

/**
 * What the extension hands over for a page, as a request to Kilt.
 *
 * @returns the failure to answer with instead, when nobody is to be asked: another version, an origin that may not ask, a
 *   call that makes no sense, or signatures that could not be handed back
 */
export function readLinkRequest(
  { id, version, origin, call }: LinkRequest,
  rules: OriginRules,
): PageRequest | Extract<FromKilt, { kind: 'failure' }> {
  if (version !== linkVersion) return failure(id, 'version');
  const from = readOrigin(origin, rules);
  // The extension runs in https pages only.
  if (!from?.startsWith('https://')) return failure(id, 'browser-refuses');
  const parsed = pageCall.safeParse(call);
  if (!parsed.success) return failure(id, 'malformed');
  const asked = { id, origin: from, way: 'extension' } as const;
  const { data } = parsed;
  switch (data.method) {
    case 'status':
      return { ...asked, kind: 'hello' };
    case 'connect':
      return { ...asked, kind: 'connect' };
    case 'certificate':
      return { ...asked, kind: 'certificate', purpose: data.params.purpose };
    case 'sign-in': {
      const nonce = bytesOf(data.params.nonce);
      return nonce ? { ...asked, kind: 'sign-in', nonce } : failure(id, 'malformed');
    }
    case 'sign': {
      const attached = data.params.form === 'attached';
      const documents = [];
      let answerBytes = 0;
      for (const { name, mediaType, content: text } of data.params.documents) {
        const content = bytesOf(text);
        if (!content) return failure(id, 'malformed');
        documents.push({ name, mediaType, content });
        answerBytes += signatureBytes + (attached ? content.length : 0);
      }
      // In base64 an answer grows by a third. Asking first, and failing then, would be worse.
      if (attached && (answerBytes * 4) / 3 > largestFrameToBrowser) return failure(id, 'too-large');
      return { ...asked, kind: 'sign', form: { kind: 'cms', attached, timestamp: false }, documents };
    }
  }
}

/** A page's answer, as it goes back. */
export function linkAnswer(id: string, answer: PageAnswer): FromKilt {
  if (answer.outcome === 'done') return { kind: 'answer', id, result: resultOf(answer.result) };
  const { reason, code } = answer;
  return failure(id, reason === 'page-closed' ? 'aborted' : reason, code);
}

export const failure = (
  id: string,
  reason: string,
  code?: string,
): Extract<FromKilt, { kind: 'failure' }> => ({
  kind: 'failure',
  id,
  reason,
  ...(code === undefined ? {} : { code }),
});

function resultOf(result: PageResult): object {
  switch (result.kind) {
    case 'hello':
      return { approved: result.approved };
    case 'connect':
      return {};
    case 'tokens':
      return { present: result.present };
    case 'certificate':
      return { certificate: base64(result.certificate) };
    case 'sign-in':
      return { certificate: base64(result.certificate), signature: base64(result.signature) };
    case 'sign':
    case 'sign-hash':
      return { certificate: base64(result.certificate), signatures: result.signatures.map(base64) };
    case 'timestamp':
      return { signature: base64(result.signature) };
  }
}

const base64 = (bytes: Uint8Array): string => Buffer.from(bytes).toString('base64');

/** Strict: what decodes to something else than it says is refused. */
function bytesOf(text: string): Uint8Array | undefined {
  const bytes = Buffer.from(text, 'base64');
  return bytes.toString('base64') === text ? new Uint8Array(bytes) : undefined;
}
