import { clipboard, dialog, shell } from 'electron';
import { KiltError } from '#shared/errors.ts';
import type { Desktop } from './application.ts';
import type { Log } from './log.ts';
import { externalAddress } from './open-external.ts';
import type { MainWindow } from './window.ts';

/** What the services may do with the desktop around the window. */
export function createDesktop(
  mainWindow: MainWindow,
  allowedOrigins: () => Promise<readonly string[]>,
  log: Log,
): Desktop {
  return {
    async openExternal(address) {
      const checked = externalAddress(address, await allowedOrigins());
      if (checked === undefined) {
        log.warn('an address was not opened in the browser');
        throw new KiltError('bank-file-invalid', { field: 'site' });
      }
      await shell.openExternal(checked);
    },
    async chooseKeyFile() {
      const words = mainWindow.texts();
      const choice: Electron.OpenDialogOptions = {
        title: words.chooseKeyFile,
        // `dontAddToRecent`: the file's place is nobody's business.
        properties: ['openFile', 'dontAddToRecent'],
        filters: [
          { name: words.keyFiles, extensions: ['pfx', 'p12'] },
          { name: words.allFiles, extensions: ['*'] },
        ],
      };
      const window = mainWindow.window();
      const { canceled, filePaths } = await (window
        ? dialog.showOpenDialog(window, choice)
        : dialog.showOpenDialog(choice));
      return canceled ? undefined : filePaths[0];
    },
    async copyText(text) {
      // A promise since Electron 45; done at once in older ones.
      await clipboard.writeText(text);
    },
  };
}
