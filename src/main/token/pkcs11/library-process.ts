import { fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { LibraryRequest } from './library-protocol.ts';

/** The process that a vendor's library runs in, seen from Kilt. */
export interface LibraryProcess {
  post(request: LibraryRequest): void;
  onMessage(listener: (message: unknown) => void): void;
  /** Also when it can not be started at all. */
  onExit(listener: () => void): void;
  /** Ends it at once, whatever the library is doing. */
  kill(): void;
}

export type StartLibraryProcess = () => LibraryProcess;

/** Variables that make a process load what its file does not name; they are not passed on. */
const loaderVariables = /^(?:NODE_OPTIONS|NODE_PATH|ELECTRON_RUN_AS_NODE|LD_.*|DYLD_.*)$/i;

/** What the library's process is told of this one's surroundings. */
export const environmentForLibrary = (environment: NodeJS.ProcessEnv): Record<string, string> =>
  Object.fromEntries(
    Object.entries(environment).filter(
      (entry): entry is [string, string] => entry[1] !== undefined && !loaderVariables.test(entry[0]),
    ),
  );

/**
 * As a process of Node's: for the command line. The window has Electron's utility processes
 * (src/main/desktop/library-process.ts).
 *
 * @param execArgv what Node needs to run this program's own files
 */
export function forkLibraryProcess(execArgv: readonly string[] = process.execArgv): LibraryProcess {
  const host = fileURLToPath(new URL('host/library-host.ts', import.meta.url));
  const child = fork(host, [], {
    serialization: 'advanced',
    // What a library prints must not get into what Kilt says.
    stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
    env: environmentForLibrary(process.env),
    execArgv: [...execArgv],
  });
  // A message to a process that has just ended: its end is told apart.
  child.on('error', () => undefined);
  return {
    post: (request) => child.send(request, () => undefined),
    onMessage: (listener) => child.on('message', listener),
    onExit: (listener) => {
      child.once('exit', listener);
      child.once('error', () => {
        if (child.pid === undefined) listener();
      });
    },
    kill: () => child.kill('SIGKILL'),
  };
}
