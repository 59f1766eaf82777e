import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
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
  /** Chromium itself judges certificates, by the user's own store; otherwise any is taken. */
  readonly strict?: boolean;
  /** `127.0.0.1:<port>` of a server that Chromium is to take for one on the Internet: it then asks about calls to this computer. */
  readonly onTheInternet?: string;
}

/** A home folder in which Chromium and a Firefox of today have been before. */
export function browserHome(): string {
  const home = mkdtempSync(path.join(tmpdir(), 'kilt-home-'));
  mkdirSync(dataIn(home), { recursive: true });
  mkdirSync(path.join(home, '.config/mozilla/firefox'), { recursive: true });
  return home;
}

export const forgetHome = (home: string): void =>
  rmSync(home, { recursive: true, force: true, maxRetries: 3 });

/** Where it looks for native-messaging hosts, too. */
const dataIn = (home: string): string => path.join(home, '.config/chromium');

/** Has this user's browsers believe an authority, as an administrator of the bank would. */
export function believe(home: string, name: string, pem: string): void {
  const database = path.join(home, '.pki/nssdb');
  if (!existsSync(path.join(database, 'cert9.db'))) {
    mkdirSync(database, { recursive: true });
    execFileSync('certutil', ['-N', '-d', `sql:${database}`, '--empty-password']);
  }
  execFileSync('certutil', ['-A', '-d', `sql:${database}`, '-n', name, '-t', 'C,,'], { input: pem });
}

/** Names of the authorities in the user's own store. */
export const believedAuthorities = (home: string): string[] =>
  execFileSync('certutil', ['-L', '-d', `sql:${path.join(home, '.pki/nssdb')}`], { encoding: 'utf8' })
    .split('\n')
    .flatMap((line) => /^(\S.*?)\s+C,,\s*$/.exec(line)?.[1] ?? []);

/** Starts the browser in a window of its own. The extension must have been built: `npm run build`. */
export async function openChromium(options: ChromiumOptions): Promise<RunningChromium> {
  const { home, locale, extension = true, strict = false, onTheInternet } = options;
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
      ...(onTheInternet === undefined ? [] : [`--ip-address-space-overrides=${onTheInternet}=public`]),
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
