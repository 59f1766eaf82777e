import type { ConsentView, ExtensionView, LoopbackView, SiteApprovalView } from '#shared/consent-views.ts';
import type { CallInput, CallName, CallOutput } from '#shared/ipc-contract.ts';
import type { DocumentPreview } from '#shared/signing-views.ts';
import type { ErrorView } from '#shared/views.ts';

/** What a site asks in the consent window, and which sites the settings know. */
export interface SiteScenario {
  /** Shown in the consent window, in place of the main window. Language and theme are the picture's. */
  readonly consent?: Omit<ConsentView, 'language' | 'theme'>;
  readonly preview?: DocumentPreview;
  /** What «Подписать» comes to. */
  readonly refuse?: ErrorView;
  readonly sites?: readonly SiteApprovalView[];
  readonly loopback?: LoopbackView;
  readonly extension?: ExtensionView;
}

type SiteCall = Extract<CallName, `${'sites' | 'consent'}.${string}`>;
type Handlers = {
  [Name in SiteCall]: (input: CallInput<Name>) => CallOutput<Name> | ErrorView;
};

const off: LoopbackView = { on: false, port: 'own', number: 24_691, running: false };

const listening: ExtensionView = {
  on: true,
  listening: true,
  connections: 1,
  browsers: [
    { browser: 'chrome', state: 'installed' },
    { browser: 'chromium', state: 'no-browser' },
    { browser: 'edge', state: 'installed' },
    { browser: 'yandex', state: 'no-browser' },
    { browser: 'firefox', state: 'wrong' },
  ],
  failed: false,
};

/** Sites and consent without a main process behind them. */
export function siteHandlers(
  scenario: SiteScenario,
  settings: () => Pick<ConsentView, 'language' | 'theme'>,
): Handlers {
  let sites = [...(scenario.sites ?? [])];
  let extension = scenario.extension ?? listening;
  let loopback = scenario.loopback ?? off;
  return {
    'sites.list': () => sites,
    'sites.revoke': ({ origin }) => (sites = sites.filter(({ site }) => site.origin !== origin)),
    'sites.revokeAll': () => (sites = []),
    'sites.extension': () => extension,
    'sites.switchExtension': ({ on }) => (extension = { ...extension, on, listening: on }),
    'sites.loopback': () => loopback,
    'sites.switchLoopback': ({ on, port }) =>
      (loopback = { on, port, number: port === 'own' ? 24_691 : 13_579, running: on }),
    'consent.current': () => {
      const { language, theme } = settings();
      return scenario.consent ? { ...scenario.consent, language, theme } : null;
    },
    'consent.show': () => ({
      bytes: 214,
      sha256: '4bd32aad9490b64533315f2698cbf2bd44ac41768d1cebb0b2852f729447c8bb',
      preview: scenario.preview ?? { kind: 'none', why: 'format' },
    }),
    'consent.agree': () => scenario.refuse,
    'consent.refuse': () => undefined,
  };
}
