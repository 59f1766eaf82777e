/**
 * How each system lays out the same PC/SC interface in memory.
 *
 * Sources: Windows SDK `winscard.h` and `winsmcrd.h`; pcsc-lite `wintypes.h`, `pcsclite.h` and `reader.h`
 * (DWORD is `unsigned long`, so eight bytes on 64-bit Linux); macOS `PCSC.framework/Headers` (DWORD is `uint32_t`,
 * structures packed to one byte).
 */
export interface PcscAbi {
  readonly id: PcscAbiId;
  /** What the dynamic loader is asked for. Absolute wherever the system has one place for it. */
  readonly library: string;
  /** Size of DWORD and LONG in bytes. */
  readonly dwordBytes: 4 | 8;
  /** Size of SCARDCONTEXT and SCARDHANDLE in bytes. */
  readonly handleBytes: 4 | 8;
  readonly pointerBytes: 4 | 8;
  /** True where the headers set `#pragma pack(1)`. */
  readonly packed: boolean;
  /** Size of `SCARD_READERSTATE.rgbAtr` in bytes. */
  readonly atrBytes: 33 | 36;
  readonly text: 'utf-8' | 'utf-16le';
  readonly callingConvention: 'c' | 'stdcall';
  readonly symbols: PcscSymbols;
  /** SCARD_PROTOCOL_RAW, which is the one protocol constant that differs. */
  readonly rawProtocol: number;
  /** SCARD_CTL_CODE: the function number of a reader driver as a control code. */
  readonly controlCode: (functionNumber: number) => number;
  /**
   * After how many milliseconds without an operation the service resets a card that is in a transaction;
   * `null` where it never does (Windows 8 and later do, `SCardBeginTransaction`, Remarks).
   */
  readonly idleTransactionResetMs: number | null;
}

export type PcscAbiId = 'windows-64' | 'windows-32' | 'linux-64' | 'linux-32' | 'macos';

const entryPoints = [
  'SCardEstablishContext',
  'SCardReleaseContext',
  'SCardListReaders',
  'SCardGetStatusChange',
  'SCardCancel',
  'SCardConnect',
  'SCardReconnect',
  'SCardDisconnect',
  'SCardBeginTransaction',
  'SCardEndTransaction',
  'SCardStatus',
  'SCardTransmit',
  'SCardControl',
  'SCardGetAttrib',
] as const;

/** A PC/SC call by the name the specification gives it. */
export type PcscCall = (typeof entryPoints)[number];
export type PcscSymbols = Readonly<Record<PcscCall, string>>;

const plainSymbols = Object.fromEntries(entryPoints.map((name) => [name, name])) as PcscSymbols;

const wideSymbols: PcscSymbols = {
  ...plainSymbols,
  SCardListReaders: 'SCardListReadersW',
  SCardGetStatusChange: 'SCardGetStatusChangeW',
  SCardConnect: 'SCardConnectW',
  SCardStatus: 'SCardStatusW',
};

/** `SCardControl` of macOS is the call of PC/SC 1 without a control code; the present one has a suffix. */
const macosSymbols: PcscSymbols = { ...plainSymbols, SCardControl: 'SCardControl132' };

const FILE_DEVICE_SMARTCARD = 0x31;
const PCSCLITE_CONTROL_BASE = 0x42000000;

/** CTL_CODE(FILE_DEVICE_SMARTCARD, n, METHOD_BUFFERED, FILE_ANY_ACCESS): both last fields are zero. */
const windowsControlCode = (functionNumber: number): number =>
  (FILE_DEVICE_SMARTCARD << 16) | (functionNumber << 2);
const pcscliteControlCode = (functionNumber: number): number => PCSCLITE_CONTROL_BASE + functionNumber;

const windows = {
  dwordBytes: 4,
  packed: false,
  atrBytes: 36,
  text: 'utf-16le',
  callingConvention: 'stdcall',
  symbols: wideSymbols,
  rawProtocol: 0x10000,
  controlCode: windowsControlCode,
  idleTransactionResetMs: 5000,
} as const;

