import { app } from 'electron';
import { ExtensionWay } from '#main/browser/extension/extension-way.ts';
import type { PageDoor } from '#main/browser/page-request.ts';
import type { LaunchOptions } from './launch-options.ts';
import type { Log } from './log.ts';

/**
 * The way through the browser's extension, for this program as it was started. A build that is not packaged tells browsers
 * of itself only where `KILT_BROWSER_HOME` says whose: a developer's browser would else keep a path into a clone.
 */
export function openExtensionWay(options: {
  readonly launch: LaunchOptions;
  readonly dataFolder: string;
  readonly door: PageDoor;
  readonly log: Log;
}): ExtensionWay {
  const { launch, dataFolder, door, log } = options;
  const home = launch.packaged ? app.getPath('home') : launch.browserHome;
  return new ExtensionWay({
    dataFolder,
    door,
    origins: { allowLoopback: !launch.packaged },
    registration:
      home === undefined
        ? undefined
        : {
            home,
            command: {
              executable: process.execPath,
              ...(launch.packaged
                ? {}
                : { programFolder: app.getAppPath(), environment: { KILT_USER_DATA: dataFolder } }),
            },
          },
    onCutOff: (why) => log.warn('the link to browsers has turned somebody away', { why }),
    onDefect: (error) => log.error('the link to browsers failed', error),
  });
}
