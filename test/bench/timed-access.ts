import type { CardAccess, CardTransport } from '#main/token/card-transport.ts';

/** Card access that keeps the time for which Kilt has the card to itself. */
export class TimedAccess implements CardAccess {
  readonly #access: CardAccess;
  #held = 0;

  constructor(access: CardAccess) {
    this.#access = access;
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
    const transport = await this.#access.connect(readerName);
    this.#held += performance.now() - connecting;
    let since = 0;
    return {
      readerName: transport.readerName,
      atr: transport.atr,
      transmit: (command) => transport.transmit(command),
      beginTransaction: async () => {
        since = performance.now();
        await transport.beginTransaction();
      },
      endTransaction: async () => {
        await transport.endTransaction();
        this.#held += performance.now() - since;
      },
      close: () => transport.close(),
    };
  }
}
