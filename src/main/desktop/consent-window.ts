import { BrowserWindow, nativeTheme, screen, type WebContents } from 'electron';
import type { ConsentSurface } from './consent-questions.ts';
import { addEditMenu } from './edit-menu.ts';
import type { DesktopTexts } from './desktop-texts.ts';
import type { Log } from './log.ts';
import { pageRights } from './page-rights.ts';
import { addWindowKeys } from './window-keys.ts';

/** The preload script gives a page with this argument the calls of the consent window and no others. */
export const consentArgument = '--kilt-page=consent';

export interface ConsentWindow extends ConsentSurface {
  contents(): WebContents | undefined;
}

export interface ConsentWindowOptions {
  /** Of the consent page. */
  readonly address: string;
  readonly preload: string;
  readonly development: boolean;
  readonly texts: () => DesktopTexts;
  readonly log: Log;
}

const size = { width: 560, height: 700, minWidth: 420, minHeight: 420 } as const;
const background = { light: '#ffffff', dark: '#292929' } as const;

/**
 * A small window of its own, above all others. It comes up without the keyboard: what somebody is typing into another
 * program must not end up in the PIN field, nor his Enter on a button. The system draws attention to it instead.
 */
export function createConsentWindow(options: ConsentWindowOptions): ConsentWindow {
  const { log } = options;
  const listeners = new Set<() => void>();
  let window: BrowserWindow | undefined;

  const open = (): void => {
    if (window) {
      window.showInactive();
      return;
    }
    const opened = new BrowserWindow(windowOptions(options));
    window = opened;
    addEditMenu(opened, options.texts);
    addWindowKeys(opened, options.development);
    const show = (): void => {
      if (opened.isDestroyed() || opened.isVisible()) return;
      // Somebody who is in another window of Kilt's is not typing into a document.
      if (BrowserWindow.getFocusedWindow()) opened.show();
      else opened.showInactive();
      opened.moveTop();
      opened.flashFrame(true);
    };
    opened.once('focus', () => opened.flashFrame(false));
    opened.once('ready-to-show', show);
    opened.webContents.on('did-fail-load', (_event, code, reason, _address, isMainFrame) => {
      if (!isMainFrame) return;
      log.error('the consent page could not be loaded', { code, reason });
      opened.destroy();
    });
    opened.webContents.on('render-process-gone', () => opened.destroy());
    opened.once('closed', () => {
      if (window === opened) window = undefined;
      for (const listener of listeners) listener();
    });
    opened.loadURL(options.address).catch(() => undefined);
  };

  return {
    open,
    close() {
      const closing = window;
      window = undefined;
      closing?.destroy();
    },
    onClosed: (listener) => void listeners.add(listener),
    contents: () => (window && !window.isDestroyed() ? window.webContents : undefined),
  };
}

function windowOptions(options: ConsentWindowOptions): Electron.BrowserWindowConstructorOptions {
  const { workArea } = screen.getDisplayNearestPoint(screen.getCursorScreenPoint());
  return {
    width: Math.min(size.width, workArea.width),
    height: Math.min(size.height, workArea.height),
    minWidth: Math.min(size.minWidth, workArea.width),
    minHeight: Math.min(size.minHeight, workArea.height),
    title: 'Kilt',
    show: false,
    alwaysOnTop: true,
    minimizable: false,
    maximizable: false,
    fullscreenable: false,
    backgroundColor: nativeTheme.shouldUseDarkColors ? background.dark : background.light,
    autoHideMenuBar: true,
    webPreferences: {
      preload: options.preload,
      additionalArguments: [consentArgument],
      ...pageRights,
      // A window that comes up without the keyboard must not be slowed down as one that nobody looks at.
      backgroundThrottling: false,
      devTools: options.development,
    },
  };
}
