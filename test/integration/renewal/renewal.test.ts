import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { RunningBank } from '#test/bank/start-bank.ts';
import { openBank } from '#test/support/world.ts';
import { RenewalDesk } from './renewal-desk.ts';

describe('a key set that is regenerated', () => {
  let bank: RunningBank;
  let desk: RenewalDesk;
  beforeAll(async () => {
    bank = await openBank({ certificateDays: 20 });
  });
  afterEach(() => desk.close());
  afterAll(() => bank.stop());

  it('stops when the CA has issued, and is in use after «Получить сертификат»', async () => {
    desk = await RenewalDesk.open(bank);
    expect(desk.keySet()).toMatchObject({ status: 'planned-renewal', cryptography: 'RSA 2048, SHA-256' });
    const before = desk.keySet().certificates.map(({ serialNumber }) => serialNumber);

    const ready = await desk.send();
    expect(ready).toMatchObject({ state: 'interrupted', readyToTake: true, needs: { tokenPin: true } });
    expect(desk.keySet().status).toBe('new-certificate');
    await desk.expectSignsIn();

    const done = await desk.continue();
    expect(done.error).toBeUndefined();
    expect(done.state).toBe('finished');
    expect(desk.keySet()).not.toHaveProperty('renewal');
    expect(desk.keySet().certificates.map(({ serialNumber }) => serialNumber)).not.toEqual(before);
    desk.expectOneKeySet();
    await desk.expectSignsIn();
    expect(desk.card.refusedVerifies).toBe(0);
  });
});
