import { readerStateLayout } from './pcsc-abi.ts';
import type { PcscAbi } from './pcsc-abi.ts';

/** Reading and writing what PC/SC calls pass by address: DWORDs, handles, texts and SCARD_READERSTATE arrays. */

export function writeUnsigned(memory: Buffer, offset: number, bytes: 4 | 8, value: number | bigint): void {
  if (bytes === 8) memory.writeBigUInt64LE(BigInt.asUintN(64, BigInt(value)), offset);
  else memory.writeUInt32LE(Number(BigInt.asUintN(32, BigInt(value))), offset);
}

export const readUnsigned = (memory: Buffer, offset: number, bytes: 4 | 8): bigint =>
  bytes === 8 ? memory.readBigUInt64LE(offset) : BigInt(memory.readUInt32LE(offset));

/** A variable whose address is passed to a call, in the size of a DWORD. */
export function dwordVariable(abi: PcscAbi, value = 0): Buffer {
  const memory = Buffer.alloc(abi.dwordBytes);
  writeUnsigned(memory, 0, abi.dwordBytes, value);
  return memory;
}

/** States, protocols and lengths fit 32 bits on every system. */
export const dwordValue = (abi: PcscAbi, memory: Buffer, offset = 0): number =>
  Number(BigInt.asUintN(32, readUnsigned(memory, offset, abi.dwordBytes)));

/** Bytes a character of the interface takes; lengths of texts are counted in characters. */
export const characterBytes = (abi: PcscAbi): 1 | 2 => (abi.text === 'utf-16le' ? 2 : 1);

/** Text with its terminating NUL. */
export const encodeText = (abi: PcscAbi, text: string): Buffer => Buffer.from(`${text}\0`, abi.text);

/** Texts one after another, each with its NUL, closed by an empty one. */
export const decodeMultiString = (abi: PcscAbi, memory: Uint8Array): string[] =>
  Buffer.from(memory)
    .toString(abi.text)
    .split('\0')
    .filter((text) => text !== '');

/** SCARD_STATE_* bits of dwCurrentState and dwEventState; the high word counts insertions and removals. */
export const readerFlags = {
  unaware: 0x0000,
  ignore: 0x0001,
  changed: 0x0002,
  unknown: 0x0004,
  unavailable: 0x0008,
  empty: 0x0010,
  present: 0x0020,
  atrMatch: 0x0040,
  exclusive: 0x0080,
  inUse: 0x0100,
  mute: 0x0200,
  unpowered: 0x0400,
} as const;

/** The reader that changes when readers come and go. */
export const PNP_NOTIFICATION = '\\\\?PnP?\\Notification';

export interface WatchedReader {
  readonly name: string;
  /** What the caller believes, 0 (`unaware`) or the event state of the last report. */
  readonly currentState: number;
}

export interface ReaderReport {
  readonly name: string;
  /** SCARD_STATE_* bits in the low word, the count of insertions and removals in the high word. */
  readonly eventState: number;
  /** Empty when the reader holds no card that answers. */
  readonly atr: Uint8Array;
}

export const eventCount = (eventState: number): number => eventState >>> 16;

/** An SCARD_READERSTATE array, with the buffers its pointers lead to, which must live as long as the call. */
export interface ReaderStateArray {
  readonly memory: Buffer;
  readonly names: readonly Buffer[];
}

/** @param addressOf where a buffer lies in memory; the real one comes from the foreign function library */
export function encodeReaderStates(
  abi: PcscAbi,
  readers: readonly WatchedReader[],
  addressOf: (buffer: Buffer) => bigint,
): ReaderStateArray {
  const { size, offsets } = readerStateLayout(abi);
  const memory = Buffer.alloc(size * readers.length);
  const names = readers.map((reader) => encodeText(abi, reader.name));
  readers.forEach((reader, index) => {
    const at = index * size;
    // One name per reader, made just above.
    writeUnsigned(memory, at + offsets.szReader, abi.pointerBytes, addressOf(names[index] as Buffer));
    writeUnsigned(memory, at + offsets.dwCurrentState, abi.dwordBytes, reader.currentState >>> 0);
  });
  return { memory, names };
}

export function decodeReaderStates(
  abi: PcscAbi,
  readers: readonly WatchedReader[],
  memory: Buffer,
): ReaderReport[] {
  const { size, offsets } = readerStateLayout(abi);
  return readers.map(({ name }, index) => {
    const at = index * size;
    const atrLength = Math.min(dwordValue(abi, memory, at + offsets.cbAtr), abi.atrBytes);
    return {
      name,
      eventState: dwordValue(abi, memory, at + offsets.dwEventState),
      atr: Uint8Array.from(memory.subarray(at + offsets.rgbAtr, at + offsets.rgbAtr + atrLength)),
    };
  });
}
