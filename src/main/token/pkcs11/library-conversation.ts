import { setTimeout as delay } from 'node:timers/promises';
import { wipe } from '#shared/bytes.ts';
import { KiltError } from '#shared/errors.ts';
import type { LibraryProcess } from './library-process.ts';
import {
  libraryAnswers,
  libraryReply,
  type LibraryAnswer,
  type LibraryFailure,
  type LibraryReply,
  type LibraryRequest,
  type LibraryStep,
} from './library-protocol.ts';
import { libraryError } from './return-values.ts';

const seconds = 1000;
const minutes = 60 * seconds;

/** How long a library may take before it counts as hung, in milliseconds. A key takes up to five minutes to make. */
export const patience: Readonly<Record<LibraryStep, number>> = {
  load: 15 * seconds,
  tokens: 15 * seconds,
  open: 15 * seconds,
  login: 30 * seconds,
  logout: 10 * seconds,
  objects: 30 * seconds,
  sign: 60 * seconds,
  generate: 10 * minutes,
  'store-certificate': 60 * seconds,
  'remove-certificate': 60 * seconds,
  'remove-key': 60 * seconds,
  finish: 5 * seconds,
};

/** A process that is killed in the middle of a call into the system goes when that call returns. */
const LONGEST_END_MS = 5 * seconds;

/**
 * Requests to the process of a library, one at a time. A library that hangs is ended with its process, and one that
 * crashes takes nothing but its process with it.
 */
export class LibraryConversation {
  readonly #process: LibraryProcess;
  readonly #patience: Readonly<Record<LibraryStep, number>>;
  readonly #signal: AbortSignal;
  readonly #gone: Promise<void>;
  #ended = false;
  #settle: ((result: LibraryReply | KiltError) => void) | undefined;
  #step: LibraryStep = 'load';

  /** @param signal when it is aborted, the token has been pulled */
  constructor(
    process: LibraryProcess,
    signal: AbortSignal,
    wait: Readonly<Record<LibraryStep, number>> = patience,
  ) {
    this.#process = process;
    this.#signal = signal;
    this.#patience = wait;
    process.onMessage((message) => this.#hear(message));
    this.#gone = new Promise((resolve) => {
      process.onExit(() => {
        this.#ended = true;
        this.#settle?.(this.#failed('crashed'));
        resolve();
      });
    });
    signal.addEventListener('abort', this.#pulled, { once: true });
  }

  /**
   * @throws KiltError what `libraryError` makes of the library's return value; `driver-failed` {step, likelyCause:
   *   `driver-crashed`, `driver-hung`, `driver-not-loaded`, `driver-no-support`, `driver-defect`}; `key-not-found`; `token-removed`
   */
  async ask<Step extends LibraryStep>(
    request: Extract<LibraryRequest, { do: Step }>,
  ): Promise<LibraryAnswer<Step>> {
    const step = request.do;
    if (this.#signal.aborted) throw new KiltError('token-removed');
    if (this.#ended) throw this.#failed('crashed');
    this.#step = step;
    const reply = await new Promise<LibraryReply>((resolve, reject) => {
      const timer = setTimeout(() => {
        this.#kill();
        this.#settle?.(this.#failed('hung'));
      }, this.#patience[step]);
      this.#settle = (result) => {
        this.#settle = undefined;
        clearTimeout(timer);
        if (result instanceof KiltError) reject(result);
        else resolve(result);
      };
      this.#process.post(request);
    });
    if (!reply.ok) throw this.#errorOf(reply.failure);
    const answer = libraryAnswers[step].safeParse(reply.value);
    if (!answer.success) throw this.#failed('defect');
    return answer.data as LibraryAnswer<Step>;
  }

  /** Ends the library's process, whatever it is doing. Resolves when it is gone, and with it its hold on the reader. */
  async end(): Promise<void> {
    this.#signal.removeEventListener('abort', this.#pulled);
    this.#kill();
    await Promise.race([this.#gone, delay(LONGEST_END_MS, undefined, { ref: false })]);
  }

  #kill(): void {
    if (!this.#ended) this.#process.kill();
    this.#ended = true;
  }

  readonly #pulled = (): void => {
    this.#kill();
    this.#settle?.(new KiltError('token-removed', { step: this.#step }));
  };

  #hear(message: unknown): void {
    const reply = libraryReply.safeParse(message);
    this.#settle?.(reply.success ? reply.data : this.#failed('defect'));
  }

  #errorOf(failure: LibraryFailure): KiltError {
    switch (failure.kind) {
      case 'library':
        return libraryError(failure.returnValue, this.#step);
      case 'no-key':
        return new KiltError('key-not-found', { step: this.#step });
      case 'no-support':
      case 'not-loaded':
      case 'defect':
        return this.#failed(failure.kind);
    }
  }

  #failed(reason: string): KiltError {
    return new KiltError('driver-failed', { step: this.#step, likelyCause: `driver-${reason}` });
  }
}

/** Sends the PIN, and overwrites this process's copy of it. */
export async function askLogin(conversation: LibraryConversation, pin: Uint8Array): Promise<void> {
  const sent = Uint8Array.from(pin);
  try {
    await conversation.ask<'login'>({ do: 'login', pin: sent });
  } finally {
    wipe(sent);
  }
}
