import type { NamedPcscCode, PcscError } from '#native/pcsc-error.ts';
import { KiltError, type ErrorId } from '#shared/errors.ts';

/**
 * What each PC/SC code means for the user while a card is being connected or used. `token-mute` also stands for codes
 * that drivers let through when a token is pulled: whoever uses the table finds out whether it is still there.
 */
const meanings: Readonly<Record<NamedPcscCode, ErrorId>> = {
  SCARD_E_NO_SERVICE: 'pcsc-service-off',
  SCARD_E_SERVICE_STOPPED: 'pcsc-service-off',
  SCARD_P_SHUTDOWN: 'pcsc-service-off',

  // pcscd asks polkit who may use a card: nobody in a remote session, unless the administrator says so.
  SCARD_W_SECURITY_VIOLATION: 'pcsc-access-denied',
  SCARD_E_NO_ACCESS: 'pcsc-access-denied',

  SCARD_E_NO_READERS_AVAILABLE: 'reader-unavailable',
  SCARD_E_UNKNOWN_READER: 'reader-unavailable',
  SCARD_E_READER_UNAVAILABLE: 'reader-unavailable',
  SCARD_E_READER_UNSUPPORTED: 'reader-unavailable',
  SCARD_E_DUPLICATE_READER: 'reader-unavailable',
  SCARD_E_NOT_READY: 'reader-unavailable',

  SCARD_E_NO_SMARTCARD: 'token-removed',
  SCARD_W_REMOVED_CARD: 'token-removed',
  ERROR_DEV_NOT_EXIST: 'token-removed',
  ERROR_NO_SUCH_DEVICE: 'token-removed',
  ERROR_DEVICE_NOT_CONNECTED: 'token-removed',
  ERROR_DEVICE_REMOVED: 'token-removed',

  SCARD_E_SHARING_VIOLATION: 'token-in-use',
  SCARD_E_SERVER_TOO_BUSY: 'token-in-use',
  SCARD_W_RESET_CARD: 'token-in-use',

  SCARD_E_UNKNOWN_CARD: 'token-unsupported',
  SCARD_E_CARD_UNSUPPORTED: 'token-unsupported',
  SCARD_W_UNSUPPORTED_CARD: 'token-unsupported',

  // Of card modules (minidrivers), which Kilt does not go through; here so that no PIN is called a dead token.
  SCARD_E_INVALID_CHV: 'wrong-pin',
  SCARD_W_WRONG_CHV: 'wrong-pin',
  SCARD_W_CHV_BLOCKED: 'pin-blocked',
  SCARD_W_CARD_NOT_AUTHENTICATED: 'pin-needed',
  SCARD_E_PIN_CACHE_EXPIRED: 'pin-needed',
  SCARD_E_NO_PIN_CACHE: 'pin-needed',
  SCARD_E_WRITE_TOO_MANY: 'token-memory-full',
  SCARD_E_NO_SUCH_CERTIFICATE: 'key-not-found',
  SCARD_E_CERTIFICATE_UNAVAILABLE: 'key-not-found',
  SCARD_E_NO_KEY_CONTAINER: 'key-not-found',
  SCARD_E_DIR_NOT_FOUND: 'token-answer-unexpected',
  SCARD_E_FILE_NOT_FOUND: 'token-answer-unexpected',
  SCARD_E_NO_DIR: 'token-answer-unexpected',
  SCARD_E_NO_FILE: 'token-answer-unexpected',
  SCARD_E_BAD_SEEK: 'token-answer-unexpected',
  SCARD_E_READ_ONLY_CARD: 'token-answer-unexpected',
  SCARD_E_ICC_INSTALLATION: 'token-answer-unexpected',
  SCARD_E_ICC_CREATEORDER: 'token-answer-unexpected',
  SCARD_W_EOF: 'token-answer-unexpected',
  SCARD_W_CACHE_ITEM_NOT_FOUND: 'token-answer-unexpected',
  SCARD_W_CACHE_ITEM_STALE: 'token-answer-unexpected',
  SCARD_W_CACHE_ITEM_TOO_BIG: 'token-answer-unexpected',

  SCARD_E_CANCELLED: 'operation-cancelled',
  SCARD_E_SYSTEM_CANCELLED: 'operation-cancelled',
  SCARD_W_CANCELLED_BY_USER: 'operation-cancelled',
  ERROR_OPERATION_ABORTED: 'token-mute',

  SCARD_W_UNRESPONSIVE_CARD: 'token-mute',
  SCARD_W_UNPOWERED_CARD: 'token-mute',
  SCARD_E_TIMEOUT: 'token-mute',
  SCARD_F_WAITED_TOO_LONG: 'token-mute',
  SCARD_F_COMM_ERROR: 'token-mute',
  SCARD_E_COMM_DATA_LOST: 'token-mute',
  SCARD_E_PROTO_MISMATCH: 'token-mute',
  SCARD_E_INVALID_ATR: 'token-mute',
  SCARD_E_NOT_TRANSACTED: 'token-mute',
  // After the service was started anew, handles of the old one are no good.
  SCARD_E_INVALID_HANDLE: 'token-mute',
  ERROR_INVALID_HANDLE: 'token-mute',
  ERROR_BAD_COMMAND: 'token-mute',
  ERROR_GEN_FAILURE: 'token-mute',
  ERROR_BROKEN_PIPE: 'token-mute',
  ERROR_IO_DEVICE: 'token-mute',
  SCARD_F_UNKNOWN_ERROR: 'token-mute',
  SCARD_F_INTERNAL_ERROR: 'token-mute',
  SCARD_E_UNEXPECTED: 'token-mute',
  SCARD_E_NO_MEMORY: 'token-mute',
  SCARD_E_CANT_DISPOSE: 'token-mute',
  SCARD_E_UNKNOWN_RES_MNG: 'token-mute',
  SCARD_E_INVALID_PARAMETER: 'token-mute',
  SCARD_E_INVALID_TARGET: 'token-mute',
  SCARD_E_INVALID_VALUE: 'token-mute',
  SCARD_E_INSUFFICIENT_BUFFER: 'token-mute',
  SCARD_E_PCI_TOO_SMALL: 'token-mute',
  SCARD_E_UNSUPPORTED_FEATURE: 'token-mute',
};

/** The one place that turns PC/SC codes into what the user is told. `connected`: the card had answered before. */
export function kiltErrorFromPcsc(error: PcscError, reader: string, connected: boolean): KiltError {
  const named: Readonly<Partial<Record<string, ErrorId>>> = meanings;
  const meaning = named[error.name] ?? 'token-mute';
  // A USB token is card and reader in one: once connected, a reader that has gone is a token that was pulled.
  const id = connected && meaning === 'reader-unavailable' ? 'token-removed' : meaning;
  return new KiltError(id, { reader, pcscCode: error.name }, { cause: error });
}
