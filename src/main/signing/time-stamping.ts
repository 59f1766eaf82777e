import { rootCertificates } from 'node:tls';
import type { DerBytes } from '#shared/bytes.ts';
import { createHttpClient } from '#main/enrolment/http.ts';
import type { DigestAlgorithm } from '#main/pki/digest-algorithms.ts';
import { requestTimestamp } from '#main/pki/timestamp/client.ts';

/** Time-stamp over a signature. @throws KiltError `timestamp-…`, `network-…`, `server-failed`, `tls-untrusted` */
export type Stamp = (signature: Uint8Array, digest: DigestAlgorithm) => Promise<DerBytes>;

/** @param url where a time-stamping authority (RFC 3161) answers; undefined: `work` gets no stamp */
export async function withStamp<T>(
  url: string | undefined,
  work: (stamp: Stamp | undefined) => Promise<T>,
): Promise<T> {
  if (url === undefined) return work(undefined);
  const http = createHttpClient(rootCertificates);
  try {
    return await work((stamped, digest) => requestTimestamp({ url, post: http.post, stamped, digest }));
  } finally {
    await http.close();
  }
}
