import { mkdtempSync } from 'node:fs';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { KeySetView } from '#shared/renewal-views.ts';
import { writeAdmission } from '#test/bank/admission.ts';
import type { RunningBank } from '#test/bank/start-bank.ts';
import { registerNewCard, registeredCard } from '#test/support/registered-card.ts';
import { chosenPassword, openBank } from '#test/support/world.ts';
import type { WatchedCard } from '#test/support/watched-card.ts';
import { CommandLineDesk, fd } from '#test/support/command-line.ts';

/** Two users of a bank share a token: a director’s and an accountant’s profile on one stick. */
describe('two profiles on one token', () => {
  let bank: RunningBank;
  let card: WatchedCard;
  let first: string;
  let second: string;
  let desk: CommandLineDesk;

  const kilt = (args: readonly string[], ...secrets: string[]) =>
    desk.run([...args, '--bank-file', bank.bankFile], secrets);
  const withPin = (...args: string[]) => kilt([...args, '--pin-fd', fd], chosenPassword);
  const keySet = (run: { value: unknown }): KeySetView => (run.value as { keySet: KeySetView }).keySet;
  const keySets = async () =>
    ((await kilt(['renewals'])).value as { keySets: KeySetView[] }).keySets.toSorted((a, b) =>
      a.userId === first ? -1 : b.userId === first ? 1 : 0,
    );
  const signsIn = async (userId: string) => {
    const { value } = await withPin('sign-in', '--user-id', userId);
    expect(value).toMatchObject({ signedIn: true, home: { userId } });
  };

  const admit = async (name: string) => {
    const admission = await bank.admit({ name });
    const registrationPin = Buffer.from(admission.pin).toString();
    const home = mkdtempSync(path.join(desk.folder, 'customer-'));
    writeAdmission(admission, home);
    return { userId: admission.userId, keyFile: path.join(home, 'Key.pfx'), registrationPin };
  };

  /** `kilt register --one-more`, as it is typed. */
  const register = ({ userId, keyFile, registrationPin }: Awaited<ReturnType<typeof admit>>) =>
    kilt(
      [
        ...['register', '--one-more', '--user-id', userId],
        ...['--key-file', keyFile, '--pin-fd', fd, '--registration-pin-fd', fd],
      ],
      chosenPassword,
      registrationPin,
    );

  const addProfile = async (): Promise<string> => {
    const customer = await admit('Бекзат Омаров');
    const run = await register(customer);
    expect(run.value).toMatchObject({
      registered: true,
      registration: { state: 'finished', keepsPin: true },
    });
    return customer.userId;
  };

  beforeEach(async () => {
    bank = await openBank({ certificateDays: 20 });
    const registered = await registerNewCard(bank);
    card = registeredCard(registered);
    first = registered.userId;
    desk = await CommandLineDesk.set(card);
    second = await addProfile();
  });
  afterEach(async () => {
    await desk.clear();
    await bank.stop();
  });

  it('leave each other alone: name and password of the token stay, and each signs in', async () => {
    const { value } = await kilt(['tokens']);
    expect(value).toMatchObject({
      tokens: [{ kind: 'registered', profiles: [{ userId: first }, { userId: second }] }],
    });
    await signsIn(first);
    await signsIn(second);
    expect(card.keyFiles()).toMatchObject({ privateKeys: 4, empty: 0 });
    expect(card.refusedVerifies).toBe(0);
  });

  it('have to be told apart before a password is asked for', async () => {
    const verifies = card.verifies;
    for (const command of [['sign-in'], ['renew', 'start']]) {
      const { value } = await withPin(...command);
      expect(value).toMatchObject({ error: { id: 'input-invalid', data: { problem: 'several-profiles' } } });
    }
    const { value } = await withPin('sign-in', '--user-id', 'nobody');
    expect(value).toMatchObject({ error: { data: { problem: 'no-such-profile' } } });
    expect(card.verifies).toBe(verifies);
  });

  it('stay two where the user ID of a third, refused by the bank, is corrected into that of one of them', async () => {
    const third = await admit('Дана Сериккызы');
    bank.hold(third.userId);
    bank.refuse(third.userId, 'паспорт просрочен');
    expect((await register(third)).value).toHaveProperty('error');
    expect((await register({ ...third, userId: first })).value).toMatchObject({
      error: { id: 'profile-on-token' },
    });
    const { value } = await kilt(['tokens']);
    expect(value).toMatchObject({
      tokens: [{ profiles: [{ userId: first }, { userId: second }], unfinished: { userId: third.userId } }],
    });
    await signsIn(first);
  });

  it('have their keys regenerated at the same time, while the bank keeps both waiting', async () => {
    bank.hold(first);
    bank.hold(second);
    expect(keySet(await withPin('renew', 'start', '--user-id', first)).status).toBe('accepted');
    expect(keySet(await withPin('renew', 'start', '--user-id', second)).status).toBe('accepted');
    expect(await keySets()).toMatchObject([
      { userId: first, status: 'accepted' },
      { userId: second, status: 'accepted' },
    ]);
    const plan = await kilt(['format', '--plan']);
    expect(JSON.stringify(plan.value).match(/unfinished-renewal/g)).toHaveLength(2);
    await signsIn(first);
    await signsIn(second);

    bank.approve(second);
    bank.refuse(first, 'паспорт просрочен');
    expect(keySet(await withPin('renew', 'continue', '--user-id', second)).renewal).toBeUndefined();
    expect(keySet(await withPin('renew', 'continue', '--user-id', first)).status).toBe('refused');
    expect(keySet(await kilt(['renew', 'close', '--user-id', first])).renewal).toBeUndefined();
    await signsIn(first);
    await signsIn(second);
    expect(card.keyFiles()).toMatchObject({ privateKeys: 4, empty: 0 });
    expect(card.refusedVerifies).toBe(0);
  });
});
