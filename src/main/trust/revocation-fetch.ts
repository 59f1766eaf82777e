import pRetry, { AbortError } from 'p-retry';
import { KiltError, isKiltError } from '#shared/errors.ts';
import { networkError } from './network-error.ts';
import { pinnedTls } from './pinned-tls.ts';

/** One question to a server of CRLs or OCSP. */
export interface RevocationRequest {
  readonly url: string;
  /** OCSP asks by POST; a CRL is fetched by GET. */
  readonly post?: { readonly contentType: string; readonly body: Uint8Array };
  /** PEM of the bank's TLS roots, for https. */
  readonly tlsAnchors: readonly string[];
  /** A larger answer is not read to its end. */
  readonly mostBytes: number;
}

/**
 * @returns the body of an answer with status 200
 * @throws KiltError `network-unreachable`, `network-timeout`, `tls-untrusted`, `server-failed` {httpStatus?}
 */
export type RevocationFetch = (request: RevocationRequest) => Promise<Uint8Array>;

/** Somebody waits in front of a window: a list that takes longer is not there. */
const timeouts = { connect: 5_000, answer: 15_000 } as const;

/**
 * HTTP to the servers of a certification authority. Follows no redirection and uses no proxy; a server that was not
 * reached is asked once more.
 */
export const fetchRevocation: RevocationFetch = (request) =>
  pRetry(
    () =>
      once(request).catch((error: unknown) => {
        throw isKiltError(error, 'network-unreachable') ? error : new AbortError(error as Error);
      }),
    { retries: 1, minTimeout: 300 },
  );

async function once({ url, post, tlsAnchors, mostBytes }: RevocationRequest): Promise<Uint8Array> {
  // undici is loaded for the first request: half a megabyte that the window need not wait for.
  const { Agent, request } = await import('undici');
  const dispatcher = new Agent({
    connect: { ...pinnedTls(tlsAnchors), timeout: timeouts.connect },
    headersTimeout: timeouts.answer,
    bodyTimeout: timeouts.answer,
    maxResponseSize: mostBytes,
  });
  const { host } = new URL(url);
  try {
    const answer = await request(url, {
      method: post ? 'POST' : 'GET',
      headers: post ? { 'content-type': post.contentType } : {},
      body: post?.body ?? null,
      dispatcher,
      signal: AbortSignal.timeout(timeouts.connect + timeouts.answer),
    });
    const body = new Uint8Array(await answer.body.arrayBuffer());
    if (answer.statusCode !== 200) {
      throw new KiltError('server-failed', { host, httpStatus: answer.statusCode });
    }
    return body;
  } catch (error) {
    if (isKiltError(error)) throw error;
    throw (error as Error).name === 'TimeoutError'
      ? new KiltError('network-timeout', { host }, { cause: error })
      : networkError(error, host);
  } finally {
    await dispatcher.destroy();
  }
}
