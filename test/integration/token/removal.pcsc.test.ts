import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { secretFromText } from '#shared/bytes.ts';
import { TokenDesk, userPin, type DeskToken } from './token-desk.ts';
import { administratorPin, expectFilled, fill, fillAndChangePin, newPin } from './work-on-token.ts';

const removed = { id: 'token-removed', code: '0100010' };
const moments = ['before', 'after'] as const;

let desk: TokenDesk;
beforeAll(async () => {
  desk = await TokenDesk.open();
});
afterAll(() => desk.close());
afterEach(() => desk.clear());

/** Pulled before the command in one reader, and after it in the other, at the same time. */
async function atBothMoments(
  test: (when: (typeof moments)[number], slot: number) => Promise<void>,
): Promise<void> {
  await Promise.all(moments.map(test));
}

describe('a token that is pulled', () => {
  it.each(['VERIFY', 'SELECT', 'READ', 'CREATE', 'UPDATE', 'GENERATE', 'SIGN', 'CHANGE-PIN'] as const)(
    'at %s, before or after it, ends the work as removed; put back, the same work is done to the end',
    (command) =>
      atBothMoments(async (when, slot) => {
        const token = await desk.withToken({}, slot);
        // Of an empty token nothing is read.
        if (command === 'READ') await desk.asUser(token, fill);
        token.sent = [];
        token.faults.arm({ do: 'remove', when, command });

        await expect(desk.asUser(token, fillAndChangePin)).rejects.toMatchObject(removed);
        expect(token.verifiesSent).toBeLessThanOrEqual(1);
        await desk.putBack(token);
        expect(token.watched.refusedVerifies).toBe(0);

        const pinWasChanged = command === 'CHANGE-PIN' && when === 'after';
        await desk.asUser(token, fillAndChangePin, pinWasChanged ? newPin : userPin);
        await expectFilled(desk, token);
      }),
  );

  it('before or after a key is deleted can be cleared of it later', () =>
    atBothMoments(async (when, slot) => {
      const token = await desk.withToken({}, slot);
      await desk.asUser(token, fill);
      token.sent = [];
      token.faults.arm({ do: 'remove', when, command: 'DELETE' });
      const remove = () => desk.asUser(token, (session) => session.deleteKeyPair('01'));
      await expect(remove()).rejects.toMatchObject(removed);
      expect(token.verifiesSent).toBe(1);
      await desk.putBack(token);
      await remove();
      expect(await desk.objects(token)).toMatchObject({ keys: [], certificates: [] });
      expect(token.watched.keyFiles()).toEqual({ privateKeys: 0, publicKeys: 0, empty: 0 });
    }));

  it('before or after its user PIN is unblocked shows, when it is back, which of the two it was', () =>
    atBothMoments(async (when, slot) => {
      const token = await desk.withToken({ profile: 'user-pin-blocked' }, slot);
      token.faults.arm({ do: 'remove', when, command: 'UNBLOCK' });
      await expect(unblock(token)).rejects.toMatchObject(removed);
      await desk.putBack(token);
      expect(desk.known(token)?.info?.userPin.blocked).toBe(when === 'before');
      await unblock(token);
      await desk.asUser(token, fill);
      await expectFilled(desk, token);
    }));

  it('at LOGOUT has done its work', async () => {
    const token = await desk.withToken();
    token.faults.arm({ do: 'remove', when: 'before', command: 'LOGOUT' });
    await desk.asUser(token, fill);
    await desk.putBack(token);
    await expectFilled(desk, token);
  });

  it('while the tries left are asked for after a wrong PIN, has lost a try, and Kilt says so', async () => {
    const token = await desk.withToken();
    token.faults.arm({ do: 'remove', when: 'before', command: 'PIN-STATUS' });
    await expect(desk.asUser(token, fill, 'wrong-pin')).rejects.toMatchObject({
      id: 'wrong-pin',
      data: { role: 'user' },
    });
    expect(token.verifiesSent).toBe(1);
    await desk.putBack(token);
    expect(desk.known(token)?.info?.userPin.attemptsLeft).toBe(9);
  });

  it('between two pieces of work is gone for the second, and no PIN is sent to it', async () => {
    const token = await desk.withToken();
    const { id } = await desk.ready(token);
    token.faults.remove();
    await desk.gone(token);
    expect(desk.watch.presence()).toBe('no-token');
    const work = () => desk.watch.withSession(id, fill);
    await expect(work()).rejects.toMatchObject(removed);
    token.faults.insert();
    await desk.ready(token);
    await expect(work()).rejects.toMatchObject(removed);
    expect(token.verifiesSent).toBe(0);
  });
});

const unblock = (token: DeskToken): Promise<void> =>
  desk.session(token, async (session) => {
    await session.login('administrator', secretFromText(administratorPin));
    await session.unblockUserPin();
  });
