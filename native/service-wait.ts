import { watch } from 'node:fs';
import type { FSWatcher } from 'node:fs';
import { basename, dirname } from 'node:path';
import { waitForWindowsService } from './windows-smart-card-service.ts';

/**
 * Waits until it is worth asking again for a PC/SC service that did not answer.
 *
 * @param failures how often in a row it did not answer, 1 or more
 * @returns whether the system gave a sign of the service; `false` when the back-off has run out or `signal` aborts.
 * Never throws.
 */
export type ServiceWait = (failures: number, signal: AbortSignal) => Promise<boolean>;

/** What this system offers to notice the start of the service, with a slow clock behind it. */
export function serviceWaitFor(platform: NodeJS.Platform): ServiceWait {
  switch (platform) {
    case 'win32':
      return (failures, signal) => signOfService(signal, backOffMs(failures), waitForWindowsService);
    case 'linux':
      return (failures, signal) => signOfService(signal, backOffMs(failures), socketFolder(pcscliteSocket()));
    default:
      // macOS starts its service on demand; it only fails while the system comes up or goes down.
      return (failures, signal) => signOfService(signal, backOffMs(failures));
  }
}

/** Short at first, for a service that is between creating its socket and listening on it; then every 30 s. */
export const backOffMs = (failures: number): number => Math.min(50 * 2 ** (failures - 1), 30_000);

/** Where libpcsclite looks (pcsc-lite, `getSocketName`). */
const pcscliteSocket = (): string => process.env['PCSCLITE_CSOCK_NAME'] ?? '/run/pcscd/pcscd.comm';

/** Starts looking for a sign and returns what ends the looking. */
type SignOfService = (seen: () => void) => () => void;

/**
 * The socket's folder and the one above it: pcscd makes its folder anew when it starts, and a watch on a folder that
 * has been removed reports nothing.
 */
export const socketFolder =
  (socketPath: string): SignOfService =>
  (seen) => {
    const folder = dirname(socketPath);
    const watchers = [
      watchFolder(folder, basename(socketPath), seen),
      watchFolder(dirname(folder), basename(folder), seen),
    ];
    return () => watchers.forEach((watcher) => watcher?.close());
  };

function watchFolder(path: string, entry: string, seen: () => void): FSWatcher | undefined {
  try {
    return watch(path, { persistent: false }, (_event, name) => {
      if (name === entry) seen();
    }).on('error', () => undefined);
  } catch {
    // Not there, or not ours to see: the other folder and the clock remain.
    return undefined;
  }
}

function signOfService(signal: AbortSignal, backOff: number, look?: SignOfService): Promise<boolean> {
  return new Promise((resolve) => {
    const looking: { end?: (() => void) | undefined } = {};
    const end = (seen: boolean): void => {
      clearTimeout(timer);
      signal.removeEventListener('abort', stopped);
      looking.end?.();
      resolve(seen);
    };
    const stopped = (): void => end(false);
    const timer = setTimeout(stopped, backOff);
    signal.addEventListener('abort', stopped);
    looking.end = look?.(() => end(true));
    if (signal.aborted) stopped();
  });
}
