import type { OriginRules } from '../origin.ts';
import type { PageDoor } from '../page-request.ts';
import { HostRegistration, type BrowserHost } from './host-registration.ts';
import type { CutOff } from './link-connection.ts';
import type { HostCommand } from './host-launcher.ts';
import { LinkServer } from './link-server.ts';

export interface ExtensionWayOptions {
  readonly dataFolder: string;
  readonly door: PageDoor;
  readonly origins: OriginRules;
  /** Absent: browsers are told nothing, as for a build of a developer's who has not asked for it. */
  readonly registration?: { readonly home: string; readonly command: HostCommand } | undefined;
  readonly onCutOff: (why: CutOff | 'too-many') => void;
  readonly onDefect: (error: unknown) => void;
}

/** How the way through the browser's extension stands. */
export interface ExtensionWayState {
  readonly listening: boolean;
  /** Browsers that are connected now. */
  readonly connections: number;
  /** Empty where browsers are told nothing. */
  readonly browsers: readonly BrowserHost[];
}

/** The way through the browser's extension: browsers are told where Kilt is, and Kilt listens for their hosts. */
export class ExtensionWay {
  readonly #options: ExtensionWayOptions;
  readonly #registration: HostRegistration | undefined;
  #server: LinkServer | undefined;

  constructor(options: ExtensionWayOptions) {
    this.#options = options;
    const { registration, dataFolder } = options;
    this.#registration = registration && new HostRegistration({ ...registration, dataFolder });
  }

  /** Listens first: a manifest that leads nowhere is worse than none. @throws what the system has against it */
  async switchOn(): Promise<void> {
    if (!this.#server) {
      const server = new LinkServer(this.#options);
      await server.start();
      this.#server = server;
    }
    await this.#registration?.install();
  }

  async switchOff(): Promise<void> {
    await this.#registration?.remove();
    await this.stop();
  }

  /** Kilt ends; browsers keep knowing where it is. */
  async stop(): Promise<void> {
    const server = this.#server;
    this.#server = undefined;
    await server?.stop();
  }

  async state(): Promise<ExtensionWayState> {
    return {
      listening: this.#server !== undefined,
      connections: this.#server?.connections() ?? 0,
      browsers: (await this.#registration?.look()) ?? [],
    };
  }
}
