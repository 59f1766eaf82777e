import { randomBytes } from 'node:crypto';
import type { DerBytes } from '#shared/bytes.ts';
import { KiltError } from '#shared/errors.ts';
import { digestOf, type DigestAlgorithm } from '../digest-algorithms.ts';
import type { HttpPost } from '../http-post.ts';
import { readTimestampAnswer, timestampRequest } from './request.ts';
import { checkTimestamp } from './token.ts';

const nonceBytes = 8;

/**
 * Asks a time-stamping authority when these bytes were there (RFC 3161 §3.4, over HTTP), and takes nothing for an answer
 * that is not one.
 *
 * @param order.digest of the imprint: the signer's own, as the NCA's clients do
 * @returns TimeStampToken
 * @throws KiltError `timestamp-refused` {reason}, `timestamp-invalid` {reason: what is wrong}, `server-failed`,
 *   `network-…`, `tls-untrusted`
 */
export async function requestTimestamp(order: {
  readonly url: string;
  readonly post: HttpPost;
  readonly stamped: Uint8Array;
  readonly digest: DigestAlgorithm;
  readonly policy?: string | undefined;
}): Promise<DerBytes> {
  const { url, post, stamped, digest, policy } = order;
  const nonce = BigInt(`0x${randomBytes(nonceBytes).toString('hex')}`);
  const { host } = new URL(url);
  const answer = await post({
    url,
    contentType: 'application/timestamp-query',
    body: timestampRequest({ digest, imprint: digestOf(digest, stamped), nonce, policy }),
  });
  if (answer.status !== 200) throw new KiltError('server-failed', { host, httpStatus: answer.status });
  const read = readTimestampAnswer(answer.body);
  if (read.outcome === 'refused')
    throw new KiltError('timestamp-refused', { host, reason: `PKIStatus ${read.status}` });
  if (read.outcome === 'unreadable') throw new KiltError('timestamp-invalid', { host, reason: 'unreadable' });
  const { fault } = await checkTimestamp(read.token, stamped, { nonce, policy });
  if (fault !== undefined) throw new KiltError('timestamp-invalid', { host, reason: fault });
  return read.token;
}
