import { isPcscError } from '#native/pcsc-error.ts';
import type { PcscCard, PcscContext } from '#native/pcsc.ts';
import { KiltError } from '#shared/errors.ts';
import type { CardTransport } from './card-transport.ts';
import { kiltErrorFromPcsc } from './pcsc-meanings.ts';
import { within } from './within.ts';

export type CardWhereabouts = 'in-reader' | 'left' | 'service-off';

export interface PcscTransportOptions {
  readonly context: PcscContext;
  readonly card: PcscCard;
  readonly readerName: string;
  readonly atr: Uint8Array;
  /** How long {@link PcscTransport.beginTransaction} waits for other programs. */
  readonly transactionTimeoutMs: number;
  /** See `PcscAbi.idleTransactionResetMs`. */
  readonly idleTransactionResetMs: number | null;
  /** Settles soon: what has become of the card this connection was made to. */
  readonly cardWhereabouts: () => Promise<CardWhereabouts>;
}

/**
 * One connection to one card through PC/SC, in a context of its own, so that a long command on one token holds up
 * nothing else. Calls are sent in the order in which they were made.
 *
 * **Reset by another program** (SCARD_W_RESET_CARD): login, selected file and transaction are lost, so the work must
 * not go on as if nothing had happened. The call fails with `token-in-use`, and so does everything after it until
 * `beginTransaction` starts anew. A reset that is found by `beginTransaction` itself is repaired silently: there is
 * no work yet that could rely on anything.
 */
export class PcscTransport implements CardTransport {
  readonly readerName: string;
  readonly atr: Uint8Array;
  readonly #options: PcscTransportOptions;
  readonly #card: PcscCard;
  #queue: Promise<unknown> = Promise.resolve();
  #pendingBegin: Promise<void> | undefined;
  #inTransaction = false;
  #lost: KiltError | undefined;
  #closed: Promise<void> | undefined;
  #keepAwake: NodeJS.Timeout | undefined;

  constructor(options: PcscTransportOptions) {
    this.#options = options;
    this.#card = options.card;
    this.readerName = options.readerName;
    this.atr = options.atr;
    process.on('exit', this.#letGoAtExit);
  }

  /** Outside a transaction each command is one of its own, for PC/SC would wait for other programs without limit. */
  transmit(command: Uint8Array): Promise<Uint8Array> {
    return this.#inOrder(async () => {
      if (this.#lost) throw this.#lost;
      if (this.#inTransaction) return this.#exchange(command);
      await this.#begin(() => this.#card.beginTransaction());
      try {
        return await this.#exchange(command);
      } finally {
        await this.#end();
      }
    });
  }

  async #exchange(command: Uint8Array): Promise<Uint8Array> {
    const response = await this.#attempt(() => this.#card.transmit(command));
    this.#postponeIdleReset();
    // Some drivers report a card that was pulled in the middle of a command as success without an answer.
    if (response.length < STATUS_WORD_BYTES) {
      throw await this.#explain(new KiltError('token-mute', { reader: this.readerName }));
    }
    return response;
  }

