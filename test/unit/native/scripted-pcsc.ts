import { pcscErrorNamed } from '#native/pcsc-error.ts';
import type { PcscCall } from '#native/pcsc-abi.ts';
import type { NamedPcscCode } from '#native/pcsc-error.ts';
import { PNP_NOTIFICATION, readerFlags } from '#native/pcsc-memory.ts';
import type { ReaderReport, WatchedReader } from '#native/pcsc-memory.ts';
import { NO_TIMEOUT } from '#native/pcsc.ts';
import type { Pcsc, PcscCard, PcscContext } from '#native/pcsc.ts';

interface Reader {
  atr: Uint8Array | undefined;
  flags: number;
  moves: number;
}

/** A PC/SC service of a few lines, which behaves as a test tells it to. */
export class ScriptedPcsc implements Pcsc {
  readonly readers = new Map<string, Reader>();
  /** How many status waits were begun, and how many run. */
  waits = 0;
  running = 0;
  establishments = 0;
  lists = 0;
  pnp = true;
  /** Cancels that come before their wait and are lost, as pcsc-lite loses them. */
  cancelsLost = 0;
  #on = true;
  #contexts = new Set<ScriptedContext>();
  card: (() => Promise<PcscCard>) | undefined;

  get on(): boolean {
    return this.#on;
  }

  /** Ends every context, as the end of the service does. */
  switchOff(): void {
    this.#on = false;
    for (const context of this.#contexts) context.fail('SCARD_E_SERVICE_STOPPED');
    this.#contexts.clear();
  }

  switchOn(): void {
    this.#on = true;
  }

  plugReader(name: string): void {
    this.readers.set(name, { atr: undefined, flags: 0, moves: 0 });
    this.changed();
  }

  unplugReader(name: string): void {
    this.readers.delete(name);
    this.changed();
  }

  insert(name: string, atr: Uint8Array, flags = 0): void {
    const reader = this.#reader(name);
    Object.assign(reader, { atr, flags, moves: reader.moves + 1 });
    this.changed();
  }

  remove(name: string): void {
    const reader = this.#reader(name);
    Object.assign(reader, { atr: undefined, flags: 0, moves: reader.moves + 1 });
    this.changed();
  }

  /** Out and in again before anybody could look. */
  swap(name: string, atr: Uint8Array): void {
    const reader = this.#reader(name);
    Object.assign(reader, { atr, moves: reader.moves + 2 });
    this.changed();
  }

  #reader(name: string): Reader {
    const reader = this.readers.get(name);
    if (!reader) throw new Error(`no reader ${name}`);
    return reader;
  }

  changed(): void {
    for (const context of this.#contexts) context.look();
  }

  async establishContext(): Promise<PcscContext> {
    this.establishments++;
    if (!this.#on) throw pcscErrorNamed('SCardEstablishContext', 'SCARD_E_NO_SERVICE');
    const context = new ScriptedContext(this, () => this.#contexts.delete(context));
    this.#contexts.add(context);
    return context;
  }

  report(watched: readonly WatchedReader[]): { changed: boolean; readers: ReaderReport[] } {
    const readers = watched.map(({ name, currentState }) => {
      if (name === PNP_NOTIFICATION) {
        if (!this.pnp)
          return { name, eventState: readerFlags.unknown | readerFlags.changed, atr: new Uint8Array() };
        const state = this.readers.size << 16;
        const changed = state !== (currentState & 0xffff0000);
        return {
          name,
          eventState: (state | (changed ? readerFlags.changed : 0)) >>> 0,
          atr: new Uint8Array(),
        };
      }
      const reader = this.#reader(name);
      const presence = reader.atr ? readerFlags.present : readerFlags.empty;
      const state = ((reader.moves << 16) | presence | reader.flags) >>> 0;
      const changed = state !== currentState;
      return {
        name,
        eventState: state | (changed ? readerFlags.changed : 0),
        atr: reader.atr ?? new Uint8Array(),
      };
    });
    return { changed: readers.some(({ eventState }) => eventState & readerFlags.changed), readers };
  }
}

class ScriptedContext implements PcscContext {
  readonly #service: ScriptedPcsc;
  readonly #released: () => void;
  #wait: { look: () => void; fail: (name: NamedPcscCode) => void } | undefined;
  #dead: NamedPcscCode | undefined;

  constructor(service: ScriptedPcsc, released: () => void) {
    this.#service = service;
    this.#released = released;
  }

  look(): void {
    this.#wait?.look();
  }

  fail(name: NamedPcscCode): void {
    this.#dead = name;
    this.#wait?.fail(name);
  }

  async listReaders(): Promise<string[]> {
    this.#alive('SCardListReaders');
    this.#service.lists++;
    return [...this.#service.readers.keys()];
  }

  async statusChange(
    watched: readonly WatchedReader[],
    timeoutMs: number,
  ): Promise<{ changed: boolean; readers: ReaderReport[] }> {
    this.#alive('SCardGetStatusChange');
    const gone = watched.some(({ name }) => name !== PNP_NOTIFICATION && !this.#service.readers.has(name));
    if (gone) throw pcscErrorNamed('SCardGetStatusChange', 'SCARD_E_UNKNOWN_READER');
    const now = this.#service.report(watched);
    if (now.changed || timeoutMs === 0) return now;
    this.#service.waits++;
    this.#service.running++;
    return new Promise<{ changed: boolean; readers: ReaderReport[] }>((resolve, reject) => {
      const fail = (name: NamedPcscCode): void => reject(pcscErrorNamed('SCardGetStatusChange', name));
      const look = (): void => {
        const missing = watched.some(
          ({ name }) => name !== PNP_NOTIFICATION && !this.#service.readers.has(name),
        );
        if (missing) return fail('SCARD_E_UNKNOWN_READER');
        const report = this.#service.report(watched);
        if (report.changed) resolve(report);
      };
      this.#wait = { look, fail };
      if (timeoutMs !== NO_TIMEOUT) {
        setTimeout(() => resolve(this.#service.report(watched)), timeoutMs).unref();
      }
    }).finally(() => {
      this.#wait = undefined;
      this.#service.running--;
    });
  }

  cancel(): void {
    if (this.#service.cancelsLost > 0) this.#service.cancelsLost--;
    else this.#wait?.fail('SCARD_E_CANCELLED');
  }

  async connect(readerName: string): Promise<PcscCard> {
    this.#alive('SCardConnect');
    if (!this.#service.readers.has(readerName))
      throw pcscErrorNamed('SCardConnect', 'SCARD_E_UNKNOWN_READER');
    if (!this.#service.card) throw pcscErrorNamed('SCardConnect', 'SCARD_E_NO_SMARTCARD');
    return this.#service.card();
  }

  async release(): Promise<void> {
    this.#released();
  }

  #alive(call: PcscCall): void {
    if (this.#dead) throw pcscErrorNamed(call, this.#dead);
  }
}
