import { setTimeout as sleep } from 'node:timers/promises';
import { KiltError } from '#shared/errors.ts';

/** Longest single timer, so that a computer that slept or whose clock was set notices within this time. */
const longestTimerMs = 30_000;

/**
 * Waits until the clock shows `moment`.
 *
 * @throws KiltError `operation-cancelled` when `signal` is aborted
 */
export async function waitUntil(moment: Date, now: () => Date, signal: AbortSignal): Promise<void> {
  for (;;) {
    const left = moment.getTime() - now().getTime();
    if (left <= 0) return;
    try {
      await sleep(Math.min(left, longestTimerMs), undefined, { signal });
    } catch (error) {
      throw new KiltError('operation-cancelled', {}, { cause: error });
    }
  }
}