  /**
   * Waits for other programs, at most `transactionTimeoutMs`.
   *
   * PC/SC can not give up waiting. When the time is over the call goes on waiting in the background: its turn is
   * given back when it comes, or taken by the next `beginTransaction`.
   *
   * @throws KiltError `token-in-use` when the time is over
   */
  beginTransaction(): Promise<void> {
    return this.#inOrder(async () => {
      if (this.#inTransaction && !this.#lost) throw new Error('a transaction is already open');
      this.#inTransaction = false;
      this.#lost = undefined;
      await this.#begin(() => this.#beginOrBeginAnew());
    });
  }

  async #begin(start: () => Promise<void>): Promise<void> {
    this.#assertOpen();
    this.#pendingBegin ??= start();
    const pending = this.#pendingBegin;
    const outcome = await within(this.#options.transactionTimeoutMs, pending);
    if (outcome === 'late') {
      pending.then(
        () => this.#inOrder(() => this.#giveBack(pending)),
        () => this.#forget(pending),
      );
      throw new KiltError('token-in-use', { reader: this.readerName });
    }
    this.#forget(pending);
    await this.#attempt(() => pending);
    this.#inTransaction = true;
    this.#postponeIdleReset();
  }

  endTransaction(): Promise<void> {
    return this.#inOrder(() => this.#end());
  }

  async #end(): Promise<void> {
    if (!this.#inTransaction) return;
    this.#inTransaction = false;
    clearTimeout(this.#keepAwake);
    if (this.#lost) return;
    await this.#attempt(() => this.#card.endTransaction('leave'));
  }

  /**
   * A transaction that is still open was not ended in order: the card is reset, so that no login stays behind.
   * Otherwise it stays powered.
   */
  close(): Promise<void> {
    this.#closed ??= this.#inOrder(async () => {
      clearTimeout(this.#keepAwake);
      process.off('exit', this.#letGoAtExit);
      const left = this.#inTransaction && !this.#lost ? 'reset' : 'leave';
      await this.#card.disconnect(left).catch(() => undefined);
      await this.#options.context.release().catch(() => undefined);
    });
    return this.#closed;
  }

  /** SCARD_W_RESET_CARD here was caused by work that has ended. */
  async #beginOrBeginAnew(): Promise<void> {
    try {
      await this.#card.beginTransaction();
    } catch (error) {
      if (!isPcscError(error, 'SCARD_W_RESET_CARD')) throw error;
      await this.#card.reconnect('shared', 'leave');
      await this.#card.beginTransaction();
    }
  }

  async #giveBack(begun: Promise<void>): Promise<void> {
    if (this.#pendingBegin !== begun) return;
    this.#pendingBegin = undefined;
    await this.#card.endTransaction('leave').catch(() => undefined);
  }

  #forget(begun: Promise<void>): void {
    if (this.#pendingBegin === begun) this.#pendingBegin = undefined;
  }

  #assertOpen(): void {
    if (this.#closed) throw new KiltError('token-removed', { reader: this.readerName });
  }

  #inOrder<T>(work: () => Promise<T>): Promise<T> {
    const result = this.#queue.then(work);
    this.#queue = result.catch(() => undefined);
    return result;
  }

  async #attempt<T>(call: () => Promise<T>): Promise<T> {
    this.#assertOpen();
    try {
      return await call();
    } catch (error) {
      if (!isPcscError(error)) throw error;
      const known = kiltErrorFromPcsc(error, this.readerName, true);
      if (isPcscError(error, 'SCARD_W_RESET_CARD')) await this.#afterReset(known);
      throw known.id === 'token-mute' ? await this.#explain(known) : known;
    }
  }

  /** PC/SC often says no more than «it did not work» when a card is pulled or the service ends. */
  async #explain(error: KiltError): Promise<KiltError> {
    switch (await this.#options.cardWhereabouts()) {
      case 'left':
        return new KiltError('token-removed', error.data, { cause: error.cause });
      case 'service-off':
        return new KiltError('pcsc-service-off', error.data, { cause: error.cause });
      case 'in-reader':
        return error;
    }
  }

  /** Makes the connection usable for the next transaction, and only for that. */
  async #afterReset(error: KiltError): Promise<void> {
    this.#lost = error;
    clearTimeout(this.#keepAwake);
    await this.#card.reconnect('shared', 'leave').catch(() => undefined);
  }

  /** Windows takes a transaction without operations for a program that hangs. SCardStatus is an operation. */
  #postponeIdleReset(): void {
    const limit = this.#options.idleTransactionResetMs;
    clearTimeout(this.#keepAwake);
    if (limit === null || !this.#inTransaction || this.#closed) return;
    this.#keepAwake = setTimeout(() => {
      void this.#inOrder(async () => {
        if (!this.#inTransaction || this.#lost) return;
        await this.#card.status().catch(() => undefined);
        this.#postponeIdleReset();
      });
    }, limit / 2);
    this.#keepAwake.unref();
  }

  /** A begin that still waits would hold the process at `process.exit`, for libuv joins its worker threads. */
  readonly #letGoAtExit = (): void => {
    if (this.#pendingBegin) this.#card.disconnectNow('leave');
  };
}

const STATUS_WORD_BYTES = 2;
