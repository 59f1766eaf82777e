import { describe, expect, it } from 'vitest';
import type { PinStatus } from '#main/token/token-session.ts';
import { libraryError, returnValues } from '#main/token/pkcs11/return-values.ts';
import { isSameSerial } from '#main/token/pkcs11/same-serial.ts';
import { knownOf, pinStatusFrom, userPinFlags } from '#main/token/pkcs11/token-flags.ts';

describe('the serial number of a token in a library', () => {
  it.each([
    ['47738461', '47738461'],
    ['0000000047738461', '47738461'],
    ['47738461        ', '47738461'],
    ['3a5b7c1d', '3A5B7C1D'],
    // 0x3A5B7C1D as the token's maker prints it.
    ['979074077', '3A5B7C1D'],
    ['0979074077', '3A5B7C1D'],
  ])('%s is that of token %s', (inLibrary, serial) => {
    expect(isSameSerial(inLibrary, serial)).toBe(true);
  });

  it.each([
    ['', '3A5B7C1D'],
    ['        ', '3A5B7C1D'],
    ['0000000000000000', '3A5B7C1D'],
    ['3a5b7c1e', '3A5B7C1D'],
    ['13a5b7c1d', '3A5B7C1D'],
    ['3a5b7c', '3A5B7C1D'],
    ['KAZTOKEN', '3A5B7C1D'],
  ])('%s is not that of token %s', (inLibrary, serial) => {
    expect(isSameSerial(inLibrary, serial)).toBe(false);
  });
});

describe('what a library tells of the user PIN before it is typed', () => {
  const told = (flags: number): PinStatus =>
    pinStatusFrom({ slot: '00', serial: '1', label: '', flags, minPinLength: 8 });
  const others = 0x40d;

  it.each([
    ['nothing special', others, { attemptsLeft: null, blocked: false }],
    ['a wrong one was typed', others | userPinFlags.countLow, { attemptsLeft: null, blocked: false }],
    [
      'one try is left',
      others | userPinFlags.countLow | userPinFlags.finalTry,
      { attemptsLeft: 1, blocked: false },
    ],
    ['it is locked', others | userPinFlags.locked, { attemptsLeft: 0, blocked: true }],
    [
      'locked, with the last flags still up',
      others | userPinFlags.finalTry | userPinFlags.locked,
      { attemptsLeft: 0, blocked: true },
    ],
  ])('%s', (_what, flags, expected) => {
    expect(told(flags)).toMatchObject({ ...expected, minLength: 8 });
  });

  it('is shown where the card itself keeps silent, and nowhere else', () => {
    const silent: PinStatus = { ...told(0), maxAttempts: 10, changedBy: 'user' };
    expect(knownOf(silent, undefined)).toEqual(silent);
    expect(knownOf(silent, told(userPinFlags.finalTry))).toMatchObject({ attemptsLeft: 1, maxAttempts: 10 });
    expect(knownOf(silent, told(userPinFlags.locked))).toMatchObject({ attemptsLeft: 0, blocked: true });
    const counted: PinStatus = { ...silent, attemptsLeft: 7 };
    expect(knownOf(counted, told(userPinFlags.finalTry))).toEqual(counted);
  });
});

describe('what a call of the library returned', () => {
  it.each([
    ['CKR_PIN_INCORRECT', 'wrong-pin', { role: 'user' }],
    ['CKR_PIN_LEN_RANGE', 'wrong-pin', { role: 'user' }],
    ['CKR_PIN_LOCKED', 'pin-blocked', { role: 'user' }],
    ['CKR_USER_NOT_LOGGED_IN', 'pin-needed', { role: 'user' }],
    ['CKR_DEVICE_REMOVED', 'token-removed', {}],
    ['CKR_TOKEN_NOT_PRESENT', 'token-removed', {}],
    ['CKR_SESSION_HANDLE_INVALID', 'token-removed', {}],
    ['CKR_TOKEN_NOT_RECOGNIZED', 'token-unsupported', {}],
    ['CKR_DEVICE_MEMORY', 'token-memory-full', {}],
    ['CKR_KEY_HANDLE_INVALID', 'key-not-found', {}],
    ['CKR_GENERAL_ERROR', 'driver-failed', {}],
    ['CKR_MECHANISM_INVALID', 'driver-failed', {}],
  ] as const)('%s is «%s»', (name, id, data) => {
    expect(libraryError(returnValues[name], 'login')).toMatchObject({
      id,
      data: { ...data, step: 'login', returnValue: name },
    });
  });

  it('is named by its number where it is one of the vendor’s own', () => {
    expect(libraryError(0x8000_0001, 'sign')).toMatchObject({
      id: 'driver-failed',
      data: { returnValue: '0x80000001' },
    });
  });
});
