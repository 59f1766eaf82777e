import type { IncomingMessage } from 'node:http';
import { readOrigin, type Origin, type OriginRules } from '../origin.ts';

export interface AdmissionRules extends OriginRules {
  readonly port: number;
}

/**
 * Whose request this is, before a byte of it is answered. Headers as they were sent: what came twice, or in another name
 * than this computer's own, comes from nobody.
 *
 * A name of somebody else's that was pointed at this computer (DNS rebinding) gives itself away by `Host`; a page in the
 * browser can not send another `Origin` than its own.
 */
export function admittedOrigin(
  request: Pick<IncomingMessage, 'rawHeaders' | 'socket'>,
  rules: AdmissionRules,
): Origin | undefined {
  if (!isLoopback(request.socket.remoteAddress)) return undefined;
  const host = onlyOne(request.rawHeaders, 'host');
  if (host === undefined || !ownHosts(rules.port).includes(host)) return undefined;
  return readOrigin(onlyOne(request.rawHeaders, 'origin'), rules);
}

const ownHosts = (port: number): readonly string[] =>
  ['127.0.0.1', 'localhost', '[::1]'].map((name) => `${name}:${port}`);

const isLoopback = (address: string | undefined): boolean =>
  address !== undefined && ['127.0.0.1', '::1', '::ffff:127.0.0.1'].includes(address);

/** Value of a header that was sent exactly once. */
function onlyOne(rawHeaders: readonly string[], name: string): string | undefined {
  const values = rawHeaders.filter(
    (_, index) => index % 2 === 1 && rawHeaders[index - 1]?.toLowerCase() === name,
  );
  return values.length === 1 ? values[0] : undefined;
}
