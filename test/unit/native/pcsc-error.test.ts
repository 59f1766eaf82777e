import { describe, expect, it } from 'vitest';
import { PcscError, isPcscError, normalisePcscCode, pcscErrorNamed } from '#native/pcsc-error.ts';
import { kiltErrorFromPcsc } from '#main/token/pcsc-meanings.ts';
import type { NamedPcscCode } from '#native/pcsc-error.ts';

describe('PC/SC codes', () => {
  it('are the same number however the system returns them', () => {
    const windows = -2146435062;
    const pcscLite = 0x8010000a;
    const signExtended = -2146435062n;
    expect([windows, pcscLite, signExtended, 0x8010000an].map(normalisePcscCode)).toEqual(
      Array(4).fill(0x8010000a),
    );
    expect(new PcscError('SCardGetStatusChange', windows).name).toBe('SCARD_E_TIMEOUT');
  });

  it('tell the call, the name and the number', () => {
    const error = new PcscError('SCardConnect', 0x8010000b);
    expect(error).toMatchObject({
      name: 'SCARD_E_SHARING_VIOLATION',
      code: 0x8010000b,
      call: 'SCardConnect',
    });
    expect(String(error)).toContain('SCardConnect: SCARD_E_SHARING_VIOLATION');
  });

  it('that no header names keep their hexadecimal form', () => {
    expect(new PcscError('SCardTransmit', 0x80100099).name).toBe('0x80100099');
    expect(new PcscError('SCardTransmit', 5).name).toBe('0x00000005');
  });

  it('0x8010001F is «unsupported feature» in pcsc-lite and «unexpected» elsewhere', () => {
    const code = 0x8010001f;
    expect(new PcscError('SCardControl', code, { dialect: 'linux-64' }).name).toBe(
      'SCARD_E_UNSUPPORTED_FEATURE',
    );
    expect(new PcscError('SCardControl', code, { dialect: 'windows-64' }).name).toBe('SCARD_E_UNEXPECTED');
    expect(new PcscError('SCardControl', code, { dialect: 'macos' }).name).toBe('SCARD_E_UNEXPECTED');
  });

  it('are recognised by name', () => {
    const error = pcscErrorNamed('SCardConnect', 'SCARD_E_NO_SERVICE');
    expect(error.code).toBe(0x8010001d);
    expect(isPcscError(error)).toBe(true);
    expect(isPcscError(error, 'SCARD_E_TIMEOUT', 'SCARD_E_NO_SERVICE')).toBe(true);
    expect(isPcscError(error, 'SCARD_E_TIMEOUT')).toBe(false);
    expect(isPcscError(new Error('SCARD_E_NO_SERVICE'))).toBe(false);
  });
});

describe('what a PC/SC code means for the user', () => {
  const meaning = (name: NamedPcscCode, connected: boolean): string =>
    kiltErrorFromPcsc(pcscErrorNamed('SCardTransmit', name), 'Reader', connected).id;

  it.each([
    ['SCARD_E_NO_SERVICE', 'pcsc-service-off'],
    ['SCARD_E_SERVICE_STOPPED', 'pcsc-service-off'],
    ['SCARD_E_UNKNOWN_READER', 'reader-unavailable'],
    ['SCARD_E_NO_SMARTCARD', 'token-removed'],
    ['SCARD_E_SHARING_VIOLATION', 'token-in-use'],
    ['SCARD_W_UNRESPONSIVE_CARD', 'token-mute'],
    ['SCARD_W_UNPOWERED_CARD', 'token-mute'],
    ['SCARD_E_PROTO_MISMATCH', 'token-mute'],
    ['SCARD_W_SECURITY_VIOLATION', 'pcsc-access-denied'],
    ['SCARD_W_UNSUPPORTED_CARD', 'token-unsupported'],
    ['SCARD_E_CANCELLED', 'operation-cancelled'],
  ] as const)('connecting: %s is %s', (name, id) => {
    expect(meaning(name, false)).toBe(id);
  });

  it.each([
    ['SCARD_W_REMOVED_CARD', 'token-removed'],
    ['SCARD_E_READER_UNAVAILABLE', 'token-removed'],
    ['ERROR_DEVICE_REMOVED', 'token-removed'],
    ['SCARD_W_RESET_CARD', 'token-in-use'],
    ['SCARD_E_SHARING_VIOLATION', 'token-in-use'],
    ['SCARD_E_NOT_TRANSACTED', 'token-mute'],
    ['SCARD_W_WRONG_CHV', 'wrong-pin'],
    ['SCARD_W_CHV_BLOCKED', 'pin-blocked'],
    ['SCARD_E_INVALID_HANDLE', 'token-mute'],
  ] as const)('using a token: %s is %s', (name, id) => {
    expect(meaning(name, true)).toBe(id);
  });

  it('a code that no header names is a token that does not answer, with the number for support', () => {
    const error = kiltErrorFromPcsc(new PcscError('SCardTransmit', 0x80109999), 'Reader', true);
    expect(error).toMatchObject({ id: 'token-mute', data: { pcscCode: '0x80109999' } });
  });

  it('support sees the reader and the code', () => {
    const error = kiltErrorFromPcsc(
      pcscErrorNamed('SCardConnect', 'SCARD_E_NO_SMARTCARD'),
      'Reader 0',
      false,
    );
    expect(error.data).toEqual({ reader: 'Reader 0', pcscCode: 'SCARD_E_NO_SMARTCARD' });
  });
});
