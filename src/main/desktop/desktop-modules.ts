import { app, session } from 'electron';
import type { EventName, EventPayload } from '#shared/ipc-contract.ts';
import type { CertificateEndView, SettingsView, TokensView } from '#shared/views.ts';
import type { Application } from './application.ts';
import type { ConsentWindow } from './consent-window.ts';
import { serveAppScheme } from './app-scheme.ts';
import { createDesktop } from './desktop-services.ts';
import { setApplicationMenu } from './edit-menu.ts';
import { registerCalls, sendEvent } from './ipc.ts';
import type { LaunchOptions } from './launch-options.ts';
import type { ProgramLog } from './log.ts';
import type { DesktopModule } from './modules.ts';
import { guardAllNavigation, guardSession } from './navigation-guard.ts';
import type { PageSource } from './page-source.ts';
import { sessionLockModule } from './session-lock.ts';
import { createSurroundings, type Surroundings } from './surroundings.ts';
import { wakeUpModule } from './wake-up.ts';
import type { MainWindow } from './window.ts';

export interface DesktopParts {
  readonly launch: LaunchOptions;
  readonly source: PageSource;
  readonly mainWindow: MainWindow;
  readonly consentWindow: ConsentWindow;
  readonly dataFolder: string;
  readonly logFolder: string;
  /** Folder of the built page. */
  readonly pageFolder: string;
  /** Started with the user's session: the window stays away until it is asked for. */
  readonly inBackground: boolean;
  readonly log: ProgramLog;
}

/**
 * The parts of the program in the order in which they start: first what protects the page, then the window, what is
 * around it, and the services behind it last. They stop in the opposite order.
 *
 * @returns also `idle`, which resolves when the services do nothing that goes on without a window
 */
export function desktopModules(parts: DesktopParts): {
  readonly modules: readonly DesktopModule[];
  readonly idle: () => Promise<void>;
} {
  const { mainWindow, inBackground } = parts;
  const surroundings = createSurroundings(parts);
  const services = servicesModule(parts, surroundings);
  return {
    modules: [
      guardsModule(parts),
      pageFilesModule(parts),
      callsModule(parts, services.application),
      { name: 'window', start: () => (inBackground ? mainWindow.stayAway() : mainWindow.open()) },
      surroundings.module,
      services.module,
      sessionLockModule(() => void services.application.then((running) => running.lock())),
      wakeUpModule(() => void services.application.then((running) => running.wake())),
    ],
    idle: async () => (await services.application.catch(() => undefined))?.idle(),
  };
}

function guardsModule({ source, log }: DesktopParts): DesktopModule {
  return {
    name: 'guards',
    start() {
      setApplicationMenu();
      guardAllNavigation(app, source.mayNavigate, log);
      guardSession(session.defaultSession, source, log);
    },
    // No stop: a page that outlives the other modules is guarded to its end.
  };
}

function pageFilesModule({ pageFolder }: DesktopParts): DesktopModule {
  let stop = (): void => undefined;
  return {
    name: 'page files',
    start() {
      stop = serveAppScheme(session.defaultSession.protocol, pageFolder);
    },
    stop: () => stop(),
  };
}

function callsModule(
  { source, mainWindow, consentWindow, log }: DesktopParts,
  application: Promise<Application>,
): DesktopModule {
  let stop = (): void => undefined;
  return {
    name: 'calls',
    start() {
      stop = registerCalls({
        page: { webContentsId: () => mainWindow.contents()?.id, origin: source.origin },
        consentPage: { webContentsId: () => consentWindow.contents()?.id, origin: source.origin },
        handlers: async () => (await application).handlers,
        log,
      });
    },
    stop: () => stop(),
  };
}

/** The page may ask before the services are there: its calls wait for `application`, or are told why it failed. */
function servicesModule(
  parts: DesktopParts,
  surroundings: Surroundings,
): { module: DesktopModule; application: Promise<Application> } {
  const { mainWindow, consentWindow, log } = parts;
  let putTogether = (_application: Promise<Application>): void => undefined;
  const application = new Promise<Application>((resolve) => {
    putTogether = resolve;
  });

  const module: DesktopModule = {
    name: 'services',
    async start() {
      putTogether(makeApplication(parts, surroundings, application));
      try {
        const running = await application;
        running.onEvent((name, payload) => {
          const page = name === 'consent.changed' ? consentWindow : mainWindow;
          sendEvent(name, payload, page.contents(), log);
          follow(name, payload, mainWindow, surroundings);
          log.debug(`${name} told`);
        });
        const { settings } = await running.handlers['app.ready'](undefined);
        follow('settings.changed', settings, mainWindow, surroundings);
        // Readers, tokens and the network come after the first picture.
        await mainWindow.shown;
        await running.start();
      } catch (error) {
        // The window stays: each of its calls is answered with what went wrong.
        log.error('the services did not start', error);
      }
    },
    async stop() {
      consentWindow.close();
      await (await application.catch(() => undefined))?.stop();
    },
  };
  return { module, application };
}

/** What the page is told concerns the desktop too. */
function follow<Name extends EventName>(
  name: Name,
  payload: EventPayload<Name>,
  mainWindow: MainWindow,
  surroundings: Surroundings,
): void {
  // The name ties the payload's type; the compiler can not follow that through the generic.
  if (name === 'settings.changed') {
    const settings = payload as SettingsView;
    mainWindow.applySettings(settings);
    surroundings.settingsChanged(settings);
  } else if (name === 'tokens.changed') {
    surroundings.tokensChanged((payload as TokensView).tokens);
  } else if (name === 'ends.changed') {
    surroundings.endsChanged(payload as CertificateEndView[]);
  }
}

const systemNames: Partial<Record<NodeJS.Platform, string>> = {
  win32: 'Windows',
  darwin: 'macOS',
  linux: 'Linux',
};

async function makeApplication(
  parts: DesktopParts,
  surroundings: Surroundings,
  itself: Promise<Application>,
): Promise<Application> {
  // Loaded while the window's own process starts: its libraries take longer to read than the window to appear.
  const { createApplication } = await import('./application.ts');
  return createApplication({
    launch: parts.launch,
    dataFolder: parts.dataFolder,
    logFolder: parts.logFolder,
    versions: {
      version: app.getVersion(),
      electron: process.versions.electron,
      chromium: process.versions.chrome,
      node: process.versions.node,
      system: `${systemNames[process.platform] ?? process.platform} ${process.getSystemVersion()} (${process.arch})`,
    },
    desktop: createDesktop({
      ...parts,
      remind: surroundings.remind,
      tellDecision: surroundings.tellDecision,
      pressed: surroundings.pressed,
      allowedOrigins: async () => (await itself).allowedOrigins(),
    }),
    log: parts.log,
  });
}
