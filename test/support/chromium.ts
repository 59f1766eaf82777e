import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { chromium, type BrowserContext } from '@playwright/test';

const root = path.resolve(import.meta.dirname, '../..');

/** Debian's Chromium with Kilt's extension in it, for a user with a home of his own. */
export interface RunningChromium {
  readonly context: BrowserContext;
  close(): Promise<void>;
}

export interface ChromiumOptions {
  /** Home folder; Chromium's data lie in it where Chromium itself would put them. */
  readonly home: string;
  readonly locale: string;
  /** Without it, the browser of somebody who has not installed it. */
  readonly extension?: boolean;
  /** Chromium itself judges certificates; otherwise any is taken. */
  readonly strict?: boolean;
}

/** A home folder in which Chromium has been before. */
export function chromiumHome(): string {
  const home = mkdtempSync(path.join(tmpdir(), 'kilt-home-'));
  mkdirSync(dataIn(home), { recursive: true });
  return home;
}

export const forgetHome = (home: string): void =>
  rmSync(home, { recursive: true, force: true, maxRetries: 3 });

/** Where it looks for native-messaging hosts, too. */
const dataIn = (home: string): string => path.join(home, '.config/chromium');

/** Starts the browser in a window of its own. The extension must have been built: `npm run build`. */
export async function openChromium(options: ChromiumOptions): Promise<RunningChromium> {
  const { home, locale, extension = true, strict = false } = options;
  const folder = path.join(root, 'out/extension/chromium');
  const context = await chromium.launchPersistentContext(dataIn(home), {
    executablePath: '/usr/bin/chromium',
    headless: false,
    chromiumSandbox: true,
    locale,
    ignoreHTTPSErrors: !strict,
    viewport: { width: 1100, height: 820 },
    // Playwright would switch extensions off.
    ignoreDefaultArgs: ['--disable-extensions', '--disable-component-extensions-with-background-pages'],
    args: [
      '--disable-gpu',
      '--no-first-run',
      ...(extension ? [`--disable-extensions-except=${folder}`, `--load-extension=${folder}`] : []),
    ],
    env: { ...environment(), HOME: home },
  });
  return { context, close: () => context.close() };
}

const environment = (): Record<string, string> =>
  Object.fromEntries(
    Object.entries(process.env).filter((entry): entry is [string, string] => entry[1] !== undefined),
  );
