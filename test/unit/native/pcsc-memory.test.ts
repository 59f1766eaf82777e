import { describe, expect, it } from 'vitest';
import { pcscAbi, readerStateLayout } from '#native/pcsc-abi.ts';
import type { PcscAbiId } from '#native/pcsc-abi.ts';
import {
  decodeMultiString,
  decodeReaderStates,
  dwordValue,
  dwordVariable,
  encodeReaderStates,
  encodeText,
  eventCount,
  writeUnsigned,
} from '#native/pcsc-memory.ts';

const ids: PcscAbiId[] = ['windows-64', 'windows-32', 'linux-64', 'linux-32', 'macos'];

describe.each(ids)('memory for %s', (id) => {
  const abi = pcscAbi(id);
  const layout = readerStateLayout(abi);

  it('a status wait names its readers and passes on what is believed of them', () => {
    const watched = [
      { name: 'Aktiv KAZTOKEN 0', currentState: 0xffff0022 },
      { name: 'Картридер', currentState: 0 },
    ];
    let address = 0x7000n;
    const addresses = new Map<bigint, Buffer>();
    const { memory, names } = encodeReaderStates(abi, watched, (buffer) => {
      addresses.set((address += 0x100n), buffer);
      return address;
    });

    expect(memory.length).toBe(2 * layout.size);
    watched.forEach((reader, index) => {
      const at = index * layout.size;
      const pointer =
        abi.pointerBytes === 8
          ? memory.readBigUInt64LE(at + layout.offsets.szReader)
          : BigInt(memory.readUInt32LE(at + layout.offsets.szReader));
      expect(addresses.get(pointer)).toBe(names[index]);
      expect(names[index]?.toString(abi.text)).toBe(`${reader.name}\0`);
      expect(dwordValue(abi, memory, at + layout.offsets.dwCurrentState)).toBe(reader.currentState);
    });
  });

  it('a report gives each reader its state, its count and its ATR', () => {
    const watched = ['A', 'B'].map((name) => ({ name, currentState: 0 }));
    const memory = Buffer.alloc(2 * layout.size);
    const second = layout.size;
    writeUnsigned(memory, second + layout.offsets.dwEventState, abi.dwordBytes, 0x80010022);
    writeUnsigned(memory, second + layout.offsets.cbAtr, abi.dwordBytes, 3);
    memory.set([0x3b, 0x88, 0x01, 0xff], second + layout.offsets.rgbAtr);

    const [first, other] = decodeReaderStates(abi, watched, memory);
    expect(first).toEqual({ name: 'A', eventState: 0, atr: new Uint8Array() });
    expect(other).toEqual({ name: 'B', eventState: 0x80010022, atr: Uint8Array.of(0x3b, 0x88, 0x01) });
    expect(eventCount(0x80010022)).toBe(0x8001);
  });

  it('an ATR length beyond the field is not believed', () => {
    const memory = Buffer.alloc(layout.size);
    writeUnsigned(memory, layout.offsets.cbAtr, abi.dwordBytes, 4000);
    expect(decodeReaderStates(abi, [{ name: 'A', currentState: 0 }], memory)[0]?.atr.length).toBe(
      abi.atrBytes,
    );
  });

  it('lists of names come apart at their terminators', () => {
    const list = Buffer.concat([
      encodeText(abi, 'Aktiv KAZTOKEN 0'),
      encodeText(abi, 'Әліппе'),
      encodeText(abi, ''),
    ]);
    expect(decodeMultiString(abi, list)).toEqual(['Aktiv KAZTOKEN 0', 'Әліппе']);
    expect(decodeMultiString(abi, encodeText(abi, ''))).toEqual([]);
  });

  it('a DWORD variable is as wide as the system reads it', () => {
    expect(dwordVariable(abi, 0xfffffffe).length).toBe(abi.dwordBytes);
    expect(dwordValue(abi, dwordVariable(abi, 0xfffffffe))).toBe(0xfffffffe);
  });
});
