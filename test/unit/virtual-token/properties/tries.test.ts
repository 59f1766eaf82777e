import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { fromHex, toHex } from '#shared/bytes.ts';
import { pinReference } from '#test/virtual-token/access.ts';
import type { VirtualCard } from '#test/virtual-token/card.ts';

import { loginAdministrator } from '../dialogue.ts';
import {
  anyCard,
  anything,
  poweredCard,
  statusWordOf,
  type Step,
  stepsOf,
  take,
  triesLeft,
  withoutFormat,
} from './any-commands.ts';

const references = [pinReference.administrator, pinReference.user] as const;
const VERIFY = 0x20;
const CHANGE = 0x24;
const UNBLOCK = 0x2c;
const SELECTED_FILE = 0;

const pinValue = (card: VirtualCard, reference: number): string | null | undefined => {
  const file = card.snapshot().root?.children.find(({ id }) => id === reference);
  return file?.type === 'pin' ? file.value : undefined;
};
const isVerify = (step: Step, reference: number): step is Uint8Array =>
  step instanceof Uint8Array &&
  step[0] === 0 &&
  step[1] === VERIFY &&
  step[3] === reference &&
  step.length > 5;

describe('tries', () => {
  it('rise by the right PIN, by unblocking and by formatting only', async () => {
    await fc.assert(
      fc.asyncProperty(anyCard, stepsOf(anything), async (options, steps) => {
        const card = poweredCard(options);
        const refills = options.unverified?.changeRefillsAttempts === true;
        for (const step of steps) {
          const before = references.map((reference) => triesLeft(card, reference));
          const answer = await take(card, step);
          references.forEach((reference, i) => {
            const [was, now] = [before[i], triesLeft(card, reference)];
            if (was === undefined || now === undefined || now <= was) return;
            expect(statusWordOf(answer)).toBe('9000');
            const [, ins, , p2] = step as Uint8Array;
            expect([VERIFY, UNBLOCK, ...(refills ? [CHANGE] : [])]).toContain(ins);
            expect(ins === CHANGE ? [reference, SELECTED_FILE] : [reference]).toContain(p2);
          });
        }
      }),
      { numRuns: 100 },
    );
  });

  it('fall by one with every wrong PIN, and with nothing else', async () => {
    await fc.assert(
      fc.asyncProperty(anyCard, stepsOf(anything), async (options, steps) => {
        const card = poweredCard(options);
        for (const step of steps) {
          const before = references.map((reference) => triesLeft(card, reference));
          const answer = await take(card, step);
          references.forEach((reference, i) => {
            const [was, now] = [before[i], triesLeft(card, reference)];
            if (was === undefined || now === undefined) return;
            const wasWrong = isVerify(step, reference) && /^63/.test(statusWordOf(answer));
            if (wasWrong) expect(now).toBe(was - 1);
            else expect(now).toBeGreaterThanOrEqual(was);
          });
        }
      }),
      { numRuns: 100 },
    );
  });

  it('once gone let nobody in before somebody with the right unblocks', async () => {
    await fc.assert(
      fc.asyncProperty(stepsOf(withoutFormat, { maxLength: 80 }), async (steps) => {
        const card = poweredCard({ profile: 'user-pin-blocked' });
        const pin = pinValue(card, pinReference.user);
        let administrator = false;
        for (const step of steps) {
          const sw = statusWordOf(await take(card, step));
          if (
            step instanceof Uint8Array &&
            sw === '9000' &&
            toHex(step) === toHex(fromHex(loginAdministrator))
          )
            administrator = true;
          if ((triesLeft(card, pinReference.user) ?? 0) > 0) {
            expect(administrator).toBe(true);
            return;
          }
          // Nor does it change meanwhile, by whomever.
          expect(pinValue(card, pinReference.user)).toBe(pin);
          if (isVerify(step, pinReference.user)) expect(sw).toMatch(/^(6983|6[78a]..)$/);
        }
      }),
      { numRuns: 100 },
    );
  });

  it('of a blocked administrator PIN never come back, and let nobody in', async () => {
    await fc.assert(
      fc.asyncProperty(stepsOf(withoutFormat, { maxLength: 80 }), async (steps) => {
        const card = poweredCard({ profile: 'administrator-pin-blocked' });
        for (const step of steps) {
          const answer = await take(card, step);
          if (isVerify(step, pinReference.administrator)) expect(statusWordOf(answer)).not.toBe('9000');
          expect(card.logins & pinReference.administrator).toBe(0);
        }
        expect(triesLeft(card, pinReference.administrator)).toBe(0);
      }),
      { numRuns: 100 },
    );
  });

  it('come back with the right PIN, as many as there were', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 1, max: 10 }),
        fc.array(fc.uint8Array({ minLength: 1, maxLength: 20 }), { maxLength: 9 }),
        async (attempts, wrongPins) => {
          const card = poweredCard({ profile: 'default-pins', attempts });
          for (const pin of wrongPins)
            await card.transmit(Uint8Array.of(0, VERIFY, 0, 2, pin.length, ...pin));
          const right = statusWordOf(await card.transmit(fromHex('00 20 00 02 08 3132333435363738')));
          expect(right).toBe(wrongPins.length < attempts ? '9000' : '6983');
          expect(triesLeft(card, pinReference.user)).toBe(wrongPins.length < attempts ? attempts : 0);
        },
      ),
      { numRuns: 100 },
    );
  });
});
