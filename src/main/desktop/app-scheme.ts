import { readFile } from 'node:fs/promises';
import { extname, isAbsolute, join, relative } from 'node:path';
import { protocol, type Protocol } from 'electron';
import { securityHeaders } from './content-security-policy.ts';

/** Kilt's page does not come from `file:`, which may read the whole disk, but from a scheme that knows one folder. */
export const appScheme = 'kilt';
const appHost = 'app';
/** Origin of the page, as Chromium writes it. */
export const appOrigin = `${appScheme}://${appHost}`;
export const appPage = `${appOrigin}/index.html`;

const contentTypes: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.mjs': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.jpg': 'image/jpeg',
  '.webp': 'image/webp',
  '.ico': 'image/x-icon',
  '.woff2': 'font/woff2',
};

/** Tells Chromium about the scheme. Must be called before the `ready` event. */
export function declareAppScheme(): void {
  protocol.registerSchemesAsPrivileged([
    { scheme: appScheme, privileges: { standard: true, secure: true, codeCache: true } },
  ]);
}

/** Answers the page's requests in `session` from the files in `folder`. Returns the function that stops it. */
export function serveAppScheme(sessionProtocol: Protocol, folder: string): () => void {
  sessionProtocol.handle(appScheme, (request) => answerAppRequest(folder, request));
  return () => sessionProtocol.unhandle(appScheme);
}

/** Whatever is refused looks the same from outside: 404 with the security headers. */
export async function answerAppRequest(
  folder: string,
  request: Pick<Request, 'method' | 'url'>,
): Promise<Response> {
  const file = request.method === 'GET' ? appFile(folder, request.url) : undefined;
  const contentType = file && contentTypes[extname(file)];
  if (!file || !contentType) return refusal();
  try {
    const body = new Uint8Array(await readFile(file));
    return new Response(body, {
      headers: { ...securityHeaders, 'Content-Type': contentType, 'Cache-Control': 'no-cache' },
    });
  } catch {
    return refusal();
  }
}

const refusal = (): Response =>
  new Response(null, { status: 404, headers: { ...securityHeaders, 'Content-Type': 'text/plain' } });

/** What names of built files consist of. No dot at either end, so neither `..` nor Windows' trimmed names. */
const segmentPattern = /^[A-Za-z0-9_@-](?:[A-Za-z0-9_.@~-]*[A-Za-z0-9_@~-])?$/;
const windowsDevice = /^(?:con|prn|aux|nul|com\d|lpt\d)(?:\.|$)/i;

/**
 * The file that an address of our scheme means.
 *
 * @returns path inside `folder`, or `undefined` for an address that is not ours, leaves the folder or could mean two
 *   things (encoded dots or slashes, backslashes, drive letters, NUL). The file need not exist.
 */
export function appFile(folder: string, address: string): string | undefined {
  // As it was written: a parser would have taken `..` and `%2e%2e` out already.
  const prefix = `${appOrigin}/`;
  if (!address.startsWith(prefix)) return undefined;
  const path = address.slice(prefix.length).split(/[?#]/, 1)[0] ?? '';
  const segments = path === '' ? ['index.html'] : path.split('/');
  if (!segments.every((segment) => segmentPattern.test(segment) && !windowsDevice.test(segment)))
    return undefined;

  const file = join(folder, ...segments);
  const inside = relative(folder, file);
  return inside === '' || inside.startsWith('..') || isAbsolute(inside) ? undefined : file;
}
