import { createHash } from 'node:crypto';
import type { Origin } from './origin.ts';

/** As many as a person signs in with in a month of Kilt running. */
const mostKept = 10_000;

/**
 * Nonces that were signed for a site since Kilt was started. One that comes again is not signed again: somebody has kept
 * it. The site's own memory is what counts; this one stands beside it.
 */
export class UsedNonces {
  readonly #used = new Set<string>();

  has(origin: Origin, nonce: Uint8Array): boolean {
    return this.#used.has(nameOf(origin, nonce));
  }

  keep(origin: Origin, nonce: Uint8Array): void {
    const [oldest] = this.#used;
    if (this.#used.size >= mostKept && oldest !== undefined) this.#used.delete(oldest);
    this.#used.add(nameOf(origin, nonce));
  }
}

const nameOf = (origin: Origin, nonce: Uint8Array): string =>
  createHash('sha256').update(origin).update('\0').update(nonce).digest('base64');
