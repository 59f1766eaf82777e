import path from 'node:path';
import { utilityProcess } from 'electron';
import { environmentForLibrary, type StartLibraryProcess } from '#main/token/pkcs11/library-process.ts';
import { builtMainFolder } from './built-main-folder.ts';

/** As one of Electron's utility processes: Kilt itself can not be run as Node (the fuse `runAsNode` is off). */
export const startLibraryProcess: StartLibraryProcess = () => {
  const host = path.join(builtMainFolder(import.meta.dirname), 'library-host.js');
  const child = utilityProcess.fork(host, [], {
    serviceName: 'Kilt token driver',
    stdio: 'ignore',
    env: environmentForLibrary(process.env),
    // macOS: the library is signed by the token's maker, not by Kilt's.
    allowLoadingUnsignedLibraries: true,
  });
  return {
    post: (request) => child.postMessage(request),
    onMessage: (listener) => child.on('message', listener),
    onExit: (listener) => child.once('exit', listener),
    kill() {
      // `child.kill()` asks politely, and a library that hangs does not listen.
      if (child.pid === undefined) child.kill();
      else process.kill(child.pid, 'SIGKILL');
    },
  };
};
