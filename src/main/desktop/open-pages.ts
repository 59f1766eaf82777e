import type { LoopbackView, SiteApprovalView } from '#shared/consent-views.ts';
import { bankNames, openPageDesk } from '#main/browser/open-page-desk.ts';
import { LoopbackSwitch } from '#main/browser/loopback/loopback-switch.ts';
import type { PageDoor } from '#main/browser/page-request.ts';
import { siteApprovals } from '#main/browser/site-list.ts';
import type { Kilt } from '#main/kilt.ts';
import type { EventListener } from './application.ts';
import { ConsentQuestions, type ConsentSurface } from './consent-questions.ts';
import type { Handlers } from './ipc.ts';
import type { Log } from './log.ts';

type PageCalls = Pick<
  Handlers,
  | 'consent.current'
  | 'consent.show'
  | 'consent.agree'
  | 'consent.refuse'
  | 'sites.list'
  | 'sites.revoke'
  | 'sites.revokeAll'
  | 'sites.loopback'
  | 'sites.switchLoopback'
>;

/** All that has to do with pages of sites that call Kilt. */
export interface Pages {
  readonly handlers: PageCalls;
  /** Where requests of pages are put, whichever way they come. */
  readonly door: PageDoor;
  start(): Promise<void>;
  stop(): Promise<void>;
}

export interface PagesOptions {
  readonly kilt: Kilt;
  readonly surface: ConsentSurface;
  readonly dataFolder: string;
  readonly packaged: boolean;
  readonly tell: EventListener;
  readonly log: Log;
}

export function openPages({ kilt, surface, dataFolder, packaged, tell, log }: PagesOptions): Pages {
  const questions = new ConsentQuestions(surface, (view) => tell('consent.changed', view));
  const door = openPageDesk(kilt, {
    consent: questions,
    onDefect: (error) => log.error('a request of a page failed', error),
  });
  const loopback = new LoopbackSwitch({
    dataFolder,
    settings: kilt.settings,
    door,
    origins: { allowLoopback: !packaged },
    now: () => new Date(),
    onRefused: (why) => log.info('the server for pages has turned somebody away', { why }),
  });
  const list = (): SiteApprovalView[] => siteApprovals(kilt.sites, bankNames(kilt));
  kilt.sites.onChange(() => tell('sites.changed', list()));
  const noted = (origin: string): void =>
    kilt.audit.note(
      { action: 'revoke-site', tokenSerial: '', tokenLabel: null, role: null, detail: { site: origin } },
      'done',
    );
  return {
    handlers: {
      ...questions.handlers(),
      'sites.list': async () => list(),
      async 'sites.revoke'({ origin }) {
        if (kilt.sites.revoke(origin)) noted(origin);
        return list();
      },
      async 'sites.revokeAll'() {
        const origins = kilt.sites.list().map((site) => site.origin);
        kilt.sites.revokeAll();
        origins.forEach(noted);
        return list();
      },
      'sites.loopback': async () => loopback.view(),
      'sites.switchLoopback': async ({ on, port }): Promise<LoopbackView> => {
        const view = await loopback.change(on, port);
        tell('settings.changed', kilt.settings.get());
        return view;
      },
    },
    door,
    async start() {
      const { problem } = await loopback.start();
      if (problem !== undefined) log.warn('the server for pages did not start as it should', { problem });
    },
    stop: () => loopback.stop(),
  };
}
