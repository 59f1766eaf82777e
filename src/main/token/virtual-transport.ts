import { KiltError } from '#shared/errors.ts';
import type { CardTransport } from './card-transport.ts';
import type { VirtualCard } from './virtual-card.ts';

/** One connection to the card that was in the slot when it was made. */
export class VirtualTransport implements CardTransport {
  readonly readerName: string;
  readonly atr: Uint8Array;
  readonly #transactionTimeoutMs: number;
  readonly #card: VirtualCard;
  #inTransaction = false;
  #closed = false;

  constructor(readerName: string, card: VirtualCard, atr: Uint8Array, transactionTimeoutMs: number) {
    this.#transactionTimeoutMs = transactionTimeoutMs;
    this.#card = card;
    this.readerName = readerName;
    this.atr = atr;
  }

  async transmit(command: Uint8Array): Promise<Uint8Array> {
    this.#assertUsable();
    if (this.#card.lock.heldByOther(this)) throw this.#failure('token-in-use');
    return this.#card.transmit(command);
  }

  async beginTransaction(): Promise<void> {
    this.#assertUsable();
    if (this.#inTransaction) throw new Error('a transaction is already open');
    const { lock } = this.#card;
    await lock.acquire(this, this.#transactionTimeoutMs, () => this.#failure('token-in-use'));
    this.#inTransaction = true;
  }

  async endTransaction(): Promise<void> {
    this.#inTransaction = false;
    this.#card.lock.release(this);
  }

  /** As over PC/SC: a transaction that is still open was not ended in order, and the card is reset. */
  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    if (this.#inTransaction) this.#card.reset();
    await this.endTransaction();
    this.#card.dropUser();
  }

  #assertUsable(): void {
    if (this.#closed || this.#card.removed) throw this.#failure('token-removed');
  }

  #failure(id: 'token-removed' | 'token-in-use'): KiltError {
    return new KiltError(id, { reader: this.readerName });
  }
}
