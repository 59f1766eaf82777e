import { setTimeout as sleep } from 'node:timers/promises';

/**
 * Waits until a condition holds.
 *
 * @throws Error with `what` when it does not within the time
 */
export async function eventually(
  holds: () => boolean | Promise<boolean>,
  { seconds = 15, what = 'the condition' }: { seconds?: number; what?: string } = {},
): Promise<void> {
  const end = Date.now() + seconds * 1000;
  while (!(await holds())) {
    if (Date.now() > end) throw new Error(`${what} did not come true within ${seconds} s`);
    await sleep(20);
  }
}
