import koffi from 'koffi';

/**
 * The smart-card service of Windows 8 and later starts when a reader is plugged in and stops when the last one is
 * pulled. A USB token is a reader, so «no service» is what Windows says when simply no token is there.
 */

const system32 = (name: string): string => `${process.env['SystemRoot'] ?? 'C:\\Windows'}\\System32\\${name}`;

/** SERVICE_DISABLED, `winsvc.h`: the one start type from which the service never starts by itself. */
const SERVICE_DISABLED = 4;
const HKEY_LOCAL_MACHINE = 0x80000002n;
const RRF_RT_REG_DWORD = 0x10;
const SERVICE_KEY = 'SYSTEM\\CurrentControlSet\\Services\\SCardSvr';

/** True when an administrator has switched the service off, so that plugging in a token will not start it. */
export function windowsServiceDisabled(): boolean {
  try {
    const getValue = koffi
      .load(system32('advapi32.dll'))
      .func('__stdcall', 'RegGetValueW', 'int32', [
        'intptr',
        'str16',
        'str16',
        'uint32',
        'void *',
        'void *',
        'void *',
      ]);
    const start = Buffer.alloc(4);
    const size = Buffer.from(Uint32Array.of(start.length).buffer);
    const key = BigInt.asIntN(64, BigInt.asIntN(32, HKEY_LOCAL_MACHINE));
    const failed = getValue(key, SERVICE_KEY, 'Start', RRF_RT_REG_DWORD, null, start, size) as number;
    return failed !== 0 || start.readUInt32LE() === SERVICE_DISABLED;
  } catch {
    return true;
  }
}

const WAIT_SLICE_MS = 1000;
const WAIT_OBJECT_0 = 0;

interface StartEvent {
  access(): bigint | null;
  release(): void;
  wait: { async(handle: bigint, ms: number, settled: (error: unknown, result: number) => void): void };
}

function startEvent(): StartEvent {
  const winscard = koffi.load(system32('winscard.dll'));
  const kernel = koffi.load(system32('kernel32.dll'));
  return {
    access: winscard.func('__stdcall', 'SCardAccessStartedEvent', 'void *', []),
    release: winscard.func('__stdcall', 'SCardReleaseStartedEvent', 'void', []),
    wait: kernel.func('__stdcall', 'WaitForSingleObject', 'uint32', ['void *', 'uint32']),
  };
}

/**
 * Calls `wake` once the service has started (`SCardAccessStartedEvent`).
 *
 * Waits on a worker thread in slices, for nothing can cancel a wait for an event of the system.
 *
 * @returns what ends the waiting
 */
export function waitForWindowsService(wake: () => void): () => void {
  let ended = false;
  try {
    const event = startEvent();
    const handle = event.access();
    if (handle === null) return () => undefined;
    const slice = (): void =>
      event.wait.async(handle, WAIT_SLICE_MS, (_error, result) => {
        if (ended || result === WAIT_OBJECT_0) {
          event.release();
          if (!ended) wake();
        } else {
          slice();
        }
      });
    slice();
  } catch {
    // The clock beside this wait remains.
  }
  return () => {
    ended = true;
  };
}
