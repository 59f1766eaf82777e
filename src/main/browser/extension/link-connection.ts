import type { Socket } from 'node:net';
import { largestFrameToBrowser, largestFrameToKilt } from '#shared/extension-constants.ts';
import { toKilt, type FromKilt } from '#shared/extension-link.ts';
import type { OriginRules } from '../origin.ts';
import type { PageDoor, PageRequest } from '../page-request.ts';
import { FrameError, frameOf, FrameReader, messageIn } from './frames.ts';
import { allowedCallers, largestHello, linkHello } from './link-hello.ts';
import { failure, linkAnswer, readLinkRequest, type LinkRequest } from './page-call.ts';

export interface LinkRules {
  readonly origins: OriginRules;
  /** Requests of one browser that may wait at once. */
  readonly mostWaiting: number;
  /** Frames of one browser within {@link floodSeconds}; who sends more is cut off. */
  readonly mostFrames: number;
  readonly floodSeconds: number;
  /** For the first frame; who does not say who he is, is not listened to. */
  readonly helloMilliseconds: number;
}

export const usualRules: Omit<LinkRules, 'origins'> = {
  mostWaiting: 16,
  mostFrames: 300,
  floodSeconds: 10,
  helloMilliseconds: 5_000,
};

/** Why a connection was ended by Kilt: for the log, nothing of it is told to the other side. */
export type CutOff = 'no-hello' | 'wrong-secret' | 'foreign-extension' | 'malformed' | 'flood';

export interface LinkConnectionOptions {
  readonly socket: Socket;
  readonly door: PageDoor;
  readonly rules: LinkRules;
  /** Takes a secret up: true once for each that was written down. Resolves when the next one can be read. */
  readonly takeSecret: (secret: string) => Promise<boolean>;
  readonly onCutOff: (why: CutOff) => void;
}

/**
 * One browser at the other end of the link. Until it has shown the secret nothing it says is read; afterwards each frame is
 * checked, and the first that makes no sense is the last. When it goes, whatever its pages have asked for is taken back.
 */
export class LinkConnection {
  readonly #options: LinkConnectionOptions;
  readonly #waiting = new Map<string, AbortController>();
  #reader = new FrameReader(largestHello);
  #state: 'stranger' | 'entering' | 'known' = 'stranger';
  #frames: number[] = [];
  #over = false;

  constructor(options: LinkConnectionOptions) {
    this.#options = options;
    const { socket, rules } = options;
    const patience = setTimeout(() => this.#cutOff('no-hello'), rules.helloMilliseconds);
    socket.on('data', (chunk: Buffer) => {
      try {
        this.#take(chunk);
        if (this.#state !== 'stranger') clearTimeout(patience);
      } catch (error) {
        if (!(error instanceof FrameError)) throw error;
        this.#cutOff('malformed');
      }
    });
    socket.on('error', () => socket.destroy());
    socket.on('close', () => {
      clearTimeout(patience);
      this.#end();
    });
  }

  #take(chunk: Buffer): void {
    for (const body of this.#reader.add(chunk)) {
      if (this.#over) return;
      if (this.#state === 'known') this.#frame(body);
      // The host says no more before it has been answered.
      else if (this.#state === 'entering') this.#cutOff('malformed');
      else this.#hello(body);
    }
  }

  #hello(body: Buffer): void {
    const hello = linkHello.safeParse(messageIn(body));
    if (!hello.success) return this.#cutOff('malformed');
    this.#state = 'entering';
    const { socket, takeSecret } = this.#options;
    const { secret, caller } = hello.data;
    takeSecret(secret).then(
      (right) => {
        if (this.#over) return;
        if (!right) return this.#cutOff('wrong-secret');
        if (!allowedCallers.includes(caller)) return this.#cutOff('foreign-extension');
        this.#state = 'known';
        this.#reader = new FrameReader(largestFrameToKilt);
        socket.write(frameOf({ kind: 'ready' }, largestFrameToBrowser));
      },
      () => socket.destroy(),
    );
  }

  #frame(body: Buffer): void {
    if (this.#isFlood()) return this.#cutOff('flood');
    const message = toKilt.safeParse(messageIn(body));
    if (!message.success) return this.#cutOff('malformed');
    if (message.data.kind === 'cancel') this.#waiting.get(message.data.id)?.abort();
    else this.#request(message.data);
  }

  #request(message: LinkRequest): void {
    const { id } = message;
    const { rules } = this.#options;
    if (this.#waiting.has(id)) return this.#cutOff('malformed');
    if (this.#waiting.size >= rules.mostWaiting) return this.#send(failure(id, 'rate-limited'));
    const request = readLinkRequest(message, rules.origins);
    if (request.kind === 'failure') return this.#send(request);
    void this.#ask(request);
  }

  async #ask(request: PageRequest): Promise<void> {
    const { id } = request;
    const controller = new AbortController();
    this.#waiting.set(id, controller);
    const answer = await this.#options.door.ask(request, controller.signal);
    this.#waiting.delete(id);
    this.#send(linkAnswer(id, answer));
  }

  #send(message: FromKilt): void {
    if (this.#over) return;
    try {
      this.#options.socket.write(frameOf(message, largestFrameToBrowser));
    } catch (error) {
      if (!(error instanceof FrameError)) throw error;
      this.#options.socket.write(frameOf(failure(message.id, 'too-large'), largestFrameToBrowser));
    }
  }

  #isFlood(): boolean {
    const { mostFrames, floodSeconds } = this.#options.rules;
    const now = performance.now();
    this.#frames = this.#frames.filter((at) => at > now - floodSeconds * 1000);
    this.#frames.push(now);
    return this.#frames.length > mostFrames;
  }

  #cutOff(why: CutOff): void {
    if (this.#over) return;
    this.#end();
    this.#options.socket.destroy();
    this.#options.onCutOff(why);
  }

  #end(): void {
    this.#over = true;
    for (const controller of this.#waiting.values()) controller.abort();
    this.#waiting.clear();
  }
}
