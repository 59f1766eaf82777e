import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { readState } from '#test/virtual-token/card-state.ts';

import { createFile, Dialogue, loginUser, setPin } from '../dialogue.ts';
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
      { numRuns: 150 },
    );
  });

  it('memory is never overdrawn, down to the last byte, and erasing gives all of it back', async () => {
    const sizes = fc.array(fc.integer({ min: 0, max: 3000 }), { maxLength: 8, size: 'max' });
    const pins = fc.array(fc.integer({ min: 6, max: 32 }), { maxLength: 5, size: 'max' });
    await fc.assert(
      fc.asyncProperty(sizes, fc.integer({ min: 0, max: 40 }), pins, async (files, left, pinLengths) => {
        const token = Dialogue.with({ memoryKilobytes: 8 });
        const memory = () => readState(token.card.snapshot()).files;
        const free = (): number => memory().freeBytes();
        await token.ok(loginUser);
        for (const [i, wanted] of [...files, undefined].entries()) {
          // The last one leaves `left` bytes, whatever went before.
          const size = wanted ?? Math.max(0, free() - memory().headerBytes - left);
          const sw = await token.sw(createFile('01', 0x0a00 + i, size, '43 00 02 00 00 00 00 02'));
          expect(sw).toMatch(/^(9000|6A84)$/);
          expect(free()).toBeGreaterThanOrEqual(0);
        }
        for (const length of pinLengths) {
          const sw = await token.sw(setPin(2, 'x'.repeat(length)));
          expect(sw).toMatch(/^(9000|6A84)$/);
          expect(free()).toBeGreaterThanOrEqual(0);
        }
        await token.ok('80 8A 00 00');
        expect(free()).toBe(8 * 1024);
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
