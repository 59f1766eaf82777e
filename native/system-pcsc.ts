import { ioRequestLayout } from './pcsc-abi.ts';
import type { PcscAbi } from './pcsc-abi.ts';
import { isPcscError } from './pcsc-error.ts';
import { pcscLibrary } from './pcsc-library.ts';
import type { PcscLibrary } from './pcsc-library.ts';
import {
  characterBytes,
  decodeMultiString,
  decodeReaderStates,
  dwordValue,
  dwordVariable,
  encodeReaderStates,
  encodeText,
  readUnsigned,
  writeUnsigned,
} from './pcsc-memory.ts';
import type { CardStatus, Disposition, Pcsc, PcscCard, PcscContext, Protocol, ShareMode } from './pcsc.ts';

/** The PC/SC service of this computer through its own library. */
export const systemPcsc = (): Pcsc => ({
  async establishContext() {
    const library = pcscLibrary();
    const handle = Buffer.alloc(library.abi.handleBytes);
    await library.calls.SCardEstablishContext.wait([SCARD_SCOPE_SYSTEM, null, null, handle]);
    return new SystemContext(library, readUnsigned(handle, 0, library.abi.handleBytes));
  },
});

const SCARD_SCOPE_SYSTEM = 2;

const shareModes: Readonly<Record<ShareMode, number>> = { exclusive: 1, shared: 2, direct: 3 };
const dispositions: Readonly<Record<Disposition, number>> = { leave: 0, reset: 1, unpower: 2, eject: 3 };

const protocolBit = (abi: PcscAbi, protocol: Protocol): number =>
  protocol === 'T=0' ? 1 : protocol === 'T=1' ? 2 : abi.rawProtocol;
const protocolOf = (abi: PcscAbi, bits: number): Protocol | null =>
  (['T=0', 'T=1', 'raw'] as const).find((protocol) => protocolBit(abi, protocol) === bits) ?? null;

/** Characters; sixteen readers with names of 128 fit (pcsc-lite's limits). Asked again with more when refused. */
const READER_LIST_LENGTH = 4096;
const READER_NAME_LENGTH = 256;

/** ISO/IEC 7816-4: 256 bytes and the status word; 65 536 and the status word for an extended command. */
const SHORT_RESPONSE = 256 + 2;
const EXTENDED_RESPONSE = 65536 + 2;
/** Driver answers and attributes; pcsc-lite's MAX_BUFFER_SIZE is 264. */
const DRIVER_RESPONSE = 1024;

/** An extended APDU has a zero where a short one has Lc or Le (ISO/IEC 7816-4 §5.1). */
const isExtended = (command: Uint8Array): boolean => command.length > 5 && command[4] === 0;

class SystemContext implements PcscContext {
  readonly #library: PcscLibrary;
  readonly #handle: bigint;

  constructor(library: PcscLibrary, handle: bigint) {
    this.#library = library;
    this.#handle = handle;
  }

