import path from 'node:path';
import type { BrowserName } from '#shared/consent-views.ts';
import { nativeHostName } from '#shared/extension-constants.ts';
import { firefoxFolders } from '../firefox-folders.ts';

/**
 * Where a browser looks for the manifests of native-messaging hosts of one user. Other Chromiums read the folder of one of
 * these, or can not be told.
 */
export interface HostPlace {
  readonly browser: BrowserName;
  /** Chromium knows extensions by address, Firefox by id. */
  readonly kind: 'chromium' | 'firefox';
  /** Where this browser may keep its data; where none is there, neither is the browser, and nothing is written. Empty: always there. */
  readonly browserFolders: readonly string[];
  /** Manifest's file. */
  readonly manifest: string;
  /** Windows: key whose default value is the path of the manifest. */
  readonly registryKey?: string | undefined;
}

const file = `${nativeHostName}.json`;

/**
 * The places on a system, for the user whose folders are given. Written from the browsers' documentation; Linux's have been
 * run, Windows' and macOS' have not.
 *
 * @param dataFolder Kilt's own, for manifests that the registry points to
 */
export function hostPlaces(
  platform: NodeJS.Platform,
  { home, dataFolder }: { readonly home: string; readonly dataFolder: string },
): readonly HostPlace[] {
  switch (platform) {
    case 'win32':
      return onWindows(dataFolder);
    case 'darwin':
      return onMacOs(path.posix.join(home, 'Library/Application Support'));
    default:
      return onLinux(home);
  }
}

function onLinux(home: string): readonly HostPlace[] {
  const chromium = (browser: BrowserName, folder: string): HostPlace => {
    const browserFolder = path.posix.join(home, '.config', folder);
    return {
      browser,
      kind: 'chromium',
      browserFolders: [browserFolder],
      manifest: path.posix.join(browserFolder, 'NativeMessagingHosts', file),
    };
  };
  return [
    chromium('chrome', 'google-chrome'),
    chromium('chromium', 'chromium'),
    chromium('edge', 'microsoft-edge'),
    chromium('yandex', 'yandex-browser'),
    {
      browser: 'firefox',
      kind: 'firefox',
      browserFolders: firefoxFolders(home),
      manifest: path.posix.join(home, '.mozilla/native-messaging-hosts', file),
    },
  ];
}

function onMacOs(support: string): readonly HostPlace[] {
  const chromium = (browser: BrowserName, folder: string): HostPlace => {
    const browserFolder = path.posix.join(support, folder);
    return {
      browser,
      kind: 'chromium',
      browserFolders: [browserFolder],
      manifest: path.posix.join(browserFolder, 'NativeMessagingHosts', file),
    };
  };
  return [
    chromium('chrome', 'Google/Chrome'),
    chromium('chromium', 'Chromium'),
    chromium('edge', 'Microsoft Edge'),
    chromium('yandex', 'Yandex/YandexBrowser'),
    {
      browser: 'firefox',
      kind: 'firefox',
      browserFolders: [path.posix.join(support, 'Firefox')],
      manifest: path.posix.join(support, 'Mozilla/NativeMessagingHosts', file),
    },
  ];
}

/** One manifest for all Chromiums and one for Firefox, in Kilt's own folder; keys of HKCU, which need no administrator. */
function onWindows(dataFolder: string): readonly HostPlace[] {
  const chromium = (browser: BrowserName, vendor: string): HostPlace => ({
    browser,
    kind: 'chromium',
    browserFolders: [],
    manifest: path.win32.join(dataFolder, 'browser-link', `chromium-${file}`),
    registryKey: `HKCU\\Software\\${vendor}\\NativeMessagingHosts\\${nativeHostName}`,
  });
  return [
    chromium('chrome', 'Google\\Chrome'),
    chromium('chromium', 'Chromium'),
    chromium('edge', 'Microsoft\\Edge'),
    chromium('yandex', 'Yandex\\YandexBrowser'),
    {
      browser: 'firefox',
      kind: 'firefox',
      browserFolders: [],
      manifest: path.win32.join(dataFolder, 'browser-link', `firefox-${file}`),
      registryKey: `HKCU\\Software\\Mozilla\\NativeMessagingHosts\\${nativeHostName}`,
    },
  ];
}
