import { describe, expect, it } from 'vitest';
import type { VirtualCard } from '#test/virtual-token/card.ts';
import type { UnverifiedBehaviour } from '#test/virtual-token/unverified.ts';
import {
  administratorPin,
  formatUntil,
  insert,
  insertAsUser,
  isUsable,
  newCard,
  newLayout,
  pin,
} from './virtual-token-world.ts';

describe('tokens that differ in what no paper tells', () => {
  const behaviours: Partial<UnverifiedBehaviour>[] = [
    { createSelects: 'new-file' },
    { pinFileSelectable: false },
    { serialForm: 'four-bytes' },
    { statusQueryWhileLoggedIn: '6F86' },
    { statusQueryWhileLoggedIn: '63Cx' },
    { wrongPinAnswer: '63Cx' },
    { attemptsNibbles: 'high-left-low-maximum' },
    { infoAnswered: false },
  ];

  it.each(behaviours)('are formatted alike: %j', async (unverified) => {
    const { session, card } = await insert(newCard({ unverified }));
    await session.format(newLayout());
    expect((await session.info()).layout).toBe('complete');
    await isUsable(card, newLayout());
  });

  it.each(['rutoken', 'kaztoken'] as const)(
    'are formatted under the answer to reset of a %s',
    async (atr) => {
      const { session, card } = await insert(newCard({ atr }));
      await session.format(newLayout());
      await isUsable(card, newLayout());
    },
  );
});

describe('a token that is wiped for its administrator only', () => {
  const guarded = (options: Parameters<typeof newCard>[0] = {}): VirtualCard =>
    newCard({ ...options, unverified: { eraseNeeds: 'administrator' } });

  it('asks for the administrator, and nothing is lost', async () => {
    const { session, card } = await insert(guarded());
    const before = card.snapshot();
    await expect(session.format(newLayout())).rejects.toMatchObject({
      id: 'pin-needed',
      data: { role: 'administrator' },
    });
    expect(card.snapshot()).toEqual(before);
  });

  it('does not let the user wipe it', async () => {
    const { session, card } = await insertAsUser(guarded());
    await expect(session.format(newLayout())).rejects.toMatchObject({ id: 'pin-needed' });
    expect((await insert(card)).session.serial).toBe('47738461');
    expect((await (await insert(card)).session.info()).layout).toBe('none');
  });

  it('is formatted once the administrator is logged in', async () => {
    const { session, card } = await insert(guarded());
    await session.login('administrator', pin(administratorPin));
    await session.format(newLayout());
    await isUsable(card, newLayout());
  });

  it('is never tried with the new PIN while it is whole', async () => {
    const { session, transport } = await insert(guarded());
    await expect(session.format(newLayout())).rejects.toMatchObject({ id: 'pin-needed' });
    expect(
      transport.commands.filter((command) => /^00(20|24)00?/.test(command) && command.length > 8),
    ).toEqual([]);
  });

  it('asks for the administrator where a format was cut off and was given another PIN', async () => {
    const first = await insert(guarded());
    await first.session.login('administrator', pin(administratorPin));
    await formatUntil(first, 'user-pin');
    const second = await insert(first.card);
    const other = newLayout({ administratorPin: pin('quite-another') });
    await expect(second.session.format(other)).rejects.toMatchObject({
      id: 'pin-needed',
      data: { role: 'administrator' },
    });
    const third = await insert(first.card);
    await third.session.login('administrator', newLayout().administratorPin);
    await third.session.format(other);
    await isUsable(first.card, other);
  });
});

describe('a token that is wiped for its administrator only, and whose format was cut off', () => {
  it('never loses its last try to a guess of Kilt', async () => {
    const { session, transport, card } = await insert(
      newCard({ unverified: { eraseNeeds: 'administrator' } }),
    );
    await session.login('administrator', pin(administratorPin));
    await formatUntil({ session, transport }, 'user-pin', newLayout({ administratorAttempts: 3 }));
    const other = newLayout({ administratorPin: pin('quite-another') });
    const left: (number | null)[] = [];
    for (let again = 0; again < 4; again += 1) {
      const later = await insert(card);
      await expect(later.session.format(other)).rejects.toMatchObject({ id: 'pin-needed' });
      left.push((await later.session.info()).administratorPin.attemptsLeft);
    }
    expect(left).toEqual([2, 1, 1, 1]);
  });
});

describe('a token whose administrator PIN is blocked', () => {
  it.each(['nobody', 'administrator-unless-blocked'] as const)(
    'is formatted without it (wiping needs: %s)',
    async (eraseNeeds) => {
      const { session, card } = await insert(
        newCard({ profile: 'administrator-pin-blocked', unverified: { eraseNeeds } }),
      );
      await session.format(newLayout());
      await isUsable(card, newLayout());
    },
  );
});
