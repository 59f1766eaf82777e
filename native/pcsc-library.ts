import koffi from 'koffi';
import type { LibraryHandle } from 'koffi';
import { pcscAbi, pcscAbiOf } from './pcsc-abi.ts';
import type { PcscAbi, PcscCall } from './pcsc-abi.ts';
import { PcscError, SCARD_F_INTERNAL_ERROR, SCARD_S_SUCCESS, pcscErrorNamed } from './pcsc-error.ts';

/** What may be passed to a call: a number, a handle, or memory whose address is passed. */
export type NativeArgument = number | bigint | Uint8Array | null;

/** One PC/SC function of the loaded library. */
export interface NativeCall {
  /**
   * Runs on a worker thread; the caller's loop goes on.
   *
   * @param keep memory that only pointers inside the arguments lead to; it is held until the call has returned
   * @throws PcscError for every result but SCARD_S_SUCCESS
   */
  wait(args: readonly NativeArgument[], keep?: readonly Uint8Array[]): Promise<void>;
  /** Runs on the calling thread. Only for calls that return at once. @throws PcscError */
  now(args: readonly NativeArgument[]): void;
}

export interface PcscLibrary {
  readonly abi: PcscAbi;
  readonly calls: Readonly<Record<PcscCall, NativeCall>>;
  addressOf(buffer: Buffer): bigint;
}

type Parameter = 'dword' | 'handle' | 'memory';

/** Parameters in the order of `winscard.h`. */
const parameters: Readonly<Record<PcscCall, readonly Parameter[]>> = {
  SCardEstablishContext: ['dword', 'memory', 'memory', 'memory'],
  SCardReleaseContext: ['handle'],
  SCardListReaders: ['handle', 'memory', 'memory', 'memory'],
  SCardGetStatusChange: ['handle', 'dword', 'memory', 'dword'],
  SCardCancel: ['handle'],
  SCardConnect: ['handle', 'memory', 'dword', 'dword', 'memory', 'memory'],
  SCardReconnect: ['handle', 'dword', 'dword', 'dword', 'memory'],
  SCardDisconnect: ['handle', 'dword'],
  SCardBeginTransaction: ['handle'],
  SCardEndTransaction: ['handle', 'dword'],
  SCardStatus: ['handle', 'memory', 'memory', 'memory', 'memory', 'memory', 'memory'],
  SCardTransmit: ['handle', 'memory', 'memory', 'dword', 'memory', 'memory', 'memory'],
  SCardControl: ['handle', 'dword', 'memory', 'dword', 'memory', 'dword', 'memory'],
  SCardGetAttrib: ['handle', 'dword', 'memory', 'memory'],
};

function nativeType(abi: PcscAbi, parameter: Parameter): string {
  switch (parameter) {
    case 'dword':
      return abi.dwordBytes === 8 ? 'uint64' : 'uint32';
    case 'handle':
      return abi.handleBytes === 8 ? 'uint64' : 'uint32';
    case 'memory':
      return 'void *';
  }
}

function bind(library: LibraryHandle, abi: PcscAbi, call: PcscCall): NativeCall {
  const result = abi.dwordBytes === 8 ? 'int64' : 'int32';
  const types = parameters[call].map((parameter) => nativeType(abi, parameter));
  const native =
    abi.callingConvention === 'stdcall'
      ? library.func('__stdcall', abi.symbols[call], result, types)
      : library.func(abi.symbols[call], result, types);

  return {
    wait: (args, keep = []) =>
      new Promise((resolve, reject) => {
        // koffi stores bare addresses for the worker thread. The callback refers to the buffers so that they stay
        // alive, and where they are, until the thread is done with them.
        const held = [args, keep];
        const settled = (error: unknown, code: number | bigint): void => {
          held.length = 0;
          if (error) reject(new PcscError(call, SCARD_F_INTERNAL_ERROR, { cause: error }));
          else if (Number(code) === SCARD_S_SUCCESS) resolve();
          else reject(new PcscError(call, code, { dialect: abi.id }));
        };
        native.async(...args, settled);
      }),
    now: (args) => {
      const code = native(...args) as number | bigint;
      if (Number(code) !== SCARD_S_SUCCESS) throw new PcscError(call, code, { dialect: abi.id });
    },
  };
}

let loaded: PcscLibrary | undefined;

/**
 * The system's own PC/SC library, loaded at the first call and kept.
 *
 * @throws PcscError `SCARD_E_NO_SERVICE` when the system has no such library (pcsc-lite is not installed); asking
 * again later is allowed, it may be installed by then
 */
export function pcscLibrary(): PcscLibrary {
  loaded ??= load(pcscAbi(pcscAbiOf(process.platform, process.arch), process.env['SystemRoot']));
  return loaded;
}

function load(abi: PcscAbi): PcscLibrary {
  try {
    const handle = koffi.load(abi.library);
    const calls = Object.fromEntries(
      Object.keys(parameters).map((name) => [name, bind(handle, abi, name as PcscCall)]),
    ) as Record<PcscCall, NativeCall>;
    return { abi, calls, addressOf: (buffer) => koffi.address(buffer) };
  } catch (cause) {
    throw pcscErrorNamed('SCardEstablishContext', 'SCARD_E_NO_SERVICE', cause);
  }
}
