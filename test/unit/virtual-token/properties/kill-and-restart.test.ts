import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import { VirtualCard } from '#test/virtual-token/card.ts';
import { StoredCard } from '#test/virtual-token/state-file.ts';

import { anyCard, anything, poweredCard, runtime, type Step, stepsOf, take } from './any-commands.ts';

/** GET CHALLENGE, GENERATE and signatures are different every time, and so is all that follows from them. */
const isRandom = (step: Step): boolean =>
  step instanceof Uint8Array && [0x84, 0x46, 0x2a].includes(step[1] ?? 0);

describe('kill and restart', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'kilt-token-'));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  it('the state, written down and read again, is the same state', async () => {
    await fc.assert(
      fc.asyncProperty(anyCard, stepsOf(anything), async (options, steps) => {
        const card = poweredCard(options);
        for (const step of steps) await take(card, step);
        const state = card.snapshot();
        const stored = JSON.parse(JSON.stringify(state)) as unknown;
        expect(VirtualCard.restore(stored).snapshot()).toEqual(state);
      }),
      { numRuns: 100 },
    );
  });

  it('the card goes on as if only power had been lost', async () => {
    const after = stepsOf(anything, { maxLength: 15 });
    await fc.assert(
      fc.asyncProperty(anyCard, stepsOf(anything), after, async (options, before, later) => {
        const card = poweredCard(options);
        for (const step of before) await take(card, step);
        const twin = VirtualCard.restore(card.snapshot(), runtime);
        card.powerOff();
        card.powerOn();
        twin.powerOn();
        for (const step of later.filter((step) => !isRandom(step)))
          expect(await take(twin, step)).toEqual(await take(card, step));
        expect(twin.snapshot()).toEqual(card.snapshot());
      }),
      { numRuns: 100 },
    );
  });

  it('between any two answers the file brings back all that was answered for', async () => {
    let number = 0;
    await fc.assert(
      fc.asyncProperty(anyCard, stepsOf(anything, { maxLength: 30 }), async (options, steps) => {
        const path = join(folder, `token-${(number += 1)}.json`);
        let stored = StoredCard.save(VirtualCard.create(options, runtime), path);
        const abandoned: StoredCard[] = [];
        stored.powerOn();
        for (const [i, step] of steps.entries()) {
          await take(stored, step);
          if (i % 5 !== 0) continue;
          // Killed: nobody says goodbye to the card, another program opens the file.
          const state = stored.snapshot();
          abandoned.push(stored);
          stored = StoredCard.open(path, runtime);
          stored.powerOn();
          expect(stored.snapshot()).toEqual(state);
        }
        for (const card of [...abandoned, stored]) card.powerOff();
      }),
      { numRuns: 40 },
    );
  });

  it('nobody is logged in afterwards', async () => {
    await fc.assert(
      fc.asyncProperty(anyCard, stepsOf(anything), async (options, steps) => {
        const card = poweredCard(options);
        for (const step of steps) await take(card, step);
        const twin = VirtualCard.restore(card.snapshot(), runtime);
        twin.powerOn();
        expect(twin.logins).toBe(0);
        card.reset();
        expect(card.logins).toBe(0);
      }),
      { numRuns: 50 },
    );
  });
});
