import type { App, Event, Session, WebContents } from 'electron';
import type { Log } from './log.ts';
import type { PageSource } from './page-source.ts';

/**
 * Keeps each page where it is: no navigation, no redirect, no new window, no `<webview>`.
 *
 * @param mayLoad the exceptions: the development server reloads its own page
 */
export function guardNavigation(
  contents: WebContents,
  mayLoad: (address: string) => boolean,
  log: Log,
): void {
  const refuse = (what: string) => (event: Event & { readonly url: string }) => {
    if (mayLoad(event.url)) return;
    event.preventDefault();
    log.warn(`${what} was refused`, { target: schemeAndHost(event.url) });
  };
  contents.on('will-navigate', refuse('a navigation'));
  // The page has no frames; whoever puts one in gets it empty.
  contents.on('will-frame-navigate', (event) => {
    if (!event.isMainFrame) refuse('the navigation of a frame')(event);
  });
  contents.on('will-redirect', refuse('a redirect'));
  contents.on('will-attach-webview', (event) => {
    event.preventDefault();
    log.warn('a webview was refused');
  });
  contents.setWindowOpenHandler(({ url }) => {
    log.warn('a new window was refused', { target: schemeAndHost(url) });
    return { action: 'deny' };
  });
}

/** Guards every page there will ever be, whoever opens it. */
export function guardAllNavigation(app: App, mayLoad: (address: string) => boolean, log: Log): () => void {
  const guard = (_event: Event, contents: WebContents): void => guardNavigation(contents, mayLoad, log);
  app.on('web-contents-created', guard);
  return () => app.off('web-contents-created', guard);
}

/**
 * Takes from a session all that Kilt's page has no use for: permissions (asked for and looked up), devices,
 * downloads, the spelling dictionaries' download, and the network.
 *
 * @param source says what may be loaded, and the policy for a page that our own scheme does not answer
 */
export function guardSession(session: Session, source: PageSource, log: Log): void {
  session.setPermissionRequestHandler((_contents, permission, answer) => {
    log.warn('a permission was refused', { permission });
    answer(false);
  });
  session.setPermissionCheckHandler(() => false);
  session.setDevicePermissionHandler(() => false);
  session.on('will-download', (event) => {
    event.preventDefault();
    log.warn('a download was refused');
  });
  session.setSpellCheckerEnabled(false);
  session.webRequest.onBeforeRequest((details, answer) => {
    const cancel = !source.mayLoad(details.url);
    if (cancel) log.warn('a request of the page was refused', { target: schemeAndHost(details.url) });
    answer({ cancel });
  });
  if (source.policy === undefined) return;
  const { policy, filter } = source.policy;
  session.webRequest.onHeadersReceived({ urls: [filter] }, (details, answer) => {
    answer({ responseHeaders: { ...details.responseHeaders, 'Content-Security-Policy': [policy] } });
  });
}

/** For the log: the rest of an address may hold anything. */
const schemeAndHost = (address: string): string => {
  if (!URL.canParse(address)) return 'not an address';
  const { protocol, host } = new URL(address);
  return `${protocol}//${host}`;
};
