import { appOrigin, appPage } from './app-scheme.ts';
import { developmentPolicy } from './content-security-policy.ts';
import type { LaunchOptions } from './launch-options.ts';

/** Where the page comes from, and what it may load from there. */
export interface PageSource {
  readonly address: string;
  /** Of the consent window's page. */
  readonly consentAddress: string;
  readonly origin: string;
  /** Whether the page may load this address. */
  readonly mayLoad: (address: string) => boolean;
  /** Whether the page may go to this address by itself. */
  readonly mayNavigate: (address: string) => boolean;
  /** Set where somebody else than our scheme answers, and the policy must be put into the answers. */
  readonly policy: { readonly policy: string; readonly filter: string } | undefined;
}

const shipped: PageSource = {
  address: appPage,
  consentAddress: `${appOrigin}/consent.html`,
  origin: appOrigin,
  mayLoad: (address) => address.startsWith(`${appOrigin}/`),
  mayNavigate: () => false,
  policy: undefined,
};

/** The shipped page, or in an unpackaged build the development server's, if one is running. */
export function pageSource(launch: LaunchOptions): PageSource {
  if (launch.packaged) return shipped;
  const { rendererUrl } = launch;
  // Developer tools load themselves from this scheme; there are none in a packaged program.
  const isTools = (address: string): boolean => address.startsWith('devtools://');
  if (rendererUrl === undefined) {
    return { ...shipped, mayLoad: (address) => shipped.mayLoad(address) || isTools(address) };
  }

  const { origin, host } = new URL(rendererUrl);
  const isServer = (address: string): boolean =>
    URL.canParse(address) && [origin, `ws://${host}`].includes(new URL(address).origin);
  return {
    address: rendererUrl,
    consentAddress: new URL('/consent.html', rendererUrl).href,
    origin,
    mayLoad: (address) => isServer(address) || isTools(address) || address.startsWith('data:'),
    mayNavigate: isServer,
    policy: { policy: developmentPolicy(rendererUrl), filter: `${origin}/*` },
  };
}
