import { connect, type Socket } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';

import type { EmulatedCard } from './emulated-card.ts';
import { FrameReader, frame } from './vpcd-frame.ts';
import { acknowledgeAtOnce } from './quick-acknowledge.ts';

/** vpcd's port for its first slot (facts §5.1). */
export const VPCD_PORT = 35963;

/** Control bytes: messages of length one (facts §5.1). */
const control = { powerOff: 0, powerOn: 1, reset: 2, answerToReset: 4 } as const;
const RETRY_MS = 200;

export interface VpcdClientOptions {
  readonly host?: string;
  readonly port?: number;
  /** Called when the reader is reached and when it is lost. */
  readonly onConnection?: (connected: boolean) => void;
  /** Called when the card fails in a way that is no removal: a defect of the card program. */
  readonly onDefect?: (error: unknown) => void;
}

/**
 * Plugs a card into vpcd's slot, and into anything that speaks its wire protocol.
 *
 * Tries again until {@link stop}: the reader may start later, end, and come back. Being connected *is* the card's
 * presence: {@link eject} takes it out, {@link insert} puts a card in.
 */
export class VpcdClient {
  readonly #options: VpcdClientOptions;
  #card: EmulatedCard | null = null;
  #socket: Socket | null = null;
  #running: Promise<void> | null = null;
  #stop = new AbortController();

  constructor(options: VpcdClientOptions = {}) {
    this.#options = options;
  }

  /**
   * Puts `card` into the reader, as soon as there is one; a card that was there is taken out first.
   *
   * Resolves after the first attempt: where a reader listens, the card is in it.
   */
  async insert(card: EmulatedCard): Promise<void> {
    await this.eject();
    this.#card = card;
    this.#stop = new AbortController();
    const { signal } = this.#stop;
    await new Promise<void>((attempted) => {
      this.#running = this.#keepConnected(card, signal, attempted);
    });
  }

  /** Takes the card out. The reader notices within half a second (facts §5.1). */
  async eject(): Promise<void> {
    this.#stop.abort();
    this.#socket?.destroy();
    await this.#running;
    this.#card?.powerOff();
    this.#card = null;
  }

  async stop(): Promise<void> {
    await this.eject();
  }

  async #keepConnected(card: EmulatedCard, signal: AbortSignal, attempted: () => void): Promise<void> {
    while (!signal.aborted) {
      const socket = await this.#reach(signal, attempted);
      if (socket === null) return;
      this.#options.onConnection?.(true);
      attempted();
      await this.#serve(socket, card);
      this.#socket = null;
      this.#options.onConnection?.(false);
      await pause(signal);
    }
  }

  async #reach(signal: AbortSignal, failed: () => void): Promise<Socket | null> {
    const { host = '127.0.0.1', port = VPCD_PORT } = this.#options;
    while (!signal.aborted) {
      const socket = connect({ host, port, noDelay: true });
      // From here on eject() can end the attempt.
      this.#socket = socket;
      if (await isConnected(socket)) return socket;
      failed();
      await pause(signal);
    }
    return null;
  }

  async #serve(socket: Socket, card: EmulatedCard): Promise<void> {
    const frames = new FrameReader();
    const acknowledge = acknowledgeAtOnce(socket);
    socket.on('error', () => socket.destroy());
    const closed = new Promise<void>((resolve) => {
      socket.once('close', () => {
        // Also ends a command under way: without power no key generation goes on.
        card.powerOff();
        resolve();
      });
    });
    acknowledge();
    try {
      for await (const chunk of socket) {
        acknowledge();
        for (const message of frames.push(chunk as Buffer)) {
          const answer = await this.#answer(card, message);
          if (answer !== null) socket.write(frame(answer));
        }
      }
    } catch (error) {
      // The reader went away, or the card will not answer any more: both mean an empty slot.
      if (!socket.destroyed) this.#options.onDefect?.(error);
    } finally {
      socket.destroy();
      await closed;
    }
  }

  async #answer(card: EmulatedCard, message: Uint8Array): Promise<Uint8Array | null> {
    if (message.length !== 1) return await card.transmit(message);
    switch (message[0]) {
      case control.powerOff:
        card.powerOff();
        return null;
      case control.powerOn:
        card.powerOn();
        return null;
      case control.reset:
        card.reset();
        return null;
      case control.answerToReset:
        return card.atr;
      default:
        return null;
    }
  }
}

function isConnected(socket: Socket): Promise<boolean> {
  return new Promise((resolve) => {
    socket.once('connect', () => resolve(true));
    socket.once('error', () => socket.destroy());
    socket.once('close', () => resolve(false));
  });
}

async function pause(signal: AbortSignal): Promise<void> {
  await delay(RETRY_MS, undefined, { signal }).catch(() => undefined);
}
