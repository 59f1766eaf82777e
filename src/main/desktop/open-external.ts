/**
 * The address to hand to the system's browser, or `undefined` if it may not be opened.
 *
 * Only https, only an origin that equals one of `allowedOrigins` (scheme, host and port: `bank.kz.evil.example` and
 * another port are other origins), and without user name or password. The result is built anew from the parsed
 * parts, so that the browser gets what was checked, not what was written.
 */
export function externalAddress(address: string, allowedOrigins: readonly string[]): string | undefined {
  if (address.length > longestAddress || controlOrSpace.test(address)) return undefined;
  const url = parse(address);
  if (url?.protocol !== 'https:' || url.username !== '' || url.password !== '') return undefined;
  if (!allowedOrigins.some((allowed) => isSameOrigin(allowed, url))) return undefined;
  return `${url.origin}${url.pathname}${url.search}${url.hash}`;
}

const longestAddress = 2_048;
// A parser drops tabs and line ends silently; whoever writes them has no honest reason.
// eslint-disable-next-line no-control-regex -- that is what is looked for
const controlOrSpace = /[\u0000-\u0020\u007f\\]/;

const parse = (address: string): URL | undefined => (URL.canParse(address) ? new URL(address) : undefined);

function isSameOrigin(allowed: string, url: URL): boolean {
  const parsed = parse(allowed);
  // An entry that is not a plain https origin (a wildcard, a page, http) allows nothing.
  if (parsed?.protocol !== 'https:' || parsed.origin !== allowed.replace(/\/$/, '')) return false;
  return parsed.origin === url.origin;
}
