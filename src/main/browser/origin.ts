import { domainToUnicode } from 'node:url';

declare const brand: unique symbol;

/**
 * Where a page comes from, as browsers write it into the header `Origin` (RFC 6454 §6.2): scheme, host and port, and
 * nothing else. Only {@link readOrigin} makes one; two are the same site when they are the same string.
 */
export type Origin = string & { readonly [brand]: 'Origin' };

/** Builds that are not packaged talk to the demo bank, whose pages come from this computer. */
export interface OriginRules {
  readonly allowLoopback: boolean;
}

/** A host name has at most 253 characters (RFC 1035 §2.3.4); scheme and port come on top of it. */
const longestOrigin = 280;
const loopbackHosts: readonly string[] = ['localhost', '127.0.0.1', '[::1]'];

/**
 * The origin of whoever asks, if it is one that may ask at all.
 *
 * @returns `undefined` for anything but one site reached by https: no text, `null` (sandboxed frames, files), http, an
 *   address with user name, path, upper case or a port that goes without saying, a host that is a number, has no dot or
 *   ends with one. http, and hosts of this computer, count as sites where `rules.allowLoopback` says so.
 */
export function readOrigin(text: unknown, rules: OriginRules): Origin | undefined {
  if (typeof text !== 'string' || text.length > longestOrigin || !URL.canParse(text)) return undefined;
  const { protocol, hostname, origin } = new URL(text);
  // Whatever a parser had to put right was not written by a browser.
  if (origin !== text) return undefined;
  if (loopbackHosts.includes(hostname)) {
    return rules.allowLoopback && ['http:', 'https:'].includes(protocol) ? (text as Origin) : undefined;
  }
  return protocol === 'https:' && isPublicName(hostname) ? (text as Origin) : undefined;
}

const isPublicName = (host: string): boolean =>
  /^(?:[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?\.)+[a-z](?:[a-z0-9-]{0,61}[a-z0-9])?$/.test(host) &&
  !host.endsWith('.localhost');

/** Why a site's name may look like that of another one. */
export type NameWarning = 'other-letters' | 'mixed-letters';

/** How a site is named to the user. Every letter of {@link ascii} is Latin: it can not look like another name. */
export interface ShownOrigin {
  /** The origin itself, letters of other scripts as `xn--…` (RFC 3492). */
  readonly ascii: string;
  /** What the address bar of a browser may show instead; set only where it differs. */
  readonly letters?: string;
  readonly warning?: NameWarning;
}

const scripts: readonly RegExp[] = [
  /\p{Script=Latin}/u,
  /\p{Script=Cyrillic}/u,
  /\p{Script=Greek}/u,
  /\p{Script=Armenian}/u,
  /\p{Script=Cherokee}/u,
  /[^\p{Script=Latin}\p{Script=Cyrillic}\p{Script=Greek}\p{Script=Armenian}\p{Script=Cherokee}\p{Nd}\p{Mn}-]/u,
];

/** What is shown of an origin, with a warning where the name is not written in Latin letters alone. */
export function shownOrigin(origin: Origin): ShownOrigin {
  const { hostname } = new URL(origin);
  const letters = domainToUnicode(hostname);
  if (letters === '' || letters === hostname) return { ascii: origin };
  const mixed = letters.split('.').some((label) => scripts.filter((script) => script.test(label)).length > 1);
  return { ascii: origin, letters, warning: mixed ? 'mixed-letters' : 'other-letters' };
}
