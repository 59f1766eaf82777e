import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { _electron, errors, type ElectronApplication, type Page } from '@playwright/test';

const root = path.resolve(import.meta.dirname, '../..');

/** Where test runs put what they found; scripts/test.mjs says so. */
export const resultsFolder = process.env['KILT_TEST_RESULTS'] ?? path.join(root, 'test-results');

export type Language = 'ru' | 'kk' | 'en';
export type Theme = 'light' | 'dark' | 'high-contrast';

export interface KiltOptions {
  readonly transport: 'pcsc' | 'virtual-reader';
  /** Port on 127.0.0.1 at which Kilt's own virtual reader waits for a virtual token. */
  readonly virtualReaderPort?: number;
  /** The bank system's `bank.json`. */
  readonly bankFile?: string | undefined;
  /** What the system says the user speaks; Kilt's own setting wins over it. */
  readonly locale?: Language;
  readonly theme?: Theme;
  /** Factor by which the screen is scaled, such as 2 for 200 %. */
  readonly scale?: number;
  /** Folder of an earlier run, to start again with its settings and journal. Kept when the program is closed. */
  readonly userData?: string;
  readonly env?: Readonly<Record<string, string>>;
}

/** Kilt's built program in a real window. */
export interface RunningKilt {
  readonly app: ElectronApplication;
  readonly page: Page;
  readonly userData: string;
  /** What the main process has written to its streams so far. */
  output(): string;
  /** Quits as the user would. Removes the user data folder unless it was given. */
  close(): Promise<void>;
  /** Ends the program at once, as a power cut would, and keeps the user data folder. */
  kill(): Promise<void>;
}

/**
 * Starts the built program (`out/`) with a user data folder of its own and waits for its window.
 *
 * The program must have been built: `npm run build`.
 */
export async function startKilt(options: KiltOptions): Promise<RunningKilt> {
  const userData = options.userData ?? mkdtempSync(path.join(tmpdir(), 'kilt-user-'));
  const app = await launch({
    executablePath: electronPath(),
    cwd: root,
    args: [root, `--user-data-dir=${userData}`, ...switches(options)],
    env: environment(options, userData),
    // Playwright would switch the sandbox off.
    chromiumSandbox: true,
  });
  const written: string[] = [];
  const child = app.process();
  for (const stream of [child.stdout, child.stderr])
    stream?.setEncoding('utf8').on('data', (text: string) => written.push(text));
  const page = await app.firstWindow();
  if (options.theme !== undefined) await showTheme(page, options.theme);
  return {
    app,
    page,
    userData,
    output: () => written.join(''),
    async close() {
      await app.close();
      if (options.userData === undefined) rmSync(userData, { recursive: true, force: true });
    },
    async kill() {
      const gone = new Promise((resolve) => child.once('exit', resolve));
      child.kill('SIGKILL');
      await gone;
    },
  };
}

/** How often, and how long, Playwright may try to take hold of a program that has just started. */
const launchAttempts = 3;
const launchTimeoutMs = 30_000;

/**
 * Starts Electron under Playwright's control.
 *
 * Playwright takes hold of the main process through its debugger while the program is starting, and now and then, on a
 * busy machine, comes at the wrong moment: the program runs, but the launch never ends. That says nothing about Kilt,
 * so it is started again; a program that does not start at all fails each time.
 */
export async function launch(options: Parameters<typeof _electron.launch>[0]): Promise<ElectronApplication> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await _electron.launch({ ...options, timeout: launchTimeoutMs });
    } catch (error) {
      const cameAtTheWrongMoment = error instanceof errors.TimeoutError;
      if (!cameAtTheWrongMoment || attempt === launchAttempts) throw error;
      process.stderr.write(`Playwright could not take hold of Kilt; start no. ${attempt + 1}\n`);
    }
  }
}

/** Makes the page believe that the system is set to a theme. */
export async function showTheme(page: Page, theme: Theme): Promise<void> {
  await page.emulateMedia({
    colorScheme: theme === 'dark' ? 'dark' : 'light',
    forcedColors: theme === 'high-contrast' ? 'active' : 'none',
  });
}

export interface ScreenshotName {
  /** Name of the screen as in the code, such as `picker` or `wizard-token`. */
  readonly screen: string;
  readonly language: Language;
  readonly theme: Theme;
  readonly scale?: number;
}

/**
 * Saves what the window shows under `screenshots/<screen>-<language>-<theme>-<scale>.png`, where
 * scripts/contact-sheet.mjs finds it.
 *
 * @returns the path of the picture
 */
export async function saveScreenshot(page: Page, name: ScreenshotName): Promise<string> {
  const folder = path.join(resultsFolder, 'screenshots');
  mkdirSync(folder, { recursive: true });
  const scale = Math.round((name.scale ?? 1) * 100);
  const file = path.join(folder, `${name.screen}-${name.language}-${name.theme}-${scale}.png`);
  await page.screenshot({ path: file, animations: 'disabled', caret: 'hide' });
  return file;
}

let known: string | undefined;

/** The Electron that set-up chose, or the one a staged run was told of. */
export function electronPath(): string {
  known ??=
    process.env['KILT_ELECTRON'] ??
    execFileSync(process.execPath, [path.join(root, 'scripts/electron.mjs'), '--path'], {
      encoding: 'utf8',
    }).trim();
  return known;
}

function switches({ locale, scale }: KiltOptions): string[] {
  return [
    ...(locale === undefined ? [] : [`--lang=${locale}`]),
    ...(scale === undefined ? [] : [`--force-device-scale-factor=${scale}`]),
    // Pictures must not depend on what the machine's graphics can do.
    '--disable-gpu',
  ];
}

function environment(options: KiltOptions, userData: string): Record<string, string> {
  const inherited = Object.entries(process.env).filter(
    (entry): entry is [string, string] => entry[1] !== undefined && !entry[0].startsWith('ELECTRON_'),
  );
  return {
    ...Object.fromEntries(inherited),
    ...options.env,
    KILT_TRANSPORT: options.transport,
    KILT_USER_DATA: userData,
    ...(options.virtualReaderPort === undefined
      ? {}
      : { KILT_VIRTUAL_READER_PORT: String(options.virtualReaderPort) }),
    ...(options.bankFile === undefined ? {} : { KILT_BANK_FILE: options.bankFile }),
    ...(options.locale === undefined ? {} : { LANGUAGE: options.locale }),
  };
}
