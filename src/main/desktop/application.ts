import type { EventName, EventPayload } from '#shared/ipc-contract.ts';
import type { AboutView, CertificateEndView, LicenceView } from '#shared/views.ts';
import { asSecret } from '#shared/bytes.ts';
import { bankView } from '#main/enrolment/bank-files.ts';
import { killAtFormatStage, killAtJournalLine } from '#main/fault-point.ts';
import { Kilt } from '#main/kilt.ts';
import { BankDecisions, type BankDecision } from '#main/profile/bank-decisions.ts';
import { createCardAccess } from '#main/token/card-access.ts';
import type { StartLibraryProcess } from '#main/token/pkcs11/library-process.ts';
import { bankHandlers } from './bank-handlers.ts';
import { ChosenKeyFiles } from './chosen-key-files.ts';
import { controlPanelHandlers } from './control-panel-handlers.ts';
import { driverHandlers } from './driver-handlers.ts';
import type { Handlers } from './ipc.ts';
import type { LaunchOptions } from './launch-options.ts';
import type { Log } from './log.ts';
import { renewalHandlers } from './renewal-handlers.ts';
import type { ConsentSurface } from './consent-questions.ts';
import { openPages } from './open-pages.ts';
import type { Pressed } from './surroundings.ts';
import { signingHandlers } from './signing-handlers.ts';

/** A file that the user keeps: `kind` decides the dialog's words and the folder it remembers. */
export interface FileToSave {
  readonly kind: 'certificate-pem' | 'certificate-der' | 'audit';
  /** Without folder; what a file name may not hold is replaced. */
  readonly suggestedName: string;
  readonly contents: Uint8Array | string;
}

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
  /** «Импортировать файл банка…»: absolute path of the file chosen, or `undefined`. */
  chooseBankFile(): Promise<string | undefined>;
  /** «Импортировать…»: absolute path of the certificate or key container chosen, or `undefined`. */
  chooseImportFile(): Promise<string | undefined>;
  /** Absolute paths of the documents or the signature chosen; none when it was cancelled. */
  chooseDocuments(what: 'documents' | 'signature' | 'signed'): Promise<readonly string[]>;
  /** Shows a file in the system's file manager. */
  showInFolder(file: string): void;
  /**
   * Asks where to save, and writes the file whole or not at all.
   *
   * @returns the file's name without its folder, or `undefined` when the user cancelled
   * @throws KiltError `disk-full`, `file-not-written`
   */
  saveFile(file: FileToSave): Promise<string | undefined>;
  /** Opens the folder in the system's file manager. @throws KiltError `folder-not-opened` */
  openFolder(folder: 'data' | 'logs'): Promise<void>;
  /** Whether Kilt starts with the user's session. @throws KiltError `autostart-refused` */
  setAutostart(on: boolean): Promise<void>;
  /** What Kilt is made of, in order of names. */
  licences(): Promise<LicenceView[]>;
  copyText(text: string): Promise<void>;
  /** Tells, outside the window, that a certificate ends. */
  remind(end: CertificateEndView): void;
  /** Tells what a bank has decided about a request to a user who is not looking at the window. */
  tellDecision(decision: BankDecision): void;
  /** What the user has pressed of all that. */
  readonly pressed: Pressed;
  /** Where the user is asked about requests of pages. */
  readonly consent: ConsentSurface;
  /** A process for the PKCS#11 library of a token's maker. */
  readonly startLibrary: StartLibraryProcess;
}

