import { once } from 'node:events';
import { createServer } from 'node:net';
import type { Server, Socket } from 'node:net';
import { KiltError } from '#shared/errors.ts';
import type { CardAccess, CardTransport, ReaderStatus, ReadersSnapshot } from './card-transport.ts';
import { DEFAULT_TRANSACTION_TIMEOUT_MS } from './pcsc-access.ts';
import { VirtualCard } from './virtual-card.ts';
import { VirtualTransport } from './virtual-transport.ts';

/** vpcd's own port, so that a virtual token needs no other settings for this reader (vsmartcard `vpcd.h`). */
export const VPCD_PORT = 35963;

/** How long a card that arrives may wait for the one before it to be gone. */
const TAKING_TURNS_MS = 100;

export interface VirtualReaderOptions {
  /** Port of the first slot on 127.0.0.1; the others follow. 0: a free one each, see `VirtualReaders.ports`. */
  readonly port?: number;
  /** How many cards can be in at once. */
  readonly slots?: number;
  /**
   * Makes each slot the reader inside a USB token: called `<usbName> 00 00`, as pcscd numbers them, and there only
   * while its token is. Without it the readers stay and are empty.
   */
  readonly usbName?: string | undefined;
  readonly transactionTimeoutMs?: number;
}

/** Card access that also says on which ports it listens. */
export interface VirtualReaders extends CardAccess {
  readonly kind: 'virtual-reader';
  /** In the order of the slots; known after `start`. */
  ports(): number[];
}

/**
 * Readers that speak vpcd's wire protocol themselves, so that the virtual token works without a PC/SC service.
 *
 * As with pcscd, rights are lost when the last connection to a card ends: it is powered off at once. Only for
 * unpackaged builds; the caller decides.
 *
 * `start` throws KiltError `reader-unavailable` {reader, reason} when a port is taken, as it is while pcscd with
 * vpcd runs.
 */
export function createVirtualReaders(options: VirtualReaderOptions = {}): VirtualReaders {
  return new VirtualReaderAccess(options);
}

class VirtualReaderAccess implements VirtualReaders {
  readonly kind = 'virtual-reader';
  readonly #comeWithTheirToken: boolean;
  readonly #slots: readonly Slot[];
  readonly #listeners = new Set<(snapshot: ReadersSnapshot) => void>();
  #insertions = 0;

  constructor(options: VirtualReaderOptions) {
    const first = options.port ?? VPCD_PORT;
    const timeout = options.transactionTimeoutMs ?? DEFAULT_TRANSACTION_TIMEOUT_MS;
    this.#comeWithTheirToken = options.usbName !== undefined;
    this.#slots = Array.from({ length: options.slots ?? 1 }, (_, index) => {
      const port = first === 0 ? 0 : first + index;
      const changed = (): void => this.#tell();
      return new Slot(nameOf(index, options.usbName), port, timeout, () => ++this.#insertions, changed);
    });
  }

  async start(): Promise<void> {
    try {
      for (const slot of this.#slots) await slot.open();
    } catch (error) {
      await this.stop();
      throw error;
    }
    this.#tell();
  }

  async stop(): Promise<void> {
    await Promise.all(this.#slots.map((slot) => slot.shut()));
  }

  ports(): number[] {
    return this.#slots.map((slot) => slot.port);
  }

  snapshot(): ReadersSnapshot {
    return { service: 'on', readers: this.#there().map((slot) => slot.status()) };
  }

  onChange(listener: (snapshot: ReadersSnapshot) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  async connect(readerName: string): Promise<CardTransport> {
    const slot = this.#there().find(({ name }) => name === readerName);
    if (!slot) throw new KiltError('reader-unavailable', { reader: readerName });
    return slot.connect();
  }

  #there(): readonly Slot[] {
    return this.#comeWithTheirToken ? this.#slots.filter((slot) => slot.occupied) : this.#slots;
  }

  #tell(): void {
    const snapshot = this.snapshot();
    for (const listener of this.#listeners) listener(snapshot);
  }
}

const nameOf = (index: number, usbName: string | undefined): string =>
  usbName === undefined ? `Kilt virtual reader ${index}` : `${usbName} ${String(index).padStart(2, '0')} 00`;

/** One reader: a port that at most one card connects to. */
class Slot {
  readonly name: string;
  readonly #transactionTimeoutMs: number;
  readonly #nextInsertion: () => number;
  readonly #changed: () => void;
  #port: number;
  #server: Server | undefined;
  #card: VirtualCard | undefined;
  #insertion: number;

  constructor(
    name: string,
    port: number,
    transactionTimeoutMs: number,
    nextInsertion: () => number,
    changed: () => void,
  ) {
    this.name = name;
    this.#port = port;
    this.#transactionTimeoutMs = transactionTimeoutMs;
    this.#nextInsertion = nextInsertion;
    this.#changed = changed;
    this.#insertion = nextInsertion();
  }

  get port(): number {
    return this.#port;
  }

  async open(): Promise<void> {
    if (this.#server) return;
    const server = createServer((socket) => this.#arrive(socket));
    server.listen(this.#port, '127.0.0.1');
    try {
      await once(server, 'listening');
    } catch (cause) {
      const reason = cause instanceof Error ? cause.message : String(cause);
      throw new KiltError('reader-unavailable', { reader: this.name, reason }, { cause });
    }
    this.#server = server;
    const address = server.address();
    if (address !== null && typeof address !== 'string') this.#port = address.port;
  }

  async shut(): Promise<void> {
    const server = this.#server;
    if (!server) return;
    this.#server = undefined;
    this.#card?.remove();
    await new Promise((closed) => server.close(closed));
  }

  get occupied(): boolean {
    return this.#card?.settled === true;
  }

  status(): ReaderStatus {
    const card = this.#card;
    const common = { name: this.name, insertion: this.#insertion };
    if (!card?.settled) return { ...common, state: 'empty' };
    return card.atr ? { ...common, state: 'present', atr: card.atr } : { ...common, state: 'mute' };
  }

  async connect(): Promise<CardTransport> {
    const card = this.#card;
    if (!card?.settled) throw new KiltError('token-removed', { reader: this.name });
    if (!card.atr) throw new KiltError('token-mute', { reader: this.name });
    card.addUser();
    return new VirtualTransport(this.name, card, card.atr, this.#transactionTimeoutMs);
  }

  /** A card that replaces another may arrive before the other's end is seen. */
  #arrive(socket: Socket): void {
    if (!this.#card) return this.#insert(socket);
    socket.on('error', () => undefined);
    setTimeout(() => (this.#card ? socket.destroy() : this.#insert(socket)), TAKING_TURNS_MS);
  }

  #insert(socket: Socket): void {
    if (!this.#server) return void socket.destroy();
    const card = new VirtualCard(this.name, socket, () => {
      this.#card = undefined;
      if (card.settled) this.#cardMoved();
    });
    this.#card = card;
    void card.askAtr().then(() => {
      if (this.#card === card) this.#cardMoved();
    });
  }

  #cardMoved(): void {
    this.#insertion = this.#nextInsertion();
    this.#changed();
  }
}
