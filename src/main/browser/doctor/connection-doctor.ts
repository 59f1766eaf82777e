import type { DoctorView, LinkName } from '#shared/doctor-views.ts';
import type { SettingsView } from '#shared/views.ts';
import type { SiteApprovals } from '#main/store/site-approvals.ts';
import type { ExtensionSwitch } from '../extension/extension-switch.ts';
import { browserTrust, type BrowserTrust } from '../loopback/browser-trust.ts';
import type { LoopbackSwitch } from '../loopback/loopback-switch.ts';
import { examine } from './examine.ts';
import { isListening, isTrusted, serverAt } from './probes.ts';

export interface ConnectionDoctorOptions {
  readonly dataFolder: string;
  readonly settings: { get(): SettingsView };
  readonly extension: Pick<ExtensionSwitch, 'view' | 'change'>;
  readonly loopback: Pick<LoopbackSwitch, 'view' | 'change' | 'trustAgain'>;
  readonly sites: Pick<SiteApprovals, 'list'>;
  readonly trust?: Pick<BrowserTrust, 'isInstalled'> | undefined;
  readonly now: () => Date;
  /** False for a program that looks at Kilt from outside, such as the command line: it repairs nothing. */
  readonly fromInside: boolean;
}

/** Says which link between a bank's page and Kilt does not hold, and puts right what Kilt can put right (decision 085). */
export class ConnectionDoctor {
  readonly #options: ConnectionDoctorOptions;
  readonly #trust: Pick<BrowserTrust, 'isInstalled'>;

  constructor(options: ConnectionDoctorOptions) {
    this.#options = options;
    this.#trust = options.trust ?? browserTrust();
  }

  /** Changes nothing. */
  async look(): Promise<DoctorView> {
    const { dataFolder, settings, extension, loopback, sites, fromInside, now } = this.#options;
    const { loopback: loopbackOn } = settings.get();
    const { number: port } = loopback.view();
    const [view, listening, server, trusted] = await Promise.all([
      extension.view(),
      isListening(dataFolder),
      loopbackOn ? serverAt(port, dataFolder) : ('silent' as const),
      loopbackOn ? isTrusted(dataFolder, this.#trust) : undefined,
    ]);
    const links = examine({
      settings: settings.get(),
      fromInside,
      listening,
      connections: fromInside ? view.connections : undefined,
      browsers: view.browsers,
      server,
      trusted,
      sites: sites.list().length,
    });
    return { links: [...links], port, checkedAt: now().toISOString() };
  }

  /** Puts one link right where that is in Kilt's power, and looks again. */
  async repair(link: LinkName): Promise<DoctorView> {
    const { extension, loopback, settings } = this.#options;
    const before = (await this.look()).links.filter((one) => one.link === link && one.repairable);
    const [first] = before;
    if (!first) return this.look();
    switch (link) {
      case 'extension-on':
      case 'extension-listening':
      case 'browser':
        await extension.change(true);
        break;
      case 'loopback-on':
        await loopback.change(true, settings.get().loopbackPort);
        break;
      case 'loopback-answers':
        // The other program was there first; pages that know both ports find Kilt at its own.
        await loopback.change(true, first.reason === 'port-taken' ? 'own' : settings.get().loopbackPort);
        break;
      case 'loopback-trusted':
        await loopback.trustAgain();
        break;
      case 'browsers':
      case 'extension-seen':
      case 'sites-allowed':
        break;
    }
    return this.look();
  }
}
