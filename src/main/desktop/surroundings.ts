import { app } from 'electron';
import {
  defaultSettings,
  type CertificateEndView,
  type SettingsView,
  type TokenView,
} from '#shared/views.ts';
import type { BankDecision } from '#main/profile/bank-decisions.ts';
import type { ProgramLog } from './log.ts';
import type { DesktopModule } from './modules.ts';
import { decisionWords, endWords } from './notification-words.ts';
import { createNotify } from './notifications.ts';
import { createTray } from './tray.ts';
import type { MainWindow } from './window.ts';

/** What is around the window and follows the settings and the tokens: notification area, notifications, log. */
export interface Surroundings {
  readonly module: DesktopModule;
  settingsChanged(settings: SettingsView): void;
  tokensChanged(tokens: readonly TokenView[]): void;
  endsChanged(ends: readonly CertificateEndView[]): void;
  readonly remind: (end: CertificateEndView) => void;
  /** Tells it to a user who is not looking at the window. */
  readonly tellDecision: (decision: BankDecision) => void;
  readonly pressed: Pressed;
}

/** What the user has pressed outside the window, which may have to be opened first. */
export interface Pressed {
  /** Told once. */
  take(): PressedNotice | undefined;
  onPress(listener: () => void): void;
}
export interface PressedNotice {
  readonly about: 'keys' | 'registration';
  readonly tokenSerial: string;
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
  let pressed: PressedNotice | undefined;
  let tellPressed = (): void => undefined;
  const openAt = ({ about, tokenSerial }: PressedNotice): void => {
    pressed = { about, tokenSerial };
    open();
    tellPressed();
  };
  const openEnd = ({ tokenSerial }: CertificateEndView): void => openAt({ about: 'keys', tokenSerial });
  const tray = createTray({ texts: () => mainWindow.texts(), open, openEnd, log });
  const notify = createNotify({ language: () => settings.language, log });

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
    remind: (end) =>
      notify(
        (t) => endWords(end, t),
        () => openEnd(end),
      ),
    tellDecision(decision) {
      if (mainWindow.window()?.isFocused() === true) return;
      notify(
        (t) => decisionWords(decision, t),
        () => openAt(decision),
      );
    },
    pressed: {
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
