import type { ExtensionView, LoopbackView, SiteApprovalView } from '#shared/consent-views.ts';
import { bankNames, openPageDesk } from '#main/browser/open-page-desk.ts';
import { ConnectionDoctor } from '#main/browser/doctor/connection-doctor.ts';
import { ExtensionSwitch } from '#main/browser/extension/extension-switch.ts';
import { browserTrust } from '#main/browser/loopback/browser-trust.ts';
import { LoopbackSwitch } from '#main/browser/loopback/loopback-switch.ts';
import { siteApprovals } from '#main/browser/site-list.ts';
import type { Kilt } from '#main/kilt.ts';
import type { EventListener } from './application.ts';
import { ConsentQuestions, type ConsentSurface } from './consent-questions.ts';
import type { Handlers } from './ipc.ts';
import type { LaunchOptions } from './launch-options.ts';
import type { Log } from './log.ts';
import { openExtensionWay } from './open-extension-way.ts';

type PageCalls = Pick<
  Handlers,
  | 'consent.current'
  | 'consent.show'
  | 'consent.agree'
  | 'consent.refuse'
  | 'sites.list'
  | 'sites.revoke'
  | 'sites.revokeAll'
  | 'doctor.look'
  | 'doctor.repair'
  | 'sites.extension'
  | 'sites.switchExtension'
  | 'sites.loopback'
  | 'sites.switchLoopback'
>;

/** All that has to do with pages of sites that call Kilt. */
export interface Pages {
  readonly handlers: PageCalls;
  start(): Promise<void>;
  /** Another program has changed something, such as `kilt sites` or `kilt loopback`. */
  follow(): void;
  stop(): Promise<void>;
}

export interface PagesOptions {
  readonly kilt: Kilt;
  readonly surface: ConsentSurface;
  readonly dataFolder: string;
  readonly launch: LaunchOptions;
  readonly tell: EventListener;
  readonly log: Log;
}

export function openPages({ kilt, surface, dataFolder, launch, tell, log }: PagesOptions): Pages {
  const questions = new ConsentQuestions(surface, (view) => tell('consent.changed', view));
  const door = openPageDesk(kilt, {
    consent: questions,
    onDefect: (error) => log.error('a request of a page failed', error),
  });
  // A build under test may be given a home of its own, as for the extension's way.
  const trust = browserTrust({ home: launch.browserHome });
  const loopback = new LoopbackSwitch({
    dataFolder,
    settings: kilt.settings,
    door,
    origins: { allowLoopback: !launch.packaged },
    trust,
    now: () => new Date(),
    onRefused: (why) => log.info('the server for pages has turned somebody away', { why }),
  });
  const extension = new ExtensionSwitch({
    way: openExtensionWay({ launch, dataFolder, door, log }),
    settings: kilt.settings,
    onProblem: (error) => log.error('browsers could not be told where Kilt is', error),
  });
  const doctor = new ConnectionDoctor({
    dataFolder,
    settings: kilt.settings,
    extension,
    loopback,
    sites: kilt.sites,
    trust,
    now: () => new Date(),
    fromInside: true,
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
      'doctor.look': () => doctor.look(),
      'doctor.repair': async ({ link }) => {
        const view = await doctor.repair(link);
        tell('settings.changed', kilt.settings.get());
        return view;
      },
      'sites.extension': () => extension.view(),
      'sites.switchExtension': async ({ on }): Promise<ExtensionView> => {
        const view = await extension.change(on);
        tell('settings.changed', kilt.settings.get());
        return view;
      },
      'sites.loopback': async () => loopback.view(),
      'sites.switchLoopback': async ({ on, port }): Promise<LoopbackView> => {
        const view = await loopback.change(on, port);
        tell('settings.changed', kilt.settings.get());
        return view;
      },
    },
    async start() {
      await extension.start();
      const { problem } = await loopback.start();
      if (problem !== undefined) log.warn('the server for pages did not start as it should', { problem });
    },
    follow() {
      tell('sites.changed', list());
      loopback
        .follow()
        .then(() => tell('settings.changed', kilt.settings.get()))
        .catch((error: unknown) => log.error('the server for pages could not follow its settings', error));
    },
    async stop() {
      await extension.stop();
      await loopback.stop();
    },
  };
}
