import { app } from 'electron';
import {
  defaultSettings,
  type CertificateEndView,
  type SettingsView,
  type TokenView,
} from '#shared/views.ts';
import type { ProgramLog } from './log.ts';
import type { DesktopModule } from './modules.ts';
import { createReminders } from './reminder-notifications.ts';
import { createTray } from './tray.ts';
import type { MainWindow } from './window.ts';

/** What is around the window and follows the settings and the tokens: notification area, notifications, log. */
export interface Surroundings {
  readonly module: DesktopModule;
  settingsChanged(settings: SettingsView): void;
  tokensChanged(tokens: readonly TokenView[]): void;
  endsChanged(ends: readonly CertificateEndView[]): void;
  readonly remind: (end: CertificateEndView) => void;
  readonly pressedEnd: PressedEnd;
}

/** The ending certificate that the user has pressed outside the window, which may have to be opened first. */
export interface PressedEnd {
  /** Serial number of its token, told once. */
  take(): string | undefined;
  onPress(listener: () => void): void;
}

export interface SurroundingsOptions {
  readonly mainWindow: MainWindow;
  readonly log: ProgramLog;
}

/** Milliseconds after which a program without a window is one that goes on without it. */
const endsWithin = 300;

export function createSurroundings({ mainWindow, log }: SurroundingsOptions): Surroundings {
  let settings = defaultSettings;
  let ending = false;
  const open = (): void => mainWindow.focus();
  let pressed: string | undefined;
  let tellPressed = (): void => undefined;
  const openEnd = ({ tokenSerial }: CertificateEndView): void => {
    pressed = tokenSerial;
    open();
    tellPressed();
  };
  const tray = createTray({ texts: () => mainWindow.texts(), open, openEnd, log });
  const remind = createReminders({ language: () => settings.language, openEnd, log });

  const followWindow = (): void => {
    if (!ending) tray.update({ hasWindow: mainWindow.window() !== undefined });
  };
  const end = (): void => {
    ending = true;
    mainWindow.letClose();
    tray.remove();
  };

  return {
    module: {
      name: 'surroundings',
      start() {
        app.on('before-quit', end);
        followWindow();
        mainWindow.onPresence((present) => {
          // Not at once: as a rule the program ends with its window, and an icon would only flash.
          if (present) followWindow();
          else setTimeout(followWindow, endsWithin);
        });
      },
      stop: end,
    },
    settingsChanged(changed) {
      settings = changed;
      log.setLevel(changed.logLevel);
      // The language may be another one too.
      if (!ending) tray.update({ closeToTray: changed.closeToTray });
    },
    tokensChanged(tokens) {
      if (!ending) tray.update({ tokens });
    },
    endsChanged(ends) {
      if (!ending) tray.update({ ends });
    },
    remind,
    pressedEnd: {
      take() {
        const taken = pressed;
        pressed = undefined;
        return taken;
      },
      onPress(listener) {
        tellPressed = listener;
      },
    },
  };
}
