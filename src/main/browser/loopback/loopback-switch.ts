import { isKiltError } from '#shared/errors.ts';
import type { LoopbackView } from '#shared/consent-views.ts';
import type { SettingsView } from '#shared/views.ts';
import type { OriginRules } from '../origin.ts';
import type { PageDoor } from '../page-request.ts';
import { browserTrust, type BrowserTrust } from './browser-trust.ts';
import { forgetIdentity, keptAuthority, keptIdentity } from './kept-identity.ts';
import { startLoopback, type LoopbackServer } from './loopback-server.ts';

/** Kilt's own port, and the one that pages written for NCALayer know. */
export const loopbackPorts = { own: 24_691, ncalayer: 13_579 } as const;

export interface LoopbackSwitchOptions {
  readonly dataFolder: string;
  readonly settings: {
    get(): SettingsView;
    change(changes: Partial<Pick<SettingsView, 'loopback' | 'loopbackPort'>>): unknown;
  };
  readonly door: PageDoor;
  readonly origins: OriginRules;
  readonly now: () => Date;
  readonly trust?: BrowserTrust | undefined;
  readonly ports?: Readonly<Record<SettingsView['loopbackPort'], number>> | undefined;
  /** False: key and trust only, as for the command line; the server is the window's. */
  readonly serves?: boolean | undefined;
  readonly onRefused?: ((why: string) => void) | undefined;
}

/** The server on this computer as the user switches it: its key, the browsers' trust in it, and its port. */
export class LoopbackSwitch {
  readonly #options: LoopbackSwitchOptions;
  readonly #trust: BrowserTrust;
  #server: LoopbackServer | undefined;
  #problem: LoopbackView['problem'];
  /** What the server was last started, or left off, for. */
  #followed: string | undefined;
  /** One change after another. */
  #queue: Promise<unknown> = Promise.resolve();

  constructor(options: LoopbackSwitchOptions) {
    this.#options = options;
    this.#trust = options.trust ?? browserTrust();
  }

  view(): LoopbackView {
    const { loopback, loopbackPort } = this.#options.settings.get();
    return {
      on: loopback,
      port: loopbackPort,
      number: this.#server?.port ?? this.#ports()[loopbackPort],
      running: this.#server !== undefined,
      ...(this.#problem === undefined ? {} : { problem: this.#problem }),
    };
  }

  /** As the settings say; what is against it is told by {@link view}. Never rejects. */
  start(): Promise<LoopbackView> {
    return this.#inTurn(async () => {
      if (this.#options.settings.get().loopback) await this.#run();
      this.#followed = await this.#wanted();
      return this.view();
    });
  }

  /**
   * Another program may have changed the settings, or the key: the server is stopped, or started anew, where it is not
   * the one that is wanted. That program has seen to the browsers' trust.
   */
  follow(): Promise<LoopbackView> {
    return this.#inTurn(async () => {
      const wanted = await this.#wanted();
      if (wanted === this.#followed) return this.view();
      await this.#halt();
      this.#problem = undefined;
      if (this.#options.settings.get().loopback) await this.#run();
      this.#followed = await this.#wanted();
      return this.view();
    });
  }

  stop(): Promise<void> {
    return this.#inTurn(() => this.#halt());
  }

  /**
   * The user's choice. Switching on makes the key where there is none, tells the browsers to trust it, and starts; the
   * trust may fail and the server runs all the same, with the problem told. Switching off takes key and trust away.
   */
  change(on: boolean, port: SettingsView['loopbackPort']): Promise<LoopbackView> {
    return this.#inTurn(async () => {
      await this.#halt();
      const setting = { loopback: on, loopbackPort: port };
      // A window that follows the setting finds the key there: it would else make one of its own at the same time.
      if (on && this.#options.serves === false) await this.#run();
      this.#options.settings.change(setting);
      if (!on) await this.#takeAway();
      else if (this.#options.serves !== false) await this.#run();
      this.#followed = await this.#wanted();
      return this.view();
    });
  }

  /** Tells the browsers once more to trust this computer's server, such as one that was installed since. */
  trustAgain(): Promise<LoopbackView> {
    return this.#inTurn(async () => {
      const kept = await keptAuthority(this.#options.dataFolder);
      if (kept) {
        this.#problem = undefined;
        await this.#tryTrust(() => this.#trust.install(kept.file, kept.pem));
      }
      return this.view();
    });
  }

  /** Port and key of the server as settings and folder say now; the same text means the same server. */
  async #wanted(): Promise<string> {
    const { dataFolder, settings } = this.#options;
    const { loopback, loopbackPort } = settings.get();
    if (!loopback) return 'off';
    return `${loopbackPort} ${(await keptAuthority(dataFolder))?.pem ?? ''}`;
  }

  async #run(): Promise<void> {
    const { dataFolder, door, origins, now, settings, onRefused } = this.#options;
    this.#problem = undefined;
    try {
      const before = await keptAuthority(dataFolder);
      const identity = await keptIdentity(dataFolder, now());
      if (identity.isNew) {
        if (before) await this.#tryTrust(() => this.#trust.remove(before.pem));
        await this.#tryTrust(() => this.#trust.install(identity.authorityFile, identity.authority));
      }
      if (this.#options.serves === false) return;
      const port = this.#ports()[settings.get().loopbackPort];
      this.#server = await startLoopback({ port, identity, door, origins, onRefused });
    } catch (error) {
      this.#problem = isKiltError(error, 'loopback-port-taken') ? 'port-taken' : 'failed';
    }
  }

  async #takeAway(): Promise<void> {
    const { dataFolder } = this.#options;
    this.#problem = undefined;
    const kept = await keptAuthority(dataFolder);
    if (!kept) return;
    await this.#tryTrust(() => this.#trust.remove(kept.pem));
    await forgetIdentity(dataFolder);
  }

  async #tryTrust(work: () => Promise<void>): Promise<void> {
    try {
      await work();
    } catch (error) {
      if (!isKiltError(error)) throw error;
      this.#problem = 'not-trusted';
    }
  }

  async #halt(): Promise<void> {
    await this.#server?.close();
    this.#server = undefined;
  }

  #ports(): Readonly<Record<SettingsView['loopbackPort'], number>> {
    return this.#options.ports ?? loopbackPorts;
  }

  #inTurn<T>(work: () => Promise<T>): Promise<T> {
    const turn = this.#queue.then(work, work);
    this.#queue = turn.catch(() => undefined);
    return turn;
  }
}