const pcsclite = {
  library: 'libpcsclite.so.1',
  packed: false,
  atrBytes: 33,
  text: 'utf-8',
  callingConvention: 'c',
  symbols: plainSymbols,
  rawProtocol: 4,
  controlCode: pcscliteControlCode,
  idleTransactionResetMs: null,
} as const;

/** The table of one system. `systemRoot` is the Windows folder, from which the library is taken by full path. */
export function pcscAbi(id: PcscAbiId, systemRoot = 'C:\\Windows'): PcscAbi {
  const winscard = `${systemRoot}\\System32\\winscard.dll`;
  switch (id) {
    case 'windows-64':
      return { id, library: winscard, handleBytes: 8, pointerBytes: 8, ...windows };
    case 'windows-32':
      return { id, library: winscard, handleBytes: 4, pointerBytes: 4, ...windows };
    case 'linux-64':
      return { id, dwordBytes: 8, handleBytes: 8, pointerBytes: 8, ...pcsclite };
    case 'linux-32':
      return { id, dwordBytes: 4, handleBytes: 4, pointerBytes: 4, ...pcsclite };
    case 'macos':
      return {
        ...pcsclite,
        id,
        library: '/System/Library/Frameworks/PCSC.framework/PCSC',
        dwordBytes: 4,
        handleBytes: 4,
        pointerBytes: 8,
        packed: true,
        symbols: macosSymbols,
      };
  }
}

const architecturesWith32Bits = new Set(['ia32', 'arm', 'mipsel']);

/** Which table fits this process. @throws RangeError on a system without PC/SC tables */
export function pcscAbiOf(platform: string, arch: string): PcscAbiId {
  const narrow = architecturesWith32Bits.has(arch);
  switch (platform) {
    case 'win32':
      return narrow ? 'windows-32' : 'windows-64';
    case 'linux':
      return narrow ? 'linux-32' : 'linux-64';
    case 'darwin':
      return 'macos';
    default:
      throw new RangeError(`no PC/SC tables for ${platform} ${arch}`);
  }
}

export interface StructLayout<Field extends string> {
  readonly size: number;
  readonly offsets: Readonly<Record<Field, number>>;
}

/** C structure layout: each field at a multiple of its alignment, the whole a multiple of the largest. */
function structLayout<Field extends string>(
  fields: readonly (readonly [name: Field, size: number, alignment: number])[],
  packed: boolean,
): StructLayout<Field> {
  const offsets = {} as Record<Field, number>;
  let at = 0;
  let widest = 1;
  const align = (offset: number, to: number): number => Math.ceil(offset / to) * to;
  for (const [name, size, naturalAlignment] of fields) {
    const alignment = packed ? 1 : naturalAlignment;
    widest = Math.max(widest, alignment);
    offsets[name] = align(at, alignment);
    at = offsets[name] + size;
  }
  return { size: align(at, widest), offsets };
}

export type ReaderStateField =
  'szReader' | 'pvUserData' | 'dwCurrentState' | 'dwEventState' | 'cbAtr' | 'rgbAtr';

/** SCARD_READERSTATE. */
export function readerStateLayout(abi: PcscAbi): StructLayout<ReaderStateField> {
  const { pointerBytes, dwordBytes } = abi;
  return structLayout(
    [
      ['szReader', pointerBytes, pointerBytes],
      ['pvUserData', pointerBytes, pointerBytes],
      ['dwCurrentState', dwordBytes, dwordBytes],
      ['dwEventState', dwordBytes, dwordBytes],
      ['cbAtr', dwordBytes, dwordBytes],
      ['rgbAtr', abi.atrBytes, 1],
    ],
    abi.packed,
  );
}

/** SCARD_IO_REQUEST: the protocol header that goes with each command. */
export function ioRequestLayout(abi: PcscAbi): StructLayout<'dwProtocol' | 'cbPciLength'> {
  const { dwordBytes } = abi;
  return structLayout(
    [
      ['dwProtocol', dwordBytes, dwordBytes],
      ['cbPciLength', dwordBytes, dwordBytes],
    ],
    abi.packed,
  );
}
