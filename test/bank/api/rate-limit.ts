import { ApiRefusal } from './api-refusal.ts';

/** So many requests a key in each minute of the clock. */
export class RateLimit {
  readonly #perMinute: number;
  readonly #now: () => Date;
  #minute = 0;
  readonly #counts = new Map<string, number>();

  constructor({ perMinute, now }: { perMinute: number; now: () => Date }) {
    this.#perMinute = perMinute;
    this.#now = now;
  }

  /** @throws ApiRefusal `too-many-requests` */
  count(key: string): void {
    const minute = Math.floor(this.#now().getTime() / 60_000);
    if (minute !== this.#minute) {
      this.#minute = minute;
      this.#counts.clear();
    }
    const count = (this.#counts.get(key) ?? 0) + 1;
    this.#counts.set(key, count);
    if (count > this.#perMinute) throw new ApiRefusal(429, 'too-many-requests');
  }
}
