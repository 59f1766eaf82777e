import type { KiltError } from '#shared/errors.ts';

interface InLine {
  readonly owner: object;
  readonly granted: () => void;
  readonly refused: (error: KiltError) => void;
}

/** Who may talk to the card: nobody in particular, or one transport, with the others in line. */
export class CardLock {
  #owner: object | undefined;
  #line: InLine[] = [];

  heldByOther(than: object): boolean {
    return this.#owner !== undefined && this.#owner !== than;
  }

  acquire(owner: object, timeoutMs: number, timedOut: () => KiltError): Promise<void> {
    if (this.#owner === undefined) {
      this.#owner = owner;
      return Promise.resolve();
    }
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => {
        this.#line = this.#line.filter((waiting) => waiting !== self);
        reject(timedOut());
      }, timeoutMs);
      const self: InLine = {
        owner,
        granted: () => {
          clearTimeout(timer);
          resolve();
        },
        refused: (error) => {
          clearTimeout(timer);
          reject(error);
        },
      };
      this.#line.push(self);
    });
  }

  release(owner: object): void {
    if (this.#owner !== owner) return;
    const next = this.#line.shift();
    this.#owner = next?.owner;
    next?.granted();
  }

  abandon(error: KiltError): void {
    for (const waiting of this.#line.splice(0)) waiting.refused(error);
  }
}
