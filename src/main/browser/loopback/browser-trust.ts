import { execFile } from 'node:child_process';
import { X509Certificate } from 'node:crypto';
import { access, mkdir, readdir } from 'node:fs/promises';
import { homedir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { KiltError } from '#shared/errors.ts';
import { firefoxFolders } from '../firefox-folders.ts';

/** Runs a program to its end. @throws Error when it is not there or says no */
export type RunProgram = (program: string, args: readonly string[]) => Promise<void>;

/**
 * Where the user's browsers look for authorities. The authority of this computer's server gets there with the user's
 * consent, and goes when the server is switched off for good. Only the user's own store: no administrator is needed, and
 * nobody else's browser trusts it.
 */
export interface BrowserTrust {
  /** @throws KiltError `browser-trust-failed` {reason}: the program for it is not installed, or has refused */
  install(authorityFile: string, pem: string): Promise<void>;
  /** What is not there is removed already. @throws KiltError `browser-trust-failed` */
  remove(pem: string): Promise<void>;
  /** Whether every place has it; undefined where that can not be told. Changes nothing. */
  isInstalled(pem: string, authorityFile: string): Promise<boolean | undefined>;
}

const run: RunProgram = async (program, args) => {
  // Windows and macOS ask the user in a window of their own; a user may think.
  await promisify(execFile)(program, [...args], { timeout: 120_000, windowsHide: true });
};

/** Databases of NSS in the user's home: that of Chromium and its like, and one for each profile of Firefox. */
async function nssDatabases(home: string): Promise<readonly string[]> {
  const shared = path.join(home, '.pki', 'nssdb');
  const own: string[] = [];
  for (const profiles of firefoxFolders(home)) {
    for (const name of await readdir(profiles).catch(() => [])) {
      const folder = path.join(profiles, name);
      if (await exists(path.join(folder, 'cert9.db'))) own.push(folder);
    }
  }
  return [shared, ...own];
}

const exists = (file: string): Promise<boolean> =>
  access(file).then(
    () => true,
    () => false,
  );

/** Fingerprint as Windows and macOS name certificates; it only finds one, and proves nothing. */
const sha1Of = (pem: string): string => new X509Certificate(pem).fingerprint.replaceAll(':', '');
/** NSS takes what stands before a colon for the name of a token. */
const nicknameOf = (pem: string): string =>
  new X509Certificate(pem).subject.replace(/^CN=([^\n]*)[^]*$/, '$1').replaceAll(':', ',');

function linuxTrust(runProgram: RunProgram, home: string): BrowserTrust {
  return {
    async install(file, pem) {
      for (const folder of await nssDatabases(home)) {
        const database = `sql:${folder}`;
        if (!(await exists(path.join(folder, 'cert9.db')))) {
          await mkdir(folder, { recursive: true, mode: 0o700 });
          await runProgram('certutil', ['-N', '-d', database, '--empty-password']);
        }
        await runProgram('certutil', ['-A', '-d', database, '-n', nicknameOf(pem), '-t', 'C,,', '-i', file]);
      }
    },
    async remove(pem) {
      for (const folder of await nssDatabases(home)) {
        if (!(await exists(path.join(folder, 'cert9.db')))) continue;
        const entry = ['-d', `sql:${folder}`, '-n', nicknameOf(pem)];
        // Where it can not be asked for, it can not be taken away either, and that is told.
        if ((await answers(() => runProgram('certutil', ['-L', ...entry]))) !== false)
          await runProgram('certutil', ['-D', ...entry]);
      }
    },
    async isInstalled(pem) {
      for (const folder of await nssDatabases(home)) {
        const query = ['-L', '-d', `sql:${folder}`, '-n', nicknameOf(pem)];
        const found = await answers(() => runProgram('certutil', query));
        if (found !== true) return found;
      }
      return true;
    },
  };
}

const windowsTrust = (runProgram: RunProgram): BrowserTrust => ({
  install: (file) => runProgram('certutil.exe', ['-user', '-addstore', 'Root', file]),
  remove: (pem) => runProgram('certutil.exe', ['-user', '-delstore', 'Root', sha1Of(pem)]),
  isInstalled: (pem) =>
    answers(() => runProgram('certutil.exe', ['-user', '-verifystore', 'Root', sha1Of(pem)])),
});

const macTrust = (runProgram: RunProgram): BrowserTrust => ({
  install: (file) =>
    runProgram('/usr/bin/security', ['add-trusted-cert', '-r', 'trustRoot', '-p', 'ssl', file]),
  remove: (pem) => runProgram('/usr/bin/security', ['delete-certificate', '-Z', sha1Of(pem), '-t']),
  isInstalled: (_pem, file) =>
    answers(() => runProgram('/usr/bin/security', ['verify-cert', '-p', 'ssl', '-c', file])),
});

/** The way of this system. Those of Windows and macOS follow their manuals and have not been run yet. */
export function browserTrust(
  options: {
    readonly platform?: NodeJS.Platform | undefined;
    readonly home?: string | undefined;
    readonly runProgram?: RunProgram | undefined;
  } = {},
): BrowserTrust {
  const { platform = process.platform, home = homedir(), runProgram = run } = options;
  const way =
    platform === 'win32'
      ? windowsTrust(runProgram)
      : platform === 'darwin'
        ? macTrust(runProgram)
        : linuxTrust(runProgram, home);
  return {
    install: (file, pem) => told(() => way.install(file, pem)),
    remove: (pem) => told(() => way.remove(pem)),
    isInstalled: (pem, file) => way.isInstalled(pem, file),
  };
}

/** The program's yes or no; undefined where it is not there. */
async function answers(run: () => Promise<void>): Promise<boolean | undefined> {
  try {
    await run();
    return true;
  } catch (error) {
    return isMissingProgram(error) ? undefined : false;
  }
}

const isMissingProgram = (error: unknown): boolean => (error as { code?: unknown }).code === 'ENOENT';

async function told(work: () => Promise<void>): Promise<void> {
  try {
    await work();
  } catch (error) {
    const reason = isMissingProgram(error) ? 'certutil' : 'refused';
    throw new KiltError('browser-trust-failed', { reason }, { cause: error });
  }
}
