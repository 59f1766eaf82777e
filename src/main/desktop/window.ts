import { BrowserWindow, nativeTheme, screen, type WebContents } from 'electron';
import { join } from 'node:path';
import type { SettingsView } from '#shared/views.ts';
import { desktopTexts, type DesktopTexts } from './desktop-texts.ts';
import { addEditMenu } from './edit-menu.ts';
import type { Log } from './log.ts';
import { pageRights } from './page-rights.ts';
import { addWindowKeys } from './window-keys.ts';
import {
  placeOnDisplays,
  readWindowMemory,
  sizesOn,
  writeWindowMemory,
  type WindowMemory,
} from './window-place.ts';

/** Fluent UI's `colorNeutralBackground1`: the page's first frame has the colour that the window had before it. */
const background = { light: '#ffffff', dark: '#292929' } as const;

export interface MainWindow {
  /** Makes the window and begins to load the page; comes back before either is done. */
  open(): void;
  /** Begins without a window: there is nothing to wait for. */
  stayAway(): void;
  /** Brings the window to the front; opens it again if it was closed. */
  focus(): void;
  /** Settles when the window is on the screen, was closed before it ever was, or is not to be opened. */
  readonly shown: Promise<void>;
  /** Tells whenever the window has come to be, or is there no more; one that is hidden is there. */
  onPresence(listener: (present: boolean) => void): void;
  /** From now on the window's cross closes it, whatever the settings say: the program ends. */
  letClose(): void;
  contents(): WebContents | undefined;
  /** Theme of the native frame, language of the native menus, and what the window's cross does. */
  applySettings(settings: SettingsView): void;
  texts(): DesktopTexts;
  window(): BrowserWindow | undefined;
}

export interface MainWindowOptions {
  readonly address: string;
  readonly preload: string;
  readonly dataFolder: string;
  readonly development: boolean;
  readonly log: Log;
}

/** Kilt's one window. */
export function createMainWindow(options: MainWindowOptions): MainWindow {
  const { log } = options;
  const memoryFile = join(options.dataFolder, 'window.json');
  let memory: WindowMemory = readWindowMemory(memoryFile);
  let window: BrowserWindow | undefined;
  let resolveShown = (): void => undefined;
  const shown = new Promise<void>((resolve) => {
    resolveShown = resolve;
  });
  const presenceListeners = new Set<(present: boolean) => void>();
  const tellPresence = (): void => {
    for (const listener of presenceListeners) listener(window !== undefined);
  };
  let closeToTray = false;
  let ending = false;

  const remember = (changes: Partial<WindowMemory>): void => {
    memory = { ...memory, ...changes };
    try {
      writeWindowMemory(memoryFile, memory);
    } catch (error) {
      log.warn('the place of the window could not be kept', error);
    }
  };

  const open = (): void => {
    nativeTheme.themeSource = memory.theme;
    const opened = new BrowserWindow(windowOptions(options, memory));
    window = opened;
    addEditMenu(opened, () => desktopTexts[memory.language]);
    addWindowKeys(opened, options.development);

    const show = (): void => {
      if (opened.isDestroyed() || opened.isVisible()) return;
      if (memory.maximised) opened.maximize();
      opened.show();
      resolveShown();
    };
    opened.once('ready-to-show', show);
    // A page that can not be loaded still needs a window to close.
    opened.webContents.on('did-fail-load', (_event, code, reason, _address, isMainFrame) => {
      if (!isMainFrame) return;
      log.error('the page could not be loaded', { code, reason });
      show();
    });
    opened.on('close', (event) => {
      remember({ bounds: opened.getNormalBounds(), maximised: opened.isMaximized() });
      if (!closeToTray || ending) return;
      event.preventDefault();
      opened.hide();
    });
    opened.once('closed', () => {
      if (window === opened) window = undefined;
      resolveShown();
      tellPresence();
    });
    tellPresence();
    // Its failure is told by did-fail-load.
    opened.loadURL(options.address).catch(() => undefined);
  };

  return {
    open,
    stayAway: () => resolveShown(),
    focus() {
      if (!window) {
        open();
        return;
      }
      if (window.isMinimized()) window.restore();
      window.show();
      window.focus();
    },
    shown,
    onPresence: (listener) => void presenceListeners.add(listener),
    letClose() {
      ending = true;
    },
    contents: () => (window && !window.isDestroyed() ? window.webContents : undefined),
    applySettings({ theme, language, closeToTray: toTray }) {
      closeToTray = toTray;
      nativeTheme.themeSource = theme;
      window?.setBackgroundColor(backgroundColour());
      if (theme !== memory.theme || language !== memory.language) remember({ theme, language });
    },
    texts: () => desktopTexts[memory.language],
    window: () => window,
  };
}

const backgroundColour = (): string => (nativeTheme.shouldUseDarkColors ? background.dark : background.light);

function windowOptions(
  options: MainWindowOptions,
  memory: WindowMemory,
): Electron.BrowserWindowConstructorOptions {
  const workAreas = screen.getAllDisplays().map((display) => display.workArea);
  return {
    ...sizesOn(workAreas),
    ...placeOnDisplays(memory.bounds, workAreas),
    title: 'Kilt',
    show: false,
    backgroundColor: backgroundColour(),
    autoHideMenuBar: true,
    webPreferences: {
      preload: options.preload,
      ...pageRights,
      devTools: options.development,
    },
  };
}
