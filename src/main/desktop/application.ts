import type { EventName, EventPayload } from '#shared/ipc-contract.ts';
import type { SettingsView, TokensView } from '#shared/views.ts';
import { KiltError } from '#shared/errors.ts';
import type { Handlers } from './ipc.ts';
import type { LaunchOptions } from './launch-options.ts';
import type { Log } from './log.ts';

/** What the services need of the desktop. */
export interface Desktop {
  /**
   * Opens a page in the system's browser.
   *
   * @throws KiltError `bank-file-invalid` unless the address is https and its origin one of `allowedOrigins()`
   */
  openExternal(address: string): Promise<void>;
  /** «Обзор…»: absolute path of the file chosen, or `undefined`. */
  chooseKeyFile(): Promise<string | undefined>;
  copyText(text: string): void;
}

export interface ApplicationOptions {
  readonly launch: LaunchOptions;
  /** The user's own folder for everything Kilt keeps; it exists. */
  readonly dataFolder: string;
  readonly version: string;
  readonly electron: string;
  readonly desktop: Desktop;
  readonly log: Log;
}

/** The program without its window. */
export interface Application {
  readonly handlers: Handlers;
  /** Returns the function that ends the subscription. */
  onEvent(listener: EventListener): () => void;
  /** Begins the work with devices and network. Called once, when the window is on the screen. */
  start(): Promise<void>;
  /** Ends it; what is under way is left in a state that can be continued. */
  stop(): Promise<void>;
  /** Origins that may be opened in the browser: those of the bank systems. */
  allowedOrigins(): readonly string[];
}

export type EventListener = <Name extends EventName>(name: Name, payload: EventPayload<Name>) => void;

/**
 * Puts the services together. Must not touch a device: the window is still being made.
 *
 * For now the services stand for an empty world: nothing is plugged in and no bank is known.
 */
export async function createApplication(options: ApplicationOptions): Promise<Application> {
  const { launch, desktop } = options;
  const listeners = new Set<EventListener>();
  const nothingThere: TokensView = { presence: 'starting', tokens: [], transport: launch.transport };
  let settings: SettingsView = { language: 'ru', theme: 'system' };
  const noToken = async (): Promise<never> => {
    throw new KiltError('token-removed');
  };

  return {
    handlers: {
      'app.ready': async () => ({
        settings,
        about: {
          version: options.version,
          electron: options.electron,
          transport: launch.transport,
          dataFolder: options.dataFolder,
        },
      }),
      'settings.change': async ({ language, theme }) => {
        settings = { language: language ?? settings.language, theme: theme ?? settings.theme };
        for (const listener of listeners) listener('settings.changed', settings);
        return settings;
      },
      'tokens.list': async () => nothingThere,
      'banks.list': async () => [],
      'registrations.list': async () => [],
      'picker.open': noToken,
      'profile.leave': async () => undefined,
      'profile.openBank': noToken,
      'wizard.chooseKeyFile': async () => {
        const path = await desktop.chooseKeyFile();
        return path === undefined ? null : { id: 'chosen', fileName: path.split(/[\\/]/).at(-1) ?? '' };
      },
      'wizard.checkData': noToken,
      'wizard.start': noToken,
      'registration.resume': noToken,
      'wizard.forget': async () => undefined,
      'clipboard.copy': async ({ text }) => desktop.copyText(text),
    },
    onEvent(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    start: async () => undefined,
    stop: async () => undefined,
    allowedOrigins: () => [],
  };
}
