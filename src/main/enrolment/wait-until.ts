import { setTimeout as sleep } from 'node:timers/promises';
import { KiltError } from '#shared/errors.ts';

/** Longest single timer, so that a computer that slept or whose clock was set notices within this time. */
const longestTimerMs = 30_000;

/**
 * Waits until the clock shows `moment`. A clock that is set back meanwhile does not make the wait longer: it ends
 * after the time that was left at its beginning, whatever the clock says.
 *
 * @throws KiltError `operation-cancelled` when `signal` is aborted
 */
export async function waitUntil(moment: Date, now: () => Date, signal: AbortSignal): Promise<void> {
  const leftAtFirst = moment.getTime() - now().getTime();
  const begun = performance.now();
  for (;;) {
    const left = Math.min(
      moment.getTime() - now().getTime(),
      // A timer may fire a fraction of a millisecond early.
      Math.ceil(leftAtFirst - (performance.now() - begun)),
    );
    if (left <= 0) return;
    try {
      await sleep(Math.min(left, longestTimerMs), undefined, { signal });
    } catch (error) {
      throw new KiltError('operation-cancelled', {}, { cause: error });
    }
  }
}
