import type { PcscAbiId, PcscCall } from './pcsc-abi.ts';

/**
 * Every code a PC/SC call may return, by number. Source: Windows SDK `winerror.h` (FACILITY_SCARD); the last group is
 * what Windows' own drivers let through when a USB token is pulled in the middle of a command.
 */
const codeNames = {
  0x80100001: 'SCARD_F_INTERNAL_ERROR',
  0x80100002: 'SCARD_E_CANCELLED',
  0x80100003: 'SCARD_E_INVALID_HANDLE',
  0x80100004: 'SCARD_E_INVALID_PARAMETER',
  0x80100005: 'SCARD_E_INVALID_TARGET',
  0x80100006: 'SCARD_E_NO_MEMORY',
  0x80100007: 'SCARD_F_WAITED_TOO_LONG',
  0x80100008: 'SCARD_E_INSUFFICIENT_BUFFER',
  0x80100009: 'SCARD_E_UNKNOWN_READER',
  0x8010000a: 'SCARD_E_TIMEOUT',
  0x8010000b: 'SCARD_E_SHARING_VIOLATION',
  0x8010000c: 'SCARD_E_NO_SMARTCARD',
  0x8010000d: 'SCARD_E_UNKNOWN_CARD',
  0x8010000e: 'SCARD_E_CANT_DISPOSE',
  0x8010000f: 'SCARD_E_PROTO_MISMATCH',
  0x80100010: 'SCARD_E_NOT_READY',
  0x80100011: 'SCARD_E_INVALID_VALUE',
  0x80100012: 'SCARD_E_SYSTEM_CANCELLED',
  0x80100013: 'SCARD_F_COMM_ERROR',
  0x80100014: 'SCARD_F_UNKNOWN_ERROR',
  0x80100015: 'SCARD_E_INVALID_ATR',
  0x80100016: 'SCARD_E_NOT_TRANSACTED',
  0x80100017: 'SCARD_E_READER_UNAVAILABLE',
  0x80100018: 'SCARD_P_SHUTDOWN',
  0x80100019: 'SCARD_E_PCI_TOO_SMALL',
  0x8010001a: 'SCARD_E_READER_UNSUPPORTED',
  0x8010001b: 'SCARD_E_DUPLICATE_READER',
  0x8010001c: 'SCARD_E_CARD_UNSUPPORTED',
  0x8010001d: 'SCARD_E_NO_SERVICE',
  0x8010001e: 'SCARD_E_SERVICE_STOPPED',
  0x8010001f: 'SCARD_E_UNEXPECTED',
  0x80100020: 'SCARD_E_ICC_INSTALLATION',
  0x80100021: 'SCARD_E_ICC_CREATEORDER',
  0x80100022: 'SCARD_E_UNSUPPORTED_FEATURE',
  0x80100023: 'SCARD_E_DIR_NOT_FOUND',
  0x80100024: 'SCARD_E_FILE_NOT_FOUND',
  0x80100025: 'SCARD_E_NO_DIR',
  0x80100026: 'SCARD_E_NO_FILE',
  0x80100027: 'SCARD_E_NO_ACCESS',
  0x80100028: 'SCARD_E_WRITE_TOO_MANY',
  0x80100029: 'SCARD_E_BAD_SEEK',
  0x8010002a: 'SCARD_E_INVALID_CHV',
  0x8010002b: 'SCARD_E_UNKNOWN_RES_MNG',
  0x8010002c: 'SCARD_E_NO_SUCH_CERTIFICATE',
  0x8010002d: 'SCARD_E_CERTIFICATE_UNAVAILABLE',
  0x8010002e: 'SCARD_E_NO_READERS_AVAILABLE',
  0x8010002f: 'SCARD_E_COMM_DATA_LOST',
  0x80100030: 'SCARD_E_NO_KEY_CONTAINER',
  0x80100031: 'SCARD_E_SERVER_TOO_BUSY',
  0x80100032: 'SCARD_E_PIN_CACHE_EXPIRED',
  0x80100033: 'SCARD_E_NO_PIN_CACHE',
  0x80100034: 'SCARD_E_READ_ONLY_CARD',
  0x80100065: 'SCARD_W_UNSUPPORTED_CARD',
  0x80100066: 'SCARD_W_UNRESPONSIVE_CARD',
  0x80100067: 'SCARD_W_UNPOWERED_CARD',
  0x80100068: 'SCARD_W_RESET_CARD',
  0x80100069: 'SCARD_W_REMOVED_CARD',
  0x8010006a: 'SCARD_W_SECURITY_VIOLATION',
  0x8010006b: 'SCARD_W_WRONG_CHV',
  0x8010006c: 'SCARD_W_CHV_BLOCKED',
  0x8010006d: 'SCARD_W_EOF',
  0x8010006e: 'SCARD_W_CANCELLED_BY_USER',
  0x8010006f: 'SCARD_W_CARD_NOT_AUTHENTICATED',
  0x80100070: 'SCARD_W_CACHE_ITEM_NOT_FOUND',
  0x80100071: 'SCARD_W_CACHE_ITEM_STALE',
  0x80100072: 'SCARD_W_CACHE_ITEM_TOO_BIG',

  0x00000006: 'ERROR_INVALID_HANDLE',
  0x00000016: 'ERROR_BAD_COMMAND',
  0x0000001f: 'ERROR_GEN_FAILURE',
  0x00000037: 'ERROR_DEV_NOT_EXIST',
  0x0000006d: 'ERROR_BROKEN_PIPE',
  0x000001b1: 'ERROR_NO_SUCH_DEVICE',
  0x000003e3: 'ERROR_OPERATION_ABORTED',
  0x0000045d: 'ERROR_IO_DEVICE',
  0x0000048f: 'ERROR_DEVICE_NOT_CONNECTED',
  0x00000651: 'ERROR_DEVICE_REMOVED',
} as const satisfies Record<number, string>;

