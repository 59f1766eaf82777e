import type { ExtensionView } from '#shared/consent-views.ts';
import type { SettingsView } from '#shared/views.ts';
import type { ExtensionWay } from './extension-way.ts';

export interface ExtensionSwitchOptions {
  readonly way: Pick<ExtensionWay, 'switchOn' | 'switchOff' | 'stop' | 'state'>;
  readonly settings: {
    get(): Pick<SettingsView, 'browserExtension'>;
    change(changes: Pick<SettingsView, 'browserExtension'>): unknown;
  };
  /** What the system had against it. */
  readonly onProblem: (error: unknown) => void;
}

/** The way through the browser's extension, as the user switches it. */
export class ExtensionSwitch {
  readonly #options: ExtensionSwitchOptions;
  #failed = false;
  /** One change after another. */
  #queue: Promise<unknown> = Promise.resolve();

  constructor(options: ExtensionSwitchOptions) {
    this.#options = options;
  }

  async view(): Promise<ExtensionView> {
    const { way, settings } = this.#options;
    const { listening, connections, browsers } = await way.state();
    return {
      on: settings.get().browserExtension,
      listening,
      connections,
      browsers: browsers.map(({ browser, state }) => ({ browser, state })),
      failed: this.#failed,
    };
  }

  /** As the settings say; browsers that have come since, or have been told otherwise, are told anew. Never rejects. */
  start(): Promise<void> {
    return this.#inTurn(async () => {
      const { way, settings } = this.#options;
      if (settings.get().browserExtension) await this.#try(() => way.switchOn());
    });
  }

  /** Kilt ends. */
  stop(): Promise<void> {
    return this.#inTurn(() => this.#options.way.stop());
  }

  /** The user's choice: browsers are told where Kilt is, or it is taken back from all of them. */
  change(on: boolean): Promise<ExtensionView> {
    return this.#inTurn(async () => {
      const { way, settings } = this.#options;
      settings.change({ browserExtension: on });
      await this.#try(() => (on ? way.switchOn() : way.switchOff()));
      return this.view();
    });
  }

  async #try(work: () => Promise<void>): Promise<void> {
    try {
      this.#failed = false;
      await work();
    } catch (error) {
      this.#failed = true;
      this.#options.onProblem(error);
    }
  }

  #inTurn<T>(work: () => Promise<T>): Promise<T> {
    const turn = this.#queue.then(work, work);
    this.#queue = turn.catch(() => undefined);
    return turn;
  }
}
