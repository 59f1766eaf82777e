import koffi from 'koffi';
import { describe, expect, it } from 'vitest';
import { ioRequestLayout, pcscAbi, pcscAbiOf, readerStateLayout } from '#native/pcsc-abi.ts';
import type { PcscAbiId } from '#native/pcsc-abi.ts';

/** Worked out by hand from each system's headers: offsets in the order of the fields, then the size. */
const readerStates: Record<PcscAbiId, number[]> = {
  'windows-64': [0, 8, 16, 20, 24, 28, 64],
  'windows-32': [0, 4, 8, 12, 16, 20, 56],
  'linux-64': [0, 8, 16, 24, 32, 40, 80],
  'linux-32': [0, 4, 8, 12, 16, 20, 56],
  macos: [0, 8, 16, 20, 24, 28, 61],
};

const ioRequests: Record<PcscAbiId, [dwProtocol: number, cbPciLength: number, size: number]> = {
  'windows-64': [0, 4, 8],
  'windows-32': [0, 4, 8],
  'linux-64': [0, 8, 16],
  'linux-32': [0, 4, 8],
  macos: [0, 4, 8],
};

const ids = Object.keys(readerStates) as PcscAbiId[];

describe('PC/SC memory layouts', () => {
  it.each(ids)('SCARD_READERSTATE lies as the header of %s says', (id) => {
    const { offsets, size } = readerStateLayout(pcscAbi(id));
    const { szReader, pvUserData, dwCurrentState, dwEventState, cbAtr, rgbAtr } = offsets;
    expect([szReader, pvUserData, dwCurrentState, dwEventState, cbAtr, rgbAtr, size]).toEqual(
      readerStates[id],
    );
  });

  it.each(ids)('SCARD_IO_REQUEST lies as the header of %s says', (id) => {
    const { offsets, size } = ioRequestLayout(pcscAbi(id));
    expect([offsets.dwProtocol, offsets.cbPciLength, size]).toEqual(ioRequests[id]);
  });

  // koffi lays structures out by the rules of the machine it runs on: an independent opinion on the 64-bit tables.
  it.each(['windows-64', 'linux-64', 'macos'] as const)('the foreign function library agrees on %s', (id) => {
    const abi = pcscAbi(id);
    const dword = abi.dwordBytes === 8 ? 'uint64' : 'uint32';
    const fields = {
      szReader: 'void *',
      pvUserData: 'void *',
      dwCurrentState: dword,
      dwEventState: dword,
      cbAtr: dword,
      rgbAtr: koffi.array('uint8', abi.atrBytes),
    };
    const native = abi.packed ? koffi.pack(fields) : koffi.struct(fields);
    const { offsets, size } = readerStateLayout(abi);
    expect(koffi.sizeof(native)).toBe(size);
    for (const [name, offset] of Object.entries(offsets)) {
      expect(koffi.offsetof(native, name), name).toBe(offset);
    }
  });
});

describe('what differs between systems', () => {
  it('handles are as wide as the headers say', () => {
    expect(ids.map((id) => pcscAbi(id).handleBytes)).toEqual([8, 4, 8, 4, 4]);
  });

  it('Windows is called by its UTF-16 functions', () => {
    const { symbols, text, callingConvention } = pcscAbi('windows-64');
    expect(symbols.SCardConnect).toBe('SCardConnectW');
    expect(symbols.SCardListReaders).toBe('SCardListReadersW');
    expect(symbols.SCardGetStatusChange).toBe('SCardGetStatusChangeW');
    expect(symbols.SCardStatus).toBe('SCardStatusW');
    expect(symbols.SCardTransmit).toBe('SCardTransmit');
    expect([text, callingConvention]).toEqual(['utf-16le', 'stdcall']);
  });

  it('macOS takes the control call that knows control codes', () => {
    expect(pcscAbi('macos').symbols.SCardControl).toBe('SCardControl132');
  });

  it('CM_IOCTL_GET_FEATURE_REQUEST has the number the reader drivers know', () => {
    expect(pcscAbi('windows-64').controlCode(3400)).toBe(0x00313520);
    expect(pcscAbi('linux-64').controlCode(3400)).toBe(0x42000d48);
    expect(pcscAbi('macos').controlCode(3400)).toBe(0x42000d48);
  });

  it('the Windows library is loaded from the system folder, never by bare name', () => {
    expect(pcscAbi('windows-64', 'D:\\Windows').library).toBe('D:\\Windows\\System32\\winscard.dll');
  });

  it('each process finds its table', () => {
    expect(pcscAbiOf('win32', 'x64')).toBe('windows-64');
    expect(pcscAbiOf('win32', 'arm64')).toBe('windows-64');
    expect(pcscAbiOf('win32', 'ia32')).toBe('windows-32');
    expect(pcscAbiOf('linux', 'x64')).toBe('linux-64');
    expect(pcscAbiOf('linux', 'arm')).toBe('linux-32');
    expect(pcscAbiOf('darwin', 'arm64')).toBe('macos');
    expect(() => pcscAbiOf('freebsd', 'x64')).toThrow(RangeError);
  });
});
