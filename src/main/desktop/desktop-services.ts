import { clipboard, shell } from 'electron';
import { KiltError } from '#shared/errors.ts';
import type { Desktop } from './application.ts';
import { setAutostart } from './autostart.ts';
import { createFileDialogs } from './file-dialogs.ts';
import { startLibraryProcess } from './library-process.ts';
import type { Log } from './log.ts';
import { externalAddress } from './open-external.ts';
import type { MainWindow } from './window.ts';

export interface DesktopServicesOptions {
  readonly mainWindow: MainWindow;
  readonly allowedOrigins: () => Promise<readonly string[]>;
  readonly dataFolder: string;
  readonly logFolder: string;
  readonly remind: Desktop['remind'];
  readonly tellDecision: Desktop['tellDecision'];
  readonly pressed: Desktop['pressed'];
  readonly consentWindow: Desktop['consent'];
  readonly log: Log;
}

/** What the services may do with the desktop around the window. */
export function createDesktop(options: DesktopServicesOptions): Desktop {
  const { mainWindow, allowedOrigins, log } = options;
  const folders = { data: options.dataFolder, logs: options.logFolder } as const;
  const dialogs = createFileDialogs({
    window: () => mainWindow.window(),
    texts: () => mainWindow.texts(),
    dataFolder: options.dataFolder,
    log,
  });
  return {
    ...dialogs,
    async openExternal(address) {
      const checked = externalAddress(address, await allowedOrigins());
      if (checked === undefined) {
        log.warn('an address was not opened in the browser');
        throw new KiltError('bank-file-invalid', { field: 'site' });
      }
      await shell.openExternal(checked);
    },
    async openFolder(folder) {
      // One of two folders that Kilt itself has named: nothing that is asked for reaches the system's file manager.
      const refused = await shell.openPath(folders[folder]);
      if (refused === '') return;
      log.warn('a folder was not opened', { folder, refused });
      throw new KiltError('folder-not-opened');
    },
    showInFolder(file) {
      shell.showItemInFolder(file);
    },
    setAutostart,
    remind: options.remind,
    tellDecision: options.tellDecision,
    pressed: options.pressed,
    consent: options.consentWindow,
    startLibrary: startLibraryProcess,
    async licences() {
      // Read once in a year.
      const { ownLicences } = await import('./own-licences.ts');
      return ownLicences(log);
    },
    async copyText(text) {
      // A promise since Electron 45; done at once in older ones.
      await clipboard.writeText(text);
    },
  };
}