export interface ApplicationOptions {
  readonly launch: LaunchOptions;
  /** The user's own folder for everything Kilt keeps; it exists. */
  readonly dataFolder: string;
  readonly logFolder: string;
  /** Of Kilt and what it runs on. */
  readonly versions: Pick<AboutView, 'version' | 'electron' | 'chromium' | 'node' | 'system'>;
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
  /** Nobody is at the computer any more: rights in the control panel end. */
  lock(): void;
  /** The computer woke up: days may have gone by. */
  wake(): void;
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
    startLibrary: desktop.startLibrary,
    unsignedBanks: launch.packaged ? 'refuse' : 'accept',
    onJournalLine: launch.packaged ? undefined : killAtJournalLine(process.env),
    onRenewalLine: launch.packaged ? undefined : killAtJournalLine(process.env),
    onFormatStage: launch.packaged ? undefined : killAtFormatStage(process.env),
  });
  const listeners = new Set<EventListener>();
  const tell: EventListener = (name, payload) => {
    for (const listener of listeners) listener(name, payload);
  };
  const keyFiles = new ChosenKeyFiles();
  const pages = openPages({
    kilt,
    surface: desktop.consent,
    dataFolder: options.dataFolder,
    launch,
    tell,
    log: options.log,
  });

  let stopWatching = (): void => undefined;
  let stopFollowing = (): void => undefined;
  const bankViews = () => kilt.banks.all().map((bank) => bankView(bank));
  kilt.tokens.onChange(() => tell('tokens.changed', kilt.tokensView()));
  kilt.banks.onChange(() => {
    tell('banks.changed', bankViews());
    // They name their banks.
    tell('tokens.changed', kilt.tokensView());
  });
  kilt.controlPanel.onChange((tokenId) => tell('panel.changed', { tokenId }));
  kilt.ends.onChange((ends) => {
    tell('ends.changed', [...ends]);
    // A day has gone by: their status may be another.
    kilt.renewals.changed();
  });
  desktop.pressed.onPress(() => tell('pressed.changed', undefined));
  const decisions = new BankDecisions();
  kilt.runner.onChange((registration) => {
    tell('registration.changed', registration);
    const decision = decisions.ofRegistration(registration);
    if (decision) desktop.tellDecision(decision);
  });
  kilt.renewals.onChange((keySets) => {
    tell('renewals.changed', [...keySets]);
    for (const decision of decisions.amongKeySets(keySets)) desktop.tellDecision(decision);
  });
  kilt.controlPanel.onFormatChange((format) => tell('format.changed', format));

  return {
    handlers: {
      'app.ready': async () => ({
        settings: kilt.settings.get(),
        about: {
          ...options.versions,
          transport: launch.transport,
          dataFolder: options.dataFolder,
          logFolder: options.logFolder,
        },
      }),
      'settings.change': async (changes) => {
        // First, so that a system that refuses is not said to have agreed.
        if (changes.autostart !== undefined) await desktop.setAutostart(changes.autostart);
        const settings = kilt.settings.change(changes);
        tell('settings.changed', settings);
        // Names of banks are told in the user's language.
        if (changes.language !== undefined) tell('tokens.changed', kilt.tokensView());
        return settings;
      },
      'tokens.list': async () => kilt.tokensView(),
      'banks.list': async () => bankViews(),
      'registrations.list': async () => [...kilt.runner.list()],
      'ends.list': async () => [...kilt.ends.ends()],
      'ends.snooze': async ({ id, days }) => kilt.ends.snooze(id, days),
      'pressed.take': async () => {
        const pressed = desktop.pressed.take();
        if (!pressed) return undefined;
        const { about, tokenSerial } = pressed;
        const hasKeySet = kilt.renewals.list().some((set) => set.tokenSerial === tokenSerial);
        return { tokenSerial, leadsTo: about === 'keys' && hasKeySet ? 'keys' : 'profiles' };
      },
      'picker.open': async ({ tokenId, pin, profile }) => kilt.profiles.open(tokenId, asSecret(pin), profile),
      'profile.leave': async ({ tokenId }) => kilt.profiles.leave(tokenId),
      'profile.openBank': async ({ tokenId }) => desktop.openExternal(kilt.profiles.bankPage(tokenId)),
      'wizard.chooseKeyFile': async () => keyFiles.remember(await desktop.chooseKeyFile()),
      'wizard.checkData': async ({ bankId, userId, registrationPin, keyFile, national }) => {
        const draft = await kilt.drafts.check(kilt.banks.getForNewProfile(bankId), {
          userId,
          registrationPin: asSecret(registrationPin),
          keyFile: keyFiles.opened(keyFile),
          national: national && {
            token: kilt.token(national.tokenId),
            serialNumber: national.serialNumber,
          },
        });
        return {
          draftId: draft.id,
          ...(draft.keyContainer ? { keyContainer: draft.keyContainer } : {}),
          ...(draft.national ? { national: draft.national } : {}),
        };
      },
      'wizard.start': async ({ draftId, tokenId, label, newPin }) =>
        kilt.register({ draftId, tokenId, label, newPin: newPin && asSecret(newPin) }),
      'registration.resume': async ({ journalId, tokenId, newPin, data }) =>
        kilt.resume({
          registrationId: journalId,
          tokenId,
          newPin: newPin && asSecret(newPin),
          data: data && {
            userId: data.userId,
            registrationPin: asSecret(data.registrationPin),
            keyFile: keyFiles.opened(data.keyFile),
            nationalSerialNumber: data.nationalSerialNumber,
          },
        }),
      'wizard.forget': async ({ draftId }) => kilt.drafts.forget(draftId),
      ...controlPanelHandlers(kilt, desktop),
      ...signingHandlers(kilt, desktop, (view) => tell('signing.changed', view)),
      ...driverHandlers(kilt, tell),
      ...bankHandlers(kilt, desktop),
      ...renewalHandlers(kilt),
      ...pages.handlers,
      'folders.open': async ({ folder }) => desktop.openFolder(folder),
      'about.licences': async () => desktop.licences(),
      'clipboard.copy': async ({ text }) => desktop.copyText(text),
    },
    onEvent(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    async start() {
      kilt.renewals.start();
      kilt.ends.start((end) => desktop.remind(end));
      stopWatching = kilt.banks.watch();
      await kilt.start();
      await pages.start();
      stopFollowing = kilt.watchOutsideChanges(
        () => {
          tell('settings.changed', kilt.settings.get());
          pages.follow();
        },
        (error) => options.log.error('what other programs change can not be followed', error),
      );
    },
    async stop() {
      stopWatching();
      stopFollowing();
      await pages.stop();
      await kilt.stop();
    },
    idle: () => kilt.idle(),
    wake: () => {
      kilt.ends.look();
      kilt.renewals.changed();
    },
    lock: () => kilt.controlPanel.endAllRights(),
    allowedOrigins: () => kilt.banks.all().map(({ api }) => api.origin),
  };
}
