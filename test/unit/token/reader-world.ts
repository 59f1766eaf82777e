import type {
  CardAccess,
  CardTransport,
  ReaderState,
  ReaderStatus,
  ReadersSnapshot,
} from '#main/token/card-transport.ts';
import { KiltError, type ErrorId } from '#shared/errors.ts';
import { cardOnTransport, type CardOnTransport } from '#test/support/card-on-transport.ts';
import type { VirtualCard } from '#test/virtual-token/card.ts';

interface Reader {
  state: ReaderState;
  insertion: number;
  card: VirtualCard | null;
  atr: Uint8Array | null;
  open: CardOnTransport[];
}

/** Readers and cards in this process, with what can go wrong with them. */
export class ReaderWorld implements CardAccess {
  readonly kind = 'virtual-reader';
  readonly #readers = new Map<string, Reader>();
  readonly #listeners = new Set<(snapshot: ReadersSnapshot) => void>();
  #service: 'on' | 'off' = 'on';
  #transactions = 0;
  /** Errors that the next connections meet, in this order. */
  readonly connectErrors: ErrorId[] = [];
  /** What happened at the readers, in order. */
  readonly events: string[] = [];

  get openTransactions(): number {
    return this.#transactions;
  }

  addReader(name: string): void {
    this.#readers.set(name, { state: 'empty', insertion: 0, card: null, atr: null, open: [] });
    this.#tell();
  }

  removeReader(name: string): void {
    this.pull(name);
    this.#readers.delete(name);
    this.#tell();
  }

  put(name: string, card: VirtualCard | Uint8Array, state: ReaderState = 'present'): void {
    const reader = this.#reader(name);
    const isCard = !(card instanceof Uint8Array);
    if (isCard) card.powerOn();
    Object.assign(reader, {
      card: isCard ? card : null,
      atr: isCard ? card.atr : card,
      state,
      insertion: reader.insertion + 1,
    });
    this.#tell();
  }

  /** Pulls the token; the readers' news of it can be kept back. */
  pull(name: string, options: { readonly tell?: boolean } = {}): void {
    const reader = this.#reader(name);
    for (const transport of reader.open) transport.removeAfter(0);
    Object.assign(reader, { card: null, atr: null, state: 'empty' });
    if (options.tell !== false) this.#tell();
  }

  setState(name: string, state: ReaderState): void {
    this.#reader(name).state = state;
    this.#tell();
  }

  setService(service: 'on' | 'off'): void {
    this.#service = service;
    this.#tell();
  }

  start(): Promise<void> {
    return Promise.resolve();
  }

  stop(): Promise<void> {
    this.events.push('stopped');
    return Promise.resolve();
  }

  snapshot(): ReadersSnapshot {
    const status = ([name, { state, insertion, atr }]: [string, Reader]): ReaderStatus => ({
      name,
      state,
      insertion,
      ...(atr === null ? {} : { atr }),
    });
    return { service: this.#service, readers: [...this.#readers].map(status) };
  }

  onChange(listener: (snapshot: ReadersSnapshot) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  async connect(readerName: string): Promise<CardTransport> {
    const reader = this.#reader(readerName);
    const trouble = this.connectErrors.shift();
    this.events.push(trouble ?? 'connected');
    if (trouble !== undefined) throw new KiltError(trouble, { reader: readerName });
    if (reader.card === null) throw new KiltError('token-removed', { reader: readerName });
    const transport = cardOnTransport(reader.card, { powered: true });
    reader.open.push(transport);
    return {
      ...transport,
      readerName,
      beginTransaction: async () => {
        this.#transactions += 1;
      },
      endTransaction: async () => {
        this.#transactions -= 1;
      },
      close: async () => {
        reader.open = reader.open.filter((one) => one !== transport);
        this.events.push('closed');
      },
    };
  }

  #reader(name: string): Reader {
    const reader = this.#readers.get(name);
    if (reader === undefined) throw new Error(`no reader ${name}`);
    return reader;
  }

  #tell(): void {
    for (const listener of this.#listeners) listener(this.snapshot());
  }
}
