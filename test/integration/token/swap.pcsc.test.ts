import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { isKiltError } from '#shared/errors.ts';
import { eventually } from '#test/support/eventually.ts';
import { rsaKeyFromStock } from '#test/support/rsa-key-stock.ts';
import { TokenDesk, DeskToken } from './token-desk.ts';
import { expectFilled, fill } from './work-on-token.ts';

let desk: TokenDesk;
beforeAll(async () => {
  desk = await TokenDesk.open();
});
afterAll(() => desk.close());
afterEach(() => desk.clear());

describe('another token in place of the one that was chosen', () => {
  it('put in between the PIN and the work gets neither', async () => {
    const chosen = await desk.withToken();
    const other = new DeskToken();
    const work = desk.asUser(chosen, async (session) => {
      chosen.faults.remove();
      await desk.gone(chosen);
      await desk.plugInAgain(other);
      await desk.ready(other);
      await fill(session);
    });
    await expect(work).rejects.toMatchObject({ id: 'token-removed' });
    expect(chosen.verifiesSent).toBe(1);
    expect(other.verifiesSent).toBe(0);
    expect(other.watched.keyFiles()).toMatchObject({ privateKeys: 0 });
    await desk.asUser(other, fill);
    await expectFilled(desk, other);
  });

  it('put in faster than the service looks gets neither', async () => {
    const chosen = await desk.withToken();
    const other = new DeskToken();
    const work = desk.asUser(chosen, async (session) => {
      // vpcd’s card is looked for every 0.4 s; this takes less.
      await desk.plugInAgain(other);
      await fill(session);
    });
    await expect(work).rejects.toSatisfy(isKiltError);
    expect(other.verifiesSent).toBe(0);
    expect(other.watched.keyFiles()).toMatchObject({ privateKeys: 0 });
    await desk.ready(other);
    await desk.asUser(other, fill);
    await expectFilled(desk, other);
  });
});

describe('two tokens at once', () => {
  const bothIn = () => Promise.all([desk.withToken({}, 0), desk.withToken({}, 1)]);

  it('are filled at the same time, each with what is its own', async () => {
    const [one, two] = await bothIn();
    await Promise.all([desk.asUser(one, fill), desk.asUser(two, fill)]);
    await expectFilled(desk, one);
    await expectFilled(desk, two);
  });

  it('one of which makes a key for long do not wait for each other', async () => {
    let quickIsDone = (): void => undefined;
    const whenQuickIsDone = new Promise<void>((resolve) => (quickIsDone = resolve));
    const rsaKeySource = (bits: number) => whenQuickIsDone.then(() => rsaKeyFromStock(bits));
    const [slow, quick] = await Promise.all([desk.withToken({ rsaKeySource }, 0), desk.withToken({}, 1)]);
    const slowWork = desk.asUser(slow, fill);
    await eventually(() => slow.sent.includes('GENERATE'));
    await desk.asUser(quick, fill);
    quickIsDone();
    await slowWork;
    await expectFilled(desk, slow);
  });

  it('one of which is pulled in the middle of its work leave the other to its own', async () => {
    const [pulled, left] = await bothIn();
    pulled.faults.arm({ do: 'remove', when: 'before', command: 'SIGN' });
    left.faults.arm({ do: 'delay', milliseconds: 800, command: 'SIGN' });
    const { id } = await desk.ready(left);
    const [lost] = await Promise.allSettled([desk.asUser(pulled, fill), desk.asUser(left, fill)]);
    expect(lost).toMatchObject({ status: 'rejected', reason: { id: 'token-removed' } });
    await expectFilled(desk, left);
    expect(desk.known(left)?.id).toBe(id);
    expect(desk.watch.tokens()).toHaveLength(1);
    await desk.putBack(pulled);
    await desk.asUser(pulled, fill);
    await expectFilled(desk, pulled);
  });
});
