import { spawn } from 'node:child_process';
import { createReadStream } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { app } from 'electron';
import { runNativeHost } from '#main/browser/extension/native-host.ts';
import { backgroundSwitch } from './launch-options.ts';

/**
 * Kilt as the browser's native-messaging host (`--native-messaging-host`): no window, no tray, no lock, no services; only
 * frames from the browser to the Kilt that runs, and back. Ends with the browser's side.
 */
export function runAsNativeHost(): void {
  // The Kilt that runs has the usual place; two must not write into one.
  app.setPath('sessionData', join(tmpdir(), `kilt-host-${process.pid}`));
  runNativeHost({
    input: standardInput(),
    output: process.stdout,
    commandLine: process.argv,
    dataFolder: app.getPath('userData'),
    startKilt,
  }).then(
    () => app.exit(0),
    () => app.exit(1),
  );
}

/** Electron for Windows gives the main process a standard input that is always at its end; the handle is there all the same. */
const standardInput = (): Readable =>
  process.platform === 'win32' ? createReadStream('', { fd: 0, autoClose: false }) : process.stdin;

/** As with the user's session: without a window, until a page asks something. Lives on when the browser is closed. */
function startKilt(): void {
  const program = app.isPackaged ? [] : [app.getAppPath()];
  spawn(process.execPath, [...program, `--${backgroundSwitch}`], { detached: true, stdio: 'ignore' }).unref();
}