/** The one code that pcsc-lite (`pcsclite.h`, seen with 1.9.9) uses in another sense than Windows and macOS. */
const pcscliteCodeNames: Readonly<Record<number, NamedPcscCode>> = {
  0x8010001f: 'SCARD_E_UNSUPPORTED_FEATURE',
};

export type NamedPcscCode = (typeof codeNames)[keyof typeof codeNames];
/** A name, or `0x` and eight hexadecimal digits for a code that no header names. */
export type PcscCodeName = NamedPcscCode | `0x${string}`;

export const SCARD_S_SUCCESS = 0;
export const SCARD_F_INTERNAL_ERROR = 0x80100001;

/**
 * One form for all systems, 0…0xFFFFFFFF: Windows and macOS return a signed 32-bit value, pcsc-lite a 64-bit one
 * that is positive or, on some builds, sign-extended.
 */
export const normalisePcscCode = (code: number | bigint): number =>
  typeof code === 'bigint' ? Number(BigInt.asUintN(32, code)) : code >>> 0;

/** @param dialect whose header names the code; the tables differ in one */
export function pcscCodeName(code: number, dialect: PcscAbiId = 'windows-64'): PcscCodeName {
  const names: Readonly<Record<number, NamedPcscCode>> = codeNames;
  const own = dialect.startsWith('linux') ? pcscliteCodeNames[code] : undefined;
  return own ?? names[code] ?? `0x${code.toString(16).padStart(8, '0')}`;
}

/** A PC/SC call that did not succeed. It holds the call and its code, never what was sent to the card. */
export class PcscError extends Error {
  override readonly name: PcscCodeName;
  /** Normalised, see {@link normalisePcscCode}. */
  readonly code: number;
  readonly call: PcscCall;

  constructor(
    call: PcscCall,
    code: number | bigint,
    options: { readonly dialect?: PcscAbiId; readonly cause?: unknown } = {},
  ) {
    const normalised = normalisePcscCode(code);
    const name = pcscCodeName(normalised, options.dialect);
    super(`${call}: ${name}`, 'cause' in options ? { cause: options.cause } : undefined);
    this.name = name;
    this.code = normalised;
    this.call = call;
  }
}

export const isPcscError = (error: unknown, ...names: readonly NamedPcscCode[]): error is PcscError =>
  error instanceof PcscError && (names.length === 0 || names.some((name) => name === error.name));

/** For failures that have no code of their own, such as a library that is not installed. */
export const pcscErrorNamed = (call: PcscCall, name: NamedPcscCode, cause?: unknown): PcscError => {
  const code = Object.entries(codeNames).find(([, known]) => known === name)?.[0];
  return new PcscError(call, Number(code), cause === undefined ? {} : { cause });
};
