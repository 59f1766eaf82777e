import { app, Menu, type Event } from 'electron';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { nativeHostSwitch } from '#main/browser/extension/host-launcher.ts';
import { declareAppScheme } from './app-scheme.ts';
import { handleCrashes } from './crash-handling.ts';
import { desktopModules } from './desktop-modules.ts';
import {
  backgroundSwitch,
  dangerousSwitch,
  readLaunchOptions,
  type LaunchOptions,
} from './launch-options.ts';
import { createConsentWindow } from './consent-window.ts';
import { createLog } from './log.ts';
import { createModuleList, type ModuleList } from './modules.ts';
import { pageSource } from './page-source.ts';
import { createMainWindow } from './window.ts';

// Before anything else can make a window: every page of this program lives in Chromium's sandbox.
app.enableSandbox();

/** Milliseconds to finish a card command and a database transaction; longer work continues at the next start. */
const stopWithin = 5_000;

begin();

function begin(): void {
  const packaged = app.isPackaged;
  const refused = dangerousSwitch({ packaged, hasSwitch: (name) => app.commandLine.hasSwitch(name) });
  if (refused !== undefined) return leave(`--${refused} is not for a packaged program`);

  let launch: LaunchOptions;
  try {
    launch = readLaunchOptions({ packaged, environment: process.env });
  } catch (error) {
    return leave(error instanceof Error ? error.message : String(error));
  }
  if (launch.userData !== undefined) {
    mkdirSync(launch.userData, { recursive: true, mode: 0o700 });
    app.setPath('userData', launch.userData);
  }
  if (app.commandLine.hasSwitch(nativeHostSwitch)) {
    // Started by a browser: its standard output is for frames only. Once Electron is ready it is too late for this.
    app.disableHardwareAcceleration();
    void import('./native-host-mode.ts').then(({ runAsNativeHost }) => runAsNativeHost());
    return;
  }
  declareAppScheme();
  // Windows shows notifications only under the name of the installed program's shortcut (electron-builder.yml).
  app.setAppUserModelId('kz.kilt.desktop');
  // This early, Electron does not build its default menu, which nobody would see.
  Menu.setApplicationMenu(null);
  // The lock lies in the data folder: one instance for each of them.
  if (app.requestSingleInstanceLock()) run(launch);
  else app.quit();
}

function leave(why: string): void {
  process.stderr.write(`Kilt can not start: ${why}\n`);
  app.exit(2);
}

function run(launch: LaunchOptions): void {
  const dataFolder = app.getPath('userData');
  const logFolder = join(dataFolder, 'logs');
  const log = createLog({ folder: logFolder, terminal: !launch.packaged });
  const source = pageSource(launch);
  const inBackground = startedWithSession();
  const mainWindow = createMainWindow({
    address: source.address,
    // Both lie beside this file's folder in the build: out/main, out/preload, out/renderer.
    preload: join(import.meta.dirname, '../preload/preload.cjs'),
    dataFolder,
    development: !launch.packaged,
    log,
  });
  const consentWindow = createConsentWindow({
    address: source.consentAddress,
    preload: join(import.meta.dirname, '../preload/preload.cjs'),
    development: !launch.packaged,
    texts: () => mainWindow.texts(),
    log,
  });
  handleCrashes({ log, texts: () => mainWindow.texts(), window: () => mainWindow.window() });

  const desktop = desktopModules({
    launch,
    source,
    mainWindow,
    consentWindow,
    dataFolder,
    logFolder,
    inBackground,
    pageFolder: join(import.meta.dirname, '../renderer'),
    log,
  });
  const modules = createModuleList(desktop.modules, { log, stopWithin });

  // What the second start was given, and from which folder, is dropped unread: somebody wants to see Kilt.
  app.on('second-instance', () => mainWindow.focus());
  app.on('activate', () => mainWindow.focus());
  // A registration goes on without its window, as the window has promised; the program ends after it, unless the
  // window has been opened again meanwhile.
  // Started without its window, the program stays when only the consent window was there and went.
  let staysWithoutWindow = inBackground;
  mainWindow.onPresence(() => {
    staysWithoutWindow = false;
  });
  app.on('window-all-closed', () => {
    if (staysWithoutWindow) return;
    void desktop.idle().then(() => {
      if (!mainWindow.window()) app.quit();
    });
  });
  app.on('will-quit', stopBeforeQuitting(modules));

  app
    .whenReady()
    .then(() => modules.start())
    .catch((error: unknown) => {
      log.error('the program could not start', error);
      app.exit(1);
    });
}

/** Set up by autostart.ts; macOS keeps no arguments of a login item and tells by itself. */
function startedWithSession(): boolean {
  return (
    app.commandLine.hasSwitch(backgroundSwitch) ||
    (process.platform === 'darwin' && app.getLoginItemSettings().wasOpenedAtLogin)
  );
}

/** Holds the end of the program back until the modules have stopped. */
function stopBeforeQuitting(modules: ModuleList): (event: Event) => void {
  let stopped = false;
  return (event) => {
    if (stopped) return;
    event.preventDefault();
    void modules.stop().finally(() =>
      // Not at once: as long as Electron is still in this event, a second quit is dropped and the program stays.
      setImmediate(() => {
        stopped = true;
        app.quit();
      }),
    );
  };
}
