import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { readState } from '#test/virtual-token/card-state.ts';

import { anyCard, anything, poweredCard, statusWordOf, stepsOf, take } from './any-commands.ts';

describe('whatever is sent to it', () => {
  it('the card answers with at least a status word and at most 258 bytes', async () => {
    await fc.assert(
      fc.asyncProperty(anyCard, stepsOf(anything), async (options, steps) => {
        const card = poweredCard(options);
        for (const step of steps) {
          const answer = await take(card, step);
          if (answer === null) continue;
          expect(answer.length).toBeGreaterThanOrEqual(2);
          expect(answer.length).toBeLessThanOrEqual(258);
          // Only warnings and successes carry data.
          if (answer.length > 2) expect(statusWordOf(answer)).toMatch(/^(9000|61..|6282)$/);
        }
      }),
      { numRuns: 300 },
    );
  });

  it('memory is never overdrawn, and erasing gives all of it back', async () => {
    await fc.assert(
      fc.asyncProperty(anyCard, stepsOf(anything), async (options, steps) => {
        const card = poweredCard({ ...options, memoryKilobytes: 8 });
        const free = (): number => readState(card.snapshot()).files.freeBytes();
        for (const step of steps) {
          await take(card, step);
          expect(free()).toBeGreaterThanOrEqual(0);
        }
        await card.transmit(Uint8Array.of(0x80, 0x8a, 0, 0));
        if (card.snapshot().root === null) expect(free()).toBe(8 * 1024);
      }),
      { numRuns: 100 },
    );
  });

  it('the revision rises with every change of the state', async () => {
    await fc.assert(
      fc.asyncProperty(anyCard, stepsOf(anything), async (options, steps) => {
        const card = poweredCard(options);
        for (const step of steps) {
          const [state, revision] = [JSON.stringify(card.snapshot()), card.revision];
          await take(card, step);
          if (JSON.stringify(card.snapshot()) !== state) expect(card.revision).toBeGreaterThan(revision);
        }
      }),
      { numRuns: 100 },
    );
  });
});
