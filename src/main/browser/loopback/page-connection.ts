import type { WebSocket } from 'ws';
import { heartbeat } from '../ncalayer/call.ts';
import type { NcalayerSession } from '../ncalayer/ncalayer-session.ts';
import type { LoopbackLimits } from './loopback-limits.ts';

/** Status codes of RFC 6455 §7.4.1. */
const closed = { unsupported: 1003, policy: 1008, goingAway: 1001 } as const;

/** One page's WebSocket: frames are answered in their order, one after another. */
export class PageConnection {
  readonly #socket: WebSocket;
  readonly #session: NcalayerSession;
  readonly #limits: LoopbackLimits;
  readonly #onEnd: () => void;
  readonly #page = new AbortController();
  #waiting = 0;
  #queue: Promise<void> = Promise.resolve();
  #recent: number[] = [];
  #idle: NodeJS.Timeout | undefined;

  constructor(socket: WebSocket, session: NcalayerSession, limits: LoopbackLimits, onEnd: () => void) {
    this.#socket = socket;
    this.#session = session;
    this.#limits = limits;
    this.#onEnd = onEnd;
  }

  begin(): void {
    this.#socket.on('message', (data, isBinary) => {
      if (isBinary) this.#socket.close(closed.unsupported);
      else this.#hear((data as Buffer).toString('utf8'));
    });
    // A frame that is too large, or none at all, ends the connection; ws says so with the right status.
    this.#socket.on('error', () => undefined);
    this.#socket.once('close', () => {
      clearTimeout(this.#idle);
      this.#page.abort();
      this.#onEnd();
    });
    this.#socket.send(this.#session.greeting);
    this.#restartIdle();
  }

  end(): void {
    this.#socket.close(closed.goingAway);
    this.#socket.terminate();
  }

  #hear(frame: string): void {
    this.#restartIdle();
    if (this.#isFlood() || this.#waiting >= this.#limits.waitingFrames) {
      this.#socket.close(closed.policy);
      this.#page.abort();
      return;
    }
    // It asks whether the connection lives, also while the user is thinking.
    if (frame === heartbeat) {
      this.#socket.send(heartbeat);
      return;
    }
    this.#waiting += 1;
    this.#queue = this.#queue.then(async () => {
      if (this.#page.signal.aborted) return;
      const answer = await this.#session.answer(frame, this.#page.signal);
      this.#waiting -= 1;
      this.#restartIdle();
      if (this.#socket.readyState === this.#socket.OPEN) this.#socket.send(answer);
    });
  }

  #isFlood(): boolean {
    const now = Date.now();
    this.#recent = [...this.#recent.filter((at) => at > now - 60_000), now];
    return this.#recent.length > this.#limits.framesPerMinute;
  }

  #restartIdle(): void {
    clearTimeout(this.#idle);
    this.#idle = setTimeout(() => {
      // Whoever waits for the user is not idle.
      if (this.#waiting > 0) this.#restartIdle();
      else this.#socket.close(closed.goingAway);
    }, this.#limits.idleMilliseconds);
    this.#idle.unref();
  }
}
