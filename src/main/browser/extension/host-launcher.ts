import path from 'node:path';

/** How a browser is to start Kilt's host: the program, and what stands before the browser's own arguments. */
export interface HostCommand {
  readonly executable: string;
  /** Folder of the program where it is not packaged. */
  readonly programFolder?: string | undefined;
  /** Environment to start it with; for programs under test, empty otherwise. */
  readonly environment?: Readonly<Record<string, string>> | undefined;
}

/** The switch with which Kilt is the host and nothing else. */
export const nativeHostSwitch = 'native-messaging-host';

export const launcherName = (platform: NodeJS.Platform): string =>
  platform === 'win32' ? 'kilt-host.bat' : 'kilt-host.sh';

/**
 * The script that a manifest names, since manifests can not hold arguments. Paths are the program's own; a quote or a newline
 * in one is refused, as no installation has them.
 *
 * @throws RangeError
 */
export function launcherScript(platform: NodeJS.Platform, command: HostCommand): string {
  const { executable, programFolder, environment = {} } = command;
  const parts = [executable, ...(programFolder === undefined ? [] : [programFolder])];
  const all = [...parts, ...Object.values(environment)];
  if (
    all.some(
      (part) => /["\r\n]/.test(part) || (platform === 'win32' ? part.includes('%') : part.includes("'")),
    )
  )
    throw new RangeError('a path that no script can hold');
  if (platform === 'win32') {
    const set = Object.entries(environment).map(([name, value]) => `set "${name}=${value}"\r\n`);
    return `@echo off\r\n${set.join('')}${parts.map((part) => `"${part}"`).join(' ')} --${nativeHostSwitch} %*\r\n`;
  }
  const set = Object.entries(environment).map(([name, value]) => `export ${name}='${value}'\n`);
  return `#!/bin/sh\n${set.join('')}exec ${parts.map((part) => `'${part}'`).join(' ')} --${nativeHostSwitch} "$@"\n`;
}

export const launcherIn = (platform: NodeJS.Platform, dataFolder: string): string =>
  (platform === 'win32' ? path.win32 : path.posix).join(dataFolder, 'browser-link', launcherName(platform));
