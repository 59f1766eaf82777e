import type { Socket } from 'node:net';
import { KiltError } from '#shared/errors.ts';
import { CardLock } from './card-lock.ts';
import { VpcdFrameReader, encodeVpcdFrame, vpcdControl } from './vpcd-frames.ts';

/** A card that has not said its ATR by then is shown as mute. */
const ATR_TIMEOUT_MS = 2000;

interface Waiting {
  readonly answered: (payload: Uint8Array) => void;
  readonly failed: (error: KiltError) => void;
}

/** A card as long as its socket lives. Requests and answers strictly alternate. */
export class VirtualCard {
  readonly lock = new CardLock();
  atr: Uint8Array | undefined;
  /** True once the card has said its ATR, or has failed to. */
  settled = false;
  readonly #readerName: string;
  readonly #socket: Socket;
  readonly #removed: () => void;
  #queue: Promise<unknown> = Promise.resolve();
  #waiting: Waiting | undefined;
  #users = 0;

  constructor(readerName: string, socket: Socket, removed: () => void) {
    this.#readerName = readerName;
    this.#socket = socket;
    this.#removed = removed;
    const frames = new VpcdFrameReader();
    socket.setNoDelay(true);
    socket.on('error', () => undefined);
    socket.on('data', (chunk) => {
      for (const payload of frames.push(chunk)) this.#receive(payload);
    });
    socket.once('close', () => {
      this.#waiting?.failed(this.#gone());
      this.lock.abandon(this.#gone());
      this.#removed();
    });
  }

  get removed(): boolean {
    return this.#socket.destroyed;
  }

  remove(): void {
    this.#socket.destroy();
  }

  async askAtr(): Promise<void> {
    const timer = setTimeout(() => {
      this.settled = true;
      this.#waiting?.failed(new KiltError('token-mute', { reader: this.#readerName }));
    }, ATR_TIMEOUT_MS);
    try {
      const atr = await this.#exchange(Uint8Array.of(vpcdControl.atr));
      this.atr = atr;
    } catch {
      // Mute, or already gone: `atr` stays unknown.
    } finally {
      clearTimeout(timer);
      this.settled = true;
    }
  }

  transmit(command: Uint8Array): Promise<Uint8Array> {
    return this.#exchange(command);
  }

  addUser(): void {
    if (this.#users++ === 0) this.#send(Uint8Array.of(vpcdControl.powerOn));
  }

  dropUser(): void {
    if (--this.#users === 0) this.#send(Uint8Array.of(vpcdControl.powerOff));
  }

  reset(): void {
    this.#send(Uint8Array.of(vpcdControl.reset));
  }

  #exchange(payload: Uint8Array): Promise<Uint8Array> {
    const turn = this.#queue.then(
      () =>
        new Promise<Uint8Array>((answered, failed) => {
          if (this.removed) return failed(this.#gone());
          this.#waiting = { answered, failed };
          this.#send(payload);
        }),
    );
    this.#queue = turn.catch(() => undefined);
    return turn;
  }

  #send(payload: Uint8Array): void {
    if (!this.removed) this.#socket.write(encodeVpcdFrame(payload));
  }

  /** An empty answer is how a card leaves; an answer nobody asked for would shift all that follow. */
  #receive(payload: Uint8Array): void {
    const waiting = this.#waiting;
    this.#waiting = undefined;
    if (payload.length === 0 || !waiting) {
      waiting?.failed(this.#gone());
      this.remove();
      return;
    }
    waiting.answered(payload);
  }

  #gone(): KiltError {
    return new KiltError('token-removed', { reader: this.#readerName });
  }
}
