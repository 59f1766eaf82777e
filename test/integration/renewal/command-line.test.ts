import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { KeySetView } from '#shared/renewal-views.ts';
import type { RunningBank } from '#test/bank/start-bank.ts';
import { registerNewCard, registeredCard } from '#test/support/registered-card.ts';
import { chosenPassword, openBank } from '#test/support/world.ts';
import { FaultyCard } from '#test/virtual-token/faults.ts';
import type { WatchedCard } from '#test/support/watched-card.ts';
import { CommandLineDesk, fd } from '#test/support/command-line.ts';

/** The regeneration as support staff do it: one command after another, each a program of its own. */
describe('kilt renew', () => {
  let bank: RunningBank;
  let card: WatchedCard;
  let userId: string;
  let desk: CommandLineDesk;
  beforeEach(async () => {
    bank = await openBank({ certificateDays: 20 });
    const registered = await registerNewCard(bank);
    card = registeredCard(registered);
    ({ userId } = registered);
    desk = await CommandLineDesk.set(card);
  });
  afterEach(async () => {
    await desk.clear();
    await bank.stop();
  });

  const kilt = (args: readonly string[], ...secrets: string[]) =>
    desk.run([...args, '--bank-file', bank.bankFile], secrets);
  const withPin = (...args: string[]) => kilt([...args, '--pin-fd', fd], chosenPassword);
  const keySet = (run: { value: unknown }): KeySetView => (run.value as { keySet: KeySetView }).keySet;

  it('makes new keys, waits for the bank over several starts, and takes them into use; no try is lost', async () => {
    bank.hold(userId);
    const sent = await withPin('renew', 'start');
    expect(keySet(sent).status).toBe('accepted');
    expect(sent.lines[0]).toMatch(/^Expected time: Usually by \d{2}\.\d{2}\.\d{4}/);
    const { value, lines } = await kilt(['renew', 'status']);
    expect(value).toMatchObject({ keySet: { status: 'accepted', nextCommand: null } });
    expect(lines.join()).not.toContain('Next: ');
    // Nothing to do yet, and no password is asked for.
    expect(keySet(await kilt(['renew', 'continue'])).status).toBe('accepted');
    bank.approve(userId);
    const issued = await kilt(['renew', 'status']);
    expect(issued.value).toMatchObject({ keySet: { status: 'new-certificate', nextCommand: 'continue' } });
    expect(issued.lines).toContain('  Next: kilt renew continue');
    const taken = keySet(await withPin('renew', 'continue'));
    expect(taken.status).toBe('planned-renewal');
    expect(taken.renewal).toBeUndefined();
    expect((await withPin('sign-in')).value).toMatchObject({ signedIn: true });
    expect(card.refusedVerifies).toBe(0);
  });

  it('tells the bank’s refusal with its reason, and leaves the old keys in use', async () => {
    bank.hold(userId);
    await withPin('renew', 'start');
    bank.refuse(userId, 'паспорт просрочен');
    // While the new keys are on the token, they are to be taken off first.
    expect((await kilt(['renew', 'status'])).value).toMatchObject({ keySet: { nextCommand: 'continue' } });
    const refused = keySet(await withPin('renew', 'continue'));
    expect(refused).toMatchObject({
      status: 'refused',
      reason: { kind: 'refused', text: 'паспорт просрочен' },
      nextCommand: 'close',
    });
    expect(keySet(await kilt(['renew', 'close']))).toMatchObject({ status: 'planned-renewal' });
    expect((await withPin('sign-in')).value).toMatchObject({ signedIn: true });
  });

  it('where nothing was begun says so, asks for no password and changes nothing', async () => {
    const before = card.keyFiles();
    for (const word of ['status', 'continue', 'close'])
      expect((await kilt(['renew', word])).value).toMatchObject({
        keySet: { status: 'planned-renewal', nextCommand: 'start' },
      });
    expect(card.keyFiles()).toEqual(before);
    expect(bank.renewals()).toHaveLength(0);
  });

  it('on a token without room fails, says so, and can be begun again once there is some', async () => {
    const faulty = new FaultyCard(card);
    await desk.insert(faulty);
    faulty.arm({ do: 'answer', statusWord: '6A84', command: 'CREATE' });
    expect((await withPin('renew', 'start')).value).toMatchObject({ error: { id: 'renewal-no-room' } });
    const status = { keySet: { status: 'planned-renewal', nextCommand: 'start' } };
    expect((await kilt(['renew', 'status'])).value).toMatchObject(status);
    expect((await kilt(['renew', 'continue'])).value).toMatchObject(status);
    expect(keySet(await withPin('renew', 'start')).status).toBe('new-certificate');
    expect(keySet(await withPin('renew', 'continue')).renewal).toBeUndefined();
    expect(card.keyFiles()).toEqual({ privateKeys: 2, publicKeys: 2, empty: 0 });
    expect(bank.keySets(userId).map(({ state }) => state)).toEqual(['replaced', 'in-use']);
  });

  it('says what stands against it before it asks for a password', async () => {
    await withPin('renew', 'start');
    const again = await kilt(['renew', 'start']);
    expect(again.value).toMatchObject({ error: { id: 'renewal-unfinished' } });
  });

  it('lists the key sets of tokens that are not here, with their status, for support', async () => {
    await kilt(['renewals']);
    await desk.eject();
    const { value } = await kilt(['renewals', '--wait', '0']);
    expect((value as { keySets: KeySetView[] }).keySets).toMatchObject([
      { userId, status: 'planned-renewal', daysLeft: 20, nextCommand: 'start' },
    ]);
  });
});
