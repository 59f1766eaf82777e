import { afterAll, beforeAll, expect, it } from 'vitest';
import { isKiltError } from '#shared/errors.ts';
import { eventually } from '#test/support/eventually.ts';
import { askWorldForReaders, worldSocket } from '#test/virtual-token/reader-world.ts';
import { TokenDesk } from './token-desk.ts';
import { expectFilled, fill } from './work-on-token.ts';

const world = worldSocket() ?? '';
let desk: TokenDesk;
beforeAll(async () => {
  desk = await TokenDesk.open();
});
afterAll(async () => {
  await askWorldForReaders(world, true);
  await desk.close();
});

it('a reader that vanishes in the middle of the work ends it; with the reader back, it is done to the end', async () => {
  const token = await desk.withToken();
  token.watched.card.minimumKeyGenerationMs = 300_000;
  const failure = desk.asUser(token, fill).catch((error: unknown) => error);
  await eventually(() => token.sent.includes('GENERATE'));

  await askWorldForReaders(world, false);
  expect(await failure).toSatisfy(
    (error) => isKiltError(error, 'pcsc-service-off') || isKiltError(error, 'token-removed'),
  );
  await eventually(() => desk.watch.presence() === 'no-reader', { what: 'a service without readers' });
  expect(token.verifiesSent).toBe(1);

  token.watched.card.minimumKeyGenerationMs = 0;
  await askWorldForReaders(world, true);
  await desk.asUser(token, fill);
  await expectFilled(desk, token);
});
