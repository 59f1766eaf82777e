import { beforeEach, describe, expect, it } from 'vitest';
import { waitUntil } from '#main/enrolment/wait-until.ts';

const minute = 60_000;

describe('waiting for a moment', () => {
  let clockOff: number;
  let abort: AbortController;
  beforeEach(() => {
    clockOff = 0;
    abort = new AbortController();
  });
  const now = () => new Date(Date.now() + clockOff);
  const inMilliseconds = (left: number) => new Date(now().getTime() + left);

  it('is over at once when the moment is past', async () => {
    await waitUntil(inMilliseconds(-1), now, abort.signal);
  });

  it('is not over before the moment', async () => {
    const moment = inMilliseconds(60);
    await waitUntil(moment, now, abort.signal);
    expect(now().getTime()).toBeGreaterThanOrEqual(moment.getTime() - 1);
  });

  it('is not made longer by a clock that is set back meanwhile', async () => {
    const begun = performance.now();
    const waiting = waitUntil(inMilliseconds(60), now, abort.signal);
    clockOff = -24 * 60 * minute;
    await waiting;
    expect(performance.now() - begun).toBeGreaterThanOrEqual(59);
  });

  it('ends with operation-cancelled when it is aborted, also before it began', async () => {
    const waiting = waitUntil(inMilliseconds(10 * minute), now, abort.signal);
    abort.abort();
    await expect(waiting).rejects.toThrow(expect.objectContaining({ id: 'operation-cancelled' }));
    await expect(waitUntil(inMilliseconds(minute), now, abort.signal)).rejects.toThrow(
      expect.objectContaining({ id: 'operation-cancelled' }),
    );
  });
});
