/**
 * Sends one HTTP POST and returns the answer whatever its status. The network room (`enrolment/http.ts`) provides it,
 * so that the protocol can be tested without a network.
 *
 * @throws KiltError `network-unreachable`, `network-timeout`, `tls-untrusted`
 */
export type HttpPost = (request: {
  readonly url: string;
  readonly contentType: string;
  readonly body: Uint8Array;
}) => Promise<{ readonly status: number; readonly contentType: string; readonly body: Uint8Array }>;
