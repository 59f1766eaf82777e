import type { CardAccess, CardTransport } from '#main/token/card-transport.ts';
import { Waits } from './waits.ts';

/** Card access that keeps the time for which Kilt has the card to itself, and for which it waits for the card. */
export class TimedAccess implements CardAccess {
  readonly #access: CardAccess;
  readonly #waits: Waits;
  #held = 0;

  /** @param waits counts connections and commands under way: the reader, its service and the token */
  constructor(access: CardAccess, waits = new Waits()) {
    this.#access = access;
    this.#waits = waits;
  }

  /** Seconds within transactions so far, Kilt's own work between the commands included. */
  get secondsHeld(): number {
    return this.#held / 1000;
  }

  get kind(): CardAccess['kind'] {
    return this.#access.kind;
  }

  start(): Promise<void> {
    return this.#access.start();
  }

  stop(): Promise<void> {
    return this.#access.stop();
  }

  snapshot(): ReturnType<CardAccess['snapshot']> {
    return this.#access.snapshot();
  }

  onChange(listener: Parameters<CardAccess['onChange']>[0]): () => void {
    return this.#access.onChange(listener);
  }

  async connect(readerName: string): Promise<CardTransport> {
    const connecting = performance.now();
    const transport = await this.#waits.during(this.#access.connect(readerName));
    this.#held += performance.now() - connecting;
    let since = 0;
    return {
      readerName: transport.readerName,
      atr: transport.atr,
      transmit: (command) => this.#waits.during(transport.transmit(command)),
      beginTransaction: async () => {
        since = performance.now();
        await this.#waits.during(transport.beginTransaction());
      },
      endTransaction: async () => {
        await this.#waits.during(transport.endTransaction());
        this.#held += performance.now() - since;
      },
      close: () => transport.close(),
    };
  }
}
