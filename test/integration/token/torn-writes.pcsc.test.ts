import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { secretFromText } from '#shared/bytes.ts';
import { TokenDesk, userPin } from './token-desk.ts';
import { administratorPin, expectFilled, fill, fillAndChangePin, newPin } from './work-on-token.ts';

let desk: TokenDesk;
beforeAll(async () => {
  desk = await TokenDesk.open();
});
afterAll(() => desk.close());
afterEach(() => desk.clear());

describe('a write that a loss of power tears', () => {
  it.each(['CREATE', 'UPDATE'] as const)(
    'is told, whichever %s of the work it is, and the same work mends it',
    async (command) => {
      const token = await desk.withToken();
      await desk.asUser(token, fill);
      const writes = token.sent.filter((name) => name === command).length;
      expect(writes).toBeGreaterThan(10);
      for (let nth = 1; nth <= writes; nth += 1) {
        token.empty();
        token.faults.arm({ do: 'tear', command, nth, then: 'stays' });
        await expect(desk.asUser(token, fill), `${command} no. ${nth}`).rejects.toMatchObject({
          id: 'token-answer-unexpected',
          data: { statusWord: '6F00' },
        });
        expect(token.verifiesSent).toBe(1);
        await desk.asUser(token, fill);
        await expectFilled(desk, token);
      }
    },
  );

  it.each(['CREATE', 'UPDATE'] as const)(
    'with the token falling out of the reader at %s is mended when it is back',
    async (command) => {
      const work = async (slot: number, nth: number): Promise<void> => {
        const token = await desk.withToken({}, slot);
        token.faults.arm({ do: 'tear', command, nth });
        await expect(desk.asUser(token, fill)).rejects.toMatchObject({ id: 'token-removed' });
        expect(token.verifiesSent).toBe(1);
        await desk.putBack(token);
        await desk.asUser(token, fill);
        await expectFilled(desk, token);
      };
      await Promise.all([work(0, 3), work(1, 9)]);
    },
  );

  it('of a new password leaves one that nobody knows, until the administrator sets another', async () => {
    const token = await desk.withToken();
    token.faults.arm({ do: 'tear', command: 'CHANGE-PIN' });
    await expect(desk.asUser(token, fillAndChangePin)).rejects.toMatchObject({ id: 'token-removed' });
    await desk.putBack(token);
    for (const [pin, attemptsLeft] of [
      [userPin, 9],
      [newPin, 8],
    ] as const) {
      const refused = { id: 'wrong-pin', data: { role: 'user', attemptsLeft } };
      await expect(desk.asUser(token, fill, pin)).rejects.toMatchObject(refused);
    }
    await desk.session(token, async (session) => {
      await session.login('administrator', secretFromText(administratorPin));
      await session.setPin('user', secretFromText(userPin));
    });
    await desk.asUser(token, fill);
    await expectFilled(desk, token);
  });
});
