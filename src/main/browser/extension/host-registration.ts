import { execFile } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';
import type { BrowserHostState, BrowserName } from '#shared/consent-views.ts';
import { chromiumExtensionId, firefoxExtensionId, nativeHostName } from '#shared/extension-constants.ts';
import { writeWhole } from '#main/store/whole-file.ts';
import { launcherIn, launcherScript, type HostCommand } from './host-launcher.ts';
import { hostPlaces, type HostPlace } from './host-places.ts';

export interface BrowserHost {
  readonly browser: BrowserName;
  readonly state: BrowserHostState;
  /** Path of the manifest, for support. */
  readonly manifest: string;
}

/** Values of the user's part of the registry. */
export interface Registry {
  get(key: string): Promise<string | undefined>;
  set(key: string, value: string): Promise<void>;
  remove(key: string): Promise<void>;
}

export interface HostRegistrationOptions {
  readonly dataFolder: string;
  /** Home folder whose browsers are meant. */
  readonly home: string;
  /** Absent for a program that only looks: it does not know how the one that is installed was started. */
  readonly command?: HostCommand | undefined;
  readonly platform?: NodeJS.Platform | undefined;
  readonly registry?: Registry | undefined;
}

/** Tells this user's browsers where Kilt's native-messaging host is, and takes it back. Needs no administrator. */
export class HostRegistration {
  readonly #options: HostRegistrationOptions;
  readonly #platform: NodeJS.Platform;
  readonly #places: readonly HostPlace[];
  readonly #registry: Registry;

  constructor(options: HostRegistrationOptions) {
    this.#options = options;
    this.#platform = options.platform ?? process.platform;
    this.#places = hostPlaces(this.#platform, options);
    this.#registry = options.registry ?? windowsRegistry;
  }

  /** For each browser that is here. What is right stays untouched. @throws KiltError `disk-full`, `file-not-written` */
  async install(): Promise<void> {
    const launcher = this.#launcher();
    mkdirSync(path.dirname(launcher), { recursive: true, mode: 0o700 });
    const { command } = this.#options;
    if (!command) throw new RangeError('no command to tell browsers of');
    const script = launcherScript(this.#platform, command);
    if (textOf(launcher) !== script) await writeWhole(launcher, script, 0o700);
    chmodSync(launcher, 0o700);
    for (const place of this.#places) {
      if (!isThere(place)) continue;
      const manifest = this.#manifestFor(place);
      mkdirSync(path.dirname(place.manifest), { recursive: true, mode: 0o700 });
      if (textOf(place.manifest) !== manifest) await writeWhole(place.manifest, manifest, 0o600);
      if (place.registryKey !== undefined) await this.#registry.set(place.registryKey, place.manifest);
    }
  }

  /** Takes away what {@link install} has written, and nothing else. */
  async remove(): Promise<void> {
    for (const place of this.#places) {
      if (place.registryKey !== undefined) await this.#registry.remove(place.registryKey);
      rmSync(place.manifest, { force: true });
    }
    rmSync(this.#launcher(), { force: true });
  }

  /** How it stands with each browser. Changes nothing. */
  async look(): Promise<readonly BrowserHost[]> {
    return Promise.all(
      this.#places.map(async (place) => ({
        browser: place.browser,
        state: await this.#stateOf(place),
        manifest: place.manifest,
      })),
    );
  }

  async #stateOf(place: HostPlace): Promise<BrowserHostState> {
    if (!isThere(place)) return 'no-browser';
    if (place.registryKey !== undefined) {
      const named = await this.#registry.get(place.registryKey);
      if (named === undefined) return 'missing';
      if (named !== place.manifest) return 'wrong';
    }
    const manifest = textOf(place.manifest);
    if (manifest === undefined) return 'missing';
    if (manifest !== this.#manifestFor(place)) return 'wrong';
    const { command } = this.#options;
    const launcher = this.#launcher();
    const script = textOf(launcher);
    const fits = command
      ? script === launcherScript(this.#platform, command) && existsSync(command.executable)
      : script !== undefined;
    return fits && canBeStarted(launcher) ? 'installed' : 'program-missing';
  }

  #launcher(): string {
    return launcherIn(this.#platform, this.#options.dataFolder);
  }

  #manifestFor({ kind }: HostPlace): string {
    const manifest = {
      name: nativeHostName,
      description: 'Kilt: signs in and signs documents with a KAZTOKEN',
      path: this.#launcher(),
      type: 'stdio',
      ...(kind === 'chromium'
        ? { allowed_origins: [`chrome-extension://${chromiumExtensionId}/`] }
        : { allowed_extensions: [firefoxExtensionId] }),
    };
    return `${JSON.stringify(manifest, undefined, 2)}\n`;
  }
}

const isThere = ({ browserFolders }: HostPlace): boolean =>
  browserFolders.length === 0 || browserFolders.some((folder) => existsSync(folder));

function textOf(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return undefined;
  }
}

function canBeStarted(file: string): boolean {
  return process.platform === 'win32' || (statSync(file).mode & 0o100) !== 0;
}

/** By its full path: a `reg.exe` beside the program is not the system's. */
const regProgram = (): string =>
  path.win32.join(process.env['SystemRoot'] ?? 'C:\\Windows', 'System32', 'reg.exe');
const run = promisify(execFile);

/** Through the system's own `reg.exe`. Not run yet: there was no Windows. */
const windowsRegistry: Registry = {
  async get(key) {
    try {
      const { stdout } = await run(regProgram(), ['query', key, '/ve']);
      return /REG_SZ\s+(.+?)\s*$/m.exec(stdout)?.[1];
    } catch {
      return undefined;
    }
  },
  async set(key, value) {
    await run(regProgram(), ['add', key, '/ve', '/t', 'REG_SZ', '/d', value, '/f']);
  },
  async remove(key) {
    await run(regProgram(), ['delete', key, '/f']).catch(() => undefined);
  },
};