  async listReaders(): Promise<string[]> {
    const { abi, calls } = this.#library;
    for (let characters = READER_LIST_LENGTH; ;) {
      const names = Buffer.alloc(characters * characterBytes(abi));
      const length = dwordVariable(abi, characters);
      try {
        await calls.SCardListReaders.wait([this.#handle, null, names, length]);
        return decodeMultiString(abi, names.subarray(0, dwordValue(abi, length) * characterBytes(abi)));
      } catch (error) {
        if (isPcscError(error, 'SCARD_E_NO_READERS_AVAILABLE')) return [];
        const needed = dwordValue(abi, length);
        if (!isPcscError(error, 'SCARD_E_INSUFFICIENT_BUFFER') || needed <= characters) throw error;
        characters = needed;
      }
    }
  }

  async statusChange(
    readers: Parameters<PcscContext['statusChange']>[0],
    timeoutMs: number,
  ): ReturnType<PcscContext['statusChange']> {
    const { abi, calls } = this.#library;
    const { memory, names } = encodeReaderStates(abi, readers, (buffer) => this.#library.addressOf(buffer));
    let changed = true;
    try {
      await calls.SCardGetStatusChange.wait([this.#handle, timeoutMs, memory, readers.length], names);
    } catch (error) {
      if (!isPcscError(error, 'SCARD_E_TIMEOUT')) throw error;
      changed = false;
    }
    return { changed, readers: decodeReaderStates(abi, readers, memory) };
  }

  cancel(): void {
    try {
      this.#library.calls.SCardCancel.now([this.#handle]);
    } catch {
      // The service has gone, and the wait with it.
    }
  }

  async connect(
    readerName: string,
    share: ShareMode,
    protocols: readonly Protocol[] = share === 'direct' ? [] : ['T=0', 'T=1'],
  ): Promise<PcscCard> {
    const { abi, calls } = this.#library;
    const handle = Buffer.alloc(abi.handleBytes);
    const active = dwordVariable(abi);
    const preferred = protocols.reduce((bits, protocol) => bits | protocolBit(abi, protocol), 0);
    const name = encodeText(abi, readerName);
    await calls.SCardConnect.wait([this.#handle, name, shareModes[share], preferred, handle, active]);
    return new SystemCard(
      this.#library,
      readUnsigned(handle, 0, abi.handleBytes),
      preferred,
      protocolOf(abi, dwordValue(abi, active)),
    );
  }

  release(): Promise<void> {
    return this.#library.calls.SCardReleaseContext.wait([this.#handle]);
  }
}

class SystemCard implements PcscCard {
  readonly #library: PcscLibrary;
  readonly #handle: bigint;
  readonly #preferredProtocols: number;
  protocol: Protocol | null;

  constructor(library: PcscLibrary, handle: bigint, preferredProtocols: number, protocol: Protocol | null) {
    this.#library = library;
    this.#handle = handle;
    this.#preferredProtocols = preferredProtocols;
    this.protocol = protocol;
  }

  async reconnect(share: ShareMode, initialisation: Disposition): Promise<void> {
    const { abi, calls } = this.#library;
    const active = dwordVariable(abi);
    await calls.SCardReconnect.wait([
      this.#handle,
      shareModes[share],
      this.#preferredProtocols,
      dispositions[initialisation],
      active,
    ]);
    this.protocol = protocolOf(abi, dwordValue(abi, active));
  }

  disconnect(disposition: Disposition): Promise<void> {
    return this.#library.calls.SCardDisconnect.wait([this.#handle, dispositions[disposition]]);
  }

  disconnectNow(disposition: Disposition): void {
    try {
      this.#library.calls.SCardDisconnect.now([this.#handle, dispositions[disposition]]);
    } catch {
      // Nothing is connected any more.
    }
  }

  beginTransaction(): Promise<void> {
    return this.#library.calls.SCardBeginTransaction.wait([this.#handle]);
  }

  endTransaction(disposition: Disposition): Promise<void> {
    return this.#library.calls.SCardEndTransaction.wait([this.#handle, dispositions[disposition]]);
  }

  async status(): Promise<CardStatus> {
    const { abi, calls } = this.#library;
    const names = Buffer.alloc(READER_NAME_LENGTH * characterBytes(abi));
    const nameLength = dwordVariable(abi, READER_NAME_LENGTH);
    const state = dwordVariable(abi);
    const protocol = dwordVariable(abi);
    const atr = Buffer.alloc(abi.atrBytes);
    const atrLength = dwordVariable(abi, atr.length);
    await calls.SCardStatus.wait([this.#handle, names, nameLength, state, protocol, atr, atrLength]);
    return {
      readerName: decodeMultiString(abi, names)[0] ?? '',
      atr: Uint8Array.from(atr.subarray(0, dwordValue(abi, atrLength))),
      protocol: protocolOf(abi, dwordValue(abi, protocol)),
    };
  }

  async transmit(command: Uint8Array): Promise<Uint8Array> {
    const { abi, calls } = this.#library;
    const { size, offsets } = ioRequestLayout(abi);
    const request = Buffer.alloc(size);
    const protocol = this.protocol ?? 'raw';
    writeUnsigned(request, offsets.dwProtocol, abi.dwordBytes, protocolBit(abi, protocol));
    writeUnsigned(request, offsets.cbPciLength, abi.dwordBytes, size);
    const response = Buffer.alloc(isExtended(command) ? EXTENDED_RESPONSE : SHORT_RESPONSE);
    const length = dwordVariable(abi, response.length);
    await calls.SCardTransmit.wait([this.#handle, request, command, command.length, null, response, length]);
    return takeAnswer(abi, response, length);
  }

  async control(functionNumber: number, input: Uint8Array): Promise<Uint8Array> {
    const { abi, calls } = this.#library;
    const output = Buffer.alloc(DRIVER_RESPONSE);
    const length = dwordVariable(abi);
    await calls.SCardControl.wait([
      this.#handle,
      abi.controlCode(functionNumber),
      input.length > 0 ? input : null,
      input.length,
      output,
      output.length,
      length,
    ]);
    return takeAnswer(abi, output, length);
  }

  async attribute(attribute: number): Promise<Uint8Array> {
    const { abi, calls } = this.#library;
    // pcsc-lite refuses a length above its MAX_BUFFER_SIZE of 264.
    const output = Buffer.alloc(PCSCLITE_MAX_BUFFER_SIZE);
    const length = dwordVariable(abi, output.length);
    await calls.SCardGetAttrib.wait([this.#handle, attribute, output, length]);
    return takeAnswer(abi, output, length);
  }
}

const PCSCLITE_MAX_BUFFER_SIZE = 264;

/** The used part in memory of its own; the call's buffer is wiped, for a card may answer with private data. */
function takeAnswer(abi: PcscAbi, buffer: Buffer, length: Buffer): Uint8Array {
  const answer = Uint8Array.from(buffer.subarray(0, dwordValue(abi, length)));
  buffer.fill(0);
  return answer;
}
