import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { OwnPcscd } from '#test/integration/native/own-pcscd.ts';
import { eventually } from '#test/support/eventually.ts';
import { DeskToken, TokenDesk } from './token-desk.ts';
import { expectFilled, fill } from './work-on-token.ts';

let pcscd: OwnPcscd;
let desk: TokenDesk;
beforeAll(async () => {
  pcscd = await OwnPcscd.prepare();
});
afterAll(() => pcscd.remove());
beforeEach(async () => {
  desk = await TokenDesk.open({ port: pcscd.cardPort });
});
afterEach(async () => {
  await desk.close();
  await pcscd.stop();
});

const presence = (expected: ReturnType<TokenDesk['watch']['presence']>): Promise<void> =>
  eventually(() => desk.watch.presence() === expected, { what: `presence «${expected}»` });

describe('a token whose smart-card service', () => {
  it('starts after it and after Kilt is found by itself', async () => {
    const token = await desk.plugIn();
    await presence('service-off');
    await pcscd.start();
    await desk.ready(token);
    await desk.asUser(token, fill);
    await expectFilled(desk, token);
  });

  it.each(['SIGTERM', 'SIGKILL'] as const)(
    'ends by %s and starts anew comes back by itself, with no PIN sent meanwhile',
    async (signal) => {
      await pcscd.start();
      const token = await desk.withToken();
      await desk.asUser(token, fill);
      const { id } = await desk.ready(token);
      token.sent = [];

      await pcscd.stop(signal);
      await presence('service-off');
      await expect(desk.watch.withSession(id, fill)).rejects.toMatchObject({ id: 'token-removed' });
      await pcscd.start();
      await desk.ready(token);

      expect(token.verifiesSent).toBe(0);
      await desk.asUser(token, fill);
      await expectFilled(desk, token);
    },
  );

  it.each(['SIGTERM', 'SIGKILL'] as const)(
    'ends by %s in the middle of the work says so, and the work is done to the end later',
    async (signal) => {
      await pcscd.start();
      const token = await desk.withToken();
      token.watched.card.minimumKeyGenerationMs = 300_000;
      const work = desk.asUser(token, fill);
      const failure = expect(work).rejects.toMatchObject({ id: 'pcsc-service-off', code: '0100001' });
      await eventually(() => token.sent.includes('GENERATE'));
      await pcscd.stop(signal);
      await failure;
      expect(token.verifiesSent).toBe(1);

      token.watched.card.minimumKeyGenerationMs = 0;
      await presence('service-off');
      await pcscd.start();
      await desk.asUser(token, fill);
      await expectFilled(desk, token);
    },
  );

  it('starts without a reader is said to have none, and the token is found when there is one', async () => {
    const token = new DeskToken();
    await desk.plugInAgain(token);
    await pcscd.start(0);
    await presence('no-reader');
    await pcscd.stop();
    await pcscd.start();
    await desk.ready(token);
  });
});
