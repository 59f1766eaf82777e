import { KiltError, type ErrorData, type ErrorId } from '#shared/errors.ts';

/** Values that calls of PKCS#11 return (v2.40 §5.1 and `pkcs11t.h`), as far as Kilt tells them apart. */
export const returnValues = {
  CKR_CANCEL: 0x01,
  CKR_HOST_MEMORY: 0x02,
  CKR_SLOT_ID_INVALID: 0x03,
  CKR_GENERAL_ERROR: 0x05,
  CKR_FUNCTION_FAILED: 0x06,
  CKR_DEVICE_ERROR: 0x30,
  CKR_DEVICE_MEMORY: 0x31,
  CKR_DEVICE_REMOVED: 0x32,
  CKR_FUNCTION_CANCELED: 0x50,
  CKR_FUNCTION_NOT_SUPPORTED: 0x54,
  CKR_KEY_HANDLE_INVALID: 0x60,
  CKR_KEY_TYPE_INCONSISTENT: 0x63,
  CKR_KEY_FUNCTION_NOT_PERMITTED: 0x68,
  CKR_MECHANISM_INVALID: 0x70,
  CKR_OBJECT_HANDLE_INVALID: 0x82,
  CKR_PIN_INCORRECT: 0xa0,
  CKR_PIN_INVALID: 0xa1,
  CKR_PIN_LEN_RANGE: 0xa2,
  CKR_PIN_EXPIRED: 0xa3,
  CKR_PIN_LOCKED: 0xa4,
  CKR_SESSION_CLOSED: 0xb0,
  CKR_SESSION_HANDLE_INVALID: 0xb3,
  CKR_SESSION_READ_ONLY: 0xb5,
  CKR_TOKEN_NOT_PRESENT: 0xe0,
  CKR_TOKEN_NOT_RECOGNIZED: 0xe1,
  CKR_TOKEN_WRITE_PROTECTED: 0xe2,
  CKR_USER_NOT_LOGGED_IN: 0x101,
  CKR_USER_PIN_NOT_INITIALIZED: 0x102,
} as const;

const known = new Map<number, ErrorId>([
  [returnValues.CKR_PIN_INCORRECT, 'wrong-pin'],
  // Both are said of a PIN that can not be the right one.
  [returnValues.CKR_PIN_INVALID, 'wrong-pin'],
  [returnValues.CKR_PIN_LEN_RANGE, 'wrong-pin'],
  [returnValues.CKR_PIN_LOCKED, 'pin-blocked'],
  [returnValues.CKR_USER_NOT_LOGGED_IN, 'pin-needed'],
  [returnValues.CKR_DEVICE_REMOVED, 'token-removed'],
  [returnValues.CKR_TOKEN_NOT_PRESENT, 'token-removed'],
  [returnValues.CKR_SLOT_ID_INVALID, 'token-removed'],
  // A library closes the sessions of a token that is pulled.
  [returnValues.CKR_SESSION_CLOSED, 'token-removed'],
  [returnValues.CKR_SESSION_HANDLE_INVALID, 'token-removed'],
  [returnValues.CKR_TOKEN_NOT_RECOGNIZED, 'token-unsupported'],
  [returnValues.CKR_DEVICE_MEMORY, 'token-memory-full'],
  [returnValues.CKR_DEVICE_ERROR, 'token-mute'],
  [returnValues.CKR_KEY_HANDLE_INVALID, 'key-not-found'],
  [returnValues.CKR_OBJECT_HANDLE_INVALID, 'key-not-found'],
]);

const withRole: ReadonlySet<ErrorId> = new Set(['wrong-pin', 'pin-blocked', 'pin-needed']);

/**
 * The one place where what a library returned becomes an error that a user can act on. Everything that is not in the
 * table is `driver-failed`.
 *
 * @param step what was asked of the library, for support
 */
export function libraryError(returnValue: number, step: string): KiltError {
  const id = known.get(returnValue) ?? 'driver-failed';
  const data: ErrorData = {
    step,
    returnValue: nameOf(returnValue),
    ...(withRole.has(id) ? { role: 'user' } : {}),
  };
  return new KiltError(id, data);
}

function nameOf(returnValue: number): string {
  const entry = Object.entries(returnValues).find(([, value]) => value === returnValue);
  return entry?.[0] ?? `0x${returnValue.toString(16).toUpperCase()}`;
}
