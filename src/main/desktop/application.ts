import type { EventName, EventPayload } from '#shared/ipc-contract.ts';
import { asSecret } from '#shared/bytes.ts';
import { bankView } from '#main/enrolment/bank-files.ts';
import { killAtJournalLine } from '#main/fault-point.ts';
import { Kilt } from '#main/kilt.ts';
import { createCardAccess } from '#main/token/card-access.ts';
import { ChosenKeyFiles } from './chosen-key-files.ts';
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
  copyText(text: string): Promise<void>;
}

export interface ApplicationOptions {
  readonly launch: LaunchOptions;
  /** The user's own folder for everything Kilt keeps; it exists. */
  readonly dataFolder: string;
  readonly logFolder: string;
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
  /** Resolves when nothing is under way that goes on without a window. */
  idle(): Promise<void>;
  /** Origins that may be opened in the browser: those of the bank systems. */
  allowedOrigins(): readonly string[];
}

export type EventListener = <Name extends EventName>(name: Name, payload: EventPayload<Name>) => void;

/**
 * Puts the services together. Touches no device: the window is still being made.
 *
 * @throws KiltError `storage-failed`, `disk-full`, `bank-file-invalid`
 */
export async function createApplication(options: ApplicationOptions): Promise<Application> {
  const { launch, desktop } = options;
  const kilt = new Kilt({
    dataFolder: options.dataFolder,
    access: createCardAccess(launch),
    bankFile: launch.bankFile,
    onJournalLine: launch.packaged ? undefined : killAtJournalLine(process.env),
  });
  const listeners = new Set<EventListener>();
  const tell: EventListener = (name, payload) => {
    for (const listener of listeners) listener(name, payload);
  };
  const keyFiles = new ChosenKeyFiles();

  kilt.tokens.onChange(() => tell('tokens.changed', kilt.tokensView()));
  kilt.runner.onChange((registration) => tell('registration.changed', registration));

  return {
    handlers: {
      'app.ready': async () => ({
        settings: kilt.settings.get(),
        about: {
          version: options.version,
          electron: options.electron,
          transport: launch.transport,
          dataFolder: options.dataFolder,
          logFolder: options.logFolder,
        },
      }),
      'settings.change': async (changes) => {
        const settings = kilt.settings.change(changes);
        tell('settings.changed', settings);
        // Names of banks are told in the user's language.
        if (changes.language !== undefined) tell('tokens.changed', kilt.tokensView());
        return settings;
      },
      'tokens.list': async () => kilt.tokensView(),
      'banks.list': async () => kilt.banks.all().map(bankView),
      'registrations.list': async () => [...kilt.runner.list()],
      'picker.open': async ({ tokenId, pin }) => kilt.profiles.open(tokenId, asSecret(pin)),
      'profile.leave': async ({ tokenId }) => kilt.profiles.leave(tokenId),
      'profile.openBank': async ({ tokenId }) => desktop.openExternal(kilt.profiles.bankPage(tokenId)),
      'wizard.chooseKeyFile': async () => keyFiles.remember(await desktop.chooseKeyFile()),
      'wizard.checkData': async ({ bankId, userId, registrationPin, keyFile }) => {
        const draft = await kilt.drafts.check(kilt.banks.get(bankId), {
          userId,
          registrationPin: asSecret(registrationPin),
          keyFile: keyFiles.opened(keyFile),
        });
        return { draftId: draft.id, ...(draft.keyContainer ? { keyContainer: draft.keyContainer } : {}) };
      },
      'wizard.start': async ({ draftId, tokenId, label, newPin }) =>
        kilt.register({ draftId, tokenId, label, newPin: asSecret(newPin) }),
      'registration.resume': async ({ journalId, tokenId, newPin, data }) =>
        kilt.resume({
          registrationId: journalId,
          tokenId,
          newPin: newPin && asSecret(newPin),
          data: data && {
            userId: data.userId,
            registrationPin: asSecret(data.registrationPin),
            keyFile: keyFiles.opened(data.keyFile),
          },
        }),
      'wizard.forget': async ({ draftId }) => kilt.drafts.forget(draftId),
      'clipboard.copy': async ({ text }) => desktop.copyText(text),
    },
    onEvent(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    start: () => kilt.start(),
    stop: () => kilt.stop(),
    idle: () => kilt.runner.idle(),
    allowedOrigins: () => kilt.banks.all().map(({ api }) => api.origin),
  };
}
