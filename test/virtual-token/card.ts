import { setTimeout as delay } from 'node:timers/promises';

import { fromHex } from '#shared/bytes.ts';

import type { Logins } from './access.ts';
import { type CardContext, CardSession } from './card-context.ts';
import { type CardMemory, type CardState, readState, writeState } from './card-state.ts';
import { execute } from './command-loop.ts';
import { type CardWithMemory, CardWithoutPower } from './emulated-card.ts';
import { blankMemory, fillByProfile, type VirtualCardOptions } from './profiles.ts';
import { generateRsaKey, type RsaKeySource } from './rsa-key.ts';

/** Answers to reset (facts §1.1, §1.2). */
const answerToReset = {
  kaztoken: '3B 88 01 4B 41 5A 54 4F 4B 45 4E 82',
  rutoken: '3B 8B 01 52 75 74 6F 6B 65 6E 20 45 43 50 A0',
} as const;

/** How this run of the card behaves; not part of its state. */
export interface CardRuntime {
  /** GENERATE KEY PAIR takes at least this long (the manuals speak of minutes). */
  readonly minimumKeyGenerationMs?: number;
  /** Where RSA keys come from; the computer's generator unless a test brings its own keys. */
  readonly rsaKeySource?: RsaKeySource;
}

/**
 * The emulated token: bytes in, bytes out, nothing about transport.
 *
 * Commands are carried out one after the other, in the order of the calls. Starts without power.
 */
export class VirtualCard implements CardWithMemory {
  readonly atr: Uint8Array;
  readonly #runtime: CardRuntime;
  #context: CardContext;
  #power: AbortController | null = null;
  #queue: Promise<unknown> = Promise.resolve();
  #revision = 0;
  /** GENERATE KEY PAIR takes at least this long; may be changed while the card runs. */
  minimumKeyGenerationMs: number;

  private constructor(memory: CardMemory, runtime: CardRuntime) {
    this.minimumKeyGenerationMs = runtime.minimumKeyGenerationMs ?? 0;
    this.atr = fromHex(answerToReset[memory.atrName]);
    this.#runtime = runtime;
    this.#context = this.#contextOf(memory);
  }

  /** A new card. @throws Error (zod) when an option is not what it should be */
  static create(options: VirtualCardOptions, runtime: CardRuntime = {}): VirtualCard {
    const memory = blankMemory(options);
    fillByProfile(memory, options);
    return new VirtualCard(memory, runtime);
  }

  /** The card that {@link snapshot} wrote down. @throws Error when it is no such state, or of another version */
  static restore(state: unknown, runtime: CardRuntime = {}): VirtualCard {
    return new VirtualCard(readState(state), runtime);
  }

  /** All that outlives power, as JSON values. */
  snapshot(): CardState {
    return writeState(this.#context);
  }

  /** Takes power away and puts another memory in place of the card's own. @throws Error when `state` is none */
  reload(state: CardState): void {
    const memory = readState(state);
    this.powerOff();
    this.#context = this.#contextOf(memory);
    this.#revision += 1;
  }

  /** Who is logged in now. */
  get logins(): Logins {
    return this.#context.session.logins;
  }

  /** Rises with every change that outlives power: save when it has risen, before the answer goes out. */
  get revision(): number {
    return this.#revision;
  }

  get powered(): boolean {
    return this.#power !== null;
  }

  powerOn(): void {
    this.#loseVolatileState();
    this.#power = new AbortController();
  }

  powerOff(): void {
    this.#loseVolatileState();
    this.#power = null;
  }

  reset(): void {
    this.powerOn();
  }

  transmit(command: Uint8Array): Promise<Uint8Array> {
    const power = this.#power;
    const bytes = command.slice();
    // A command that was on its way when power went reaches nobody, even if power is back by now.
    const demandPower = (): void => {
      if (power === null || power.signal.aborted) throw new CardWithoutPower();
    };
    const answer = this.#queue.then(async () => {
      demandPower();
      const response = await execute(this.#context, bytes);
      demandPower();
      return response;
    });
    this.#queue = answer.catch(() => undefined);
    return answer;
  }

  #contextOf(memory: CardMemory): CardContext {
    return {
      ...memory,
      session: new CardSession(memory.files.root),
      rsaKeySource: this.#runtime.rsaKeySource ?? generateRsaKey,
      makeKey: (make) => this.#makeKey(make),
      gostArithmetic: () => import('./gost/gost-key.ts'),
      changed: () => {
        this.#revision += 1;
      },
    };
  }

  /** Rights, selection, security environment and chain are gone; so is a command under way (facts §5.1). */
  #loseVolatileState(): void {
    this.#power?.abort();
    this.#context.session = new CardSession(this.#context.files.root);
  }

  async #makeKey<Key>(make: () => Promise<Key>): Promise<Key> {
    const { signal } = this.#power ?? new AbortController();
    const over = new AbortController();
    const powerLost = new Promise<never>((_resolve, reject) => {
      const lost = (): void => reject(new CardWithoutPower());
      signal.addEventListener('abort', lost, { once: true, signal: over.signal });
    });
    try {
      const minimum = delay(this.minimumKeyGenerationMs, undefined, { signal });
      const [key] = await Promise.race([Promise.all([make(), minimum]), powerLost]);
      return key;
    } finally {
      over.abort();
    }
  }
}
