import pRetry, { AbortError } from 'p-retry';
import { isKiltError } from '#shared/errors.ts';
import type { HttpPost } from '#main/pki/http-post.ts';
import { networkError } from '#main/trust/network-error.ts';
import { pinnedTls } from '#main/trust/pinned-tls.ts';

const connectTimeoutMs = 10_000;
const answerTimeoutMs = 60_000;
/** More than any answer of a CA or bank; a larger one is refused rather than read. */
const maxAnswerBytes = 4 * 1024 * 1024;

export interface HttpClient {
  readonly post: HttpPost;
  close(): Promise<void>;
}

/**
 * HTTP for one bank system. TLS trusts the bank's own anchors and nothing else, so that neither a public CA nor a
 * filter on the user's computer can stand between; nor does a proxy, whatever the environment names.
 *
 * A request that did not reach the server at all is sent again, twice at most; CMP transactions and bank requests
 * carry identifiers of their own, so that a server that did get it recognises the repetition.
 *
 * @param tlsAnchors PEM certificates
 */
export function createHttpClient(tlsAnchors: readonly string[]): HttpClient {
  // undici is loaded for the first request: half a megabyte that the window need not wait for.
  const connection = async () => {
    const { Agent, request } = await import('undici');
    const dispatcher = new Agent({
      connect: { ...pinnedTls(tlsAnchors), timeout: connectTimeoutMs },
      headersTimeout: answerTimeoutMs,
      bodyTimeout: answerTimeoutMs,
      maxResponseSize: maxAnswerBytes,
    });
    return { request, dispatcher };
  };
  let connected: ReturnType<typeof connection> | undefined;
  const once: HttpPost = async ({ url, contentType, body }) => {
    connected ??= connection();
    const { request, dispatcher } = await connected;
    try {
      const answer = await request(url, {
        method: 'POST',
        headers: { 'content-type': contentType },
        body,
        dispatcher,
      });
      return {
        status: answer.statusCode,
        contentType: headerText(answer.headers['content-type']),
        body: new Uint8Array(await answer.body.arrayBuffer()),
      };
    } catch (error) {
      throw networkError(error, new URL(url).host);
    }
  };
  return {
    post: (message) =>
      pRetry(
        () =>
          once(message).catch((error: unknown) => {
            throw isKiltError(error, 'network-unreachable') ? error : new AbortError(error as Error);
          }),
        { retries: 2, minTimeout: 500, factor: 2 },
      ),
    close: async () => (await connected)?.dispatcher.destroy(),
  };
}

const headerText = (value: string | string[] | undefined): string =>
  (Array.isArray(value) ? value[0] : value)?.split(';')[0]?.trim().toLowerCase() ?? '';
