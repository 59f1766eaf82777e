import type { BrowserHostState, BrowserName } from '#shared/consent-views.ts';
import type { LinkReason, LinkView } from '#shared/doctor-views.ts';
import type { SettingsView } from '#shared/views.ts';

/** What a port of this computer answers with. */
export type ServerFinding =
  /** Kilt's certificate, by its key. */
  | 'ours'
  /** Something else: NCALayer, or another program. */
  | 'foreign'
  | 'silent';

/** What was found, before anybody judges it. */
export interface Findings {
  readonly settings: Pick<SettingsView, 'browserExtension' | 'loopback'>;
  /** Whether this is the program that serves pages, or only looks at it from outside. */
  readonly fromInside: boolean;
  /** Kilt waits for browsers' hosts. */
  readonly listening: boolean;
  /** Browsers connected now; undefined: not to be seen from here. */
  readonly connections: number | undefined;
  /** Empty where this build tells browsers nothing. */
  readonly browsers: readonly { readonly browser: BrowserName; readonly state: BrowserHostState }[];
  readonly server: ServerFinding;
  /** Whether browsers believe the server's certificate; undefined: it can not be told. */
  readonly trusted: boolean | undefined;
  /** Sites that may ask. */
  readonly sites: number;
}

/** The links of both ways in the order in which a request passes them, and what is wrong with each. */
export const examine = (found: Findings): readonly LinkView[] => [
  ...extensionLinks(found),
  ...loopbackLinks(found),
  found.sites > 0 ? ok('sites-allowed') : unknown('sites-allowed', 'no-sites'),
];

function extensionLinks({
  settings,
  fromInside,
  listening,
  connections,
  browsers,
}: Findings): readonly LinkView[] {
  if (!settings.browserExtension) return [off('extension-on', fromInside)];
  const present = browsers.filter(({ state }) => state !== 'no-browser');
  return [
    ok('extension-on'),
    listening
      ? ok('extension-listening')
      : fails('extension-listening', fromInside ? 'not-listening' : 'kilt-off', fromInside),
    ...(present.length === 0 ? [unknown('browsers', 'no-browsers')] : []),
    ...present.map(({ browser, state }): LinkView => {
      const reason = hostReasons[state];
      return { ...(reason ? fails('browser', reason, fromInside) : ok('browser')), browser };
    }),
    // From outside nobody sees who is connected.
    ...(connections === undefined
      ? []
      : [connections > 0 ? ok('extension-seen') : unknown('extension-seen', 'extension-not-seen')]),
  ];
}

const hostReasons: Readonly<Record<BrowserHostState, LinkReason | undefined>> = {
  'no-browser': undefined,
  installed: undefined,
  missing: 'host-missing',
  wrong: 'host-wrong',
  'program-missing': 'host-program-missing',
};

function loopbackLinks({ settings, fromInside, server, trusted }: Findings): readonly LinkView[] {
  if (!settings.loopback) return [off('loopback-on', fromInside)];
  return [
    ok('loopback-on'),
    server === 'ours'
      ? ok('loopback-answers')
      : fails('loopback-answers', server === 'foreign' ? 'port-taken' : silence(fromInside), fromInside),
    trusted === undefined
      ? unknown('loopback-trusted', 'trust-unknown')
      : trusted
        ? ok('loopback-trusted')
        : fails('loopback-trusted', 'not-trusted', fromInside),
  ];
}

const silence = (fromInside: boolean): LinkReason => (fromInside ? 'silent' : 'kilt-off');

const ok = (link: LinkView['link']): LinkView => ({ link, state: 'ok', repairable: false });
const unknown = (link: LinkView['link'], reason: LinkReason): LinkView => ({
  link,
  state: 'unknown',
  reason,
  repairable: false,
});
const fails = (link: LinkView['link'], reason: LinkReason, repairable: boolean): LinkView => ({
  link,
  state: 'fails',
  reason,
  repairable,
});
const off = (link: LinkView['link'], repairable: boolean): LinkView => ({
  link,
  state: 'off',
  reason: 'switched-off',
  repairable,
});
