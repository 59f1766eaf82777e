import { describe, expect, it } from 'vitest';
import type { PinRole, TokenSession } from '#main/token/token-session.ts';
import type { CardState } from '#test/virtual-token/card-state.ts';
import type { VirtualCard } from '#test/virtual-token/card.ts';
import { FaultyCard } from '#test/virtual-token/faults.ts';
import { administratorPin, cardFrom, insert, newCard, pin, userPin } from './virtual-token-world.ts';

const pins = { user: userPin, administrator: administratorPin } as const satisfies Record<PinRole, string>;

async function insertAs(role: PinRole, card: VirtualCard) {
  const insertion = await insert(card);
  await insertion.session.login(role, pin(pins[role]));
  return insertion;
}

/** True when the PIN opens the token. Costs a try when it does not. */
async function opens(card: FaultyCard | VirtualCard, role: PinRole, text: string): Promise<boolean> {
  const { session } = await insert(card);
  return session.login(role, pin(text)).then(
    () => true,
    () => false,
  );
}

describe('unblocking', () => {
  it('gives the user PIN its tries back and leaves it as it was', async () => {
    const { session, card } = await insertAs('administrator', newCard({ profile: 'user-pin-blocked' }));
    await session.unblockUserPin();
    expect((await session.info()).userPin).toMatchObject({ attemptsLeft: 10, blocked: false });
    expect(await opens(card, 'user', userPin)).toBe(true);
  });

  it('is one command', async () => {
    const { session, transport } = await insertAs('administrator', newCard({ profile: 'user-pin-blocked' }));
    const before = transport.commands.length;
    await session.unblockUserPin();
    expect(transport.commands.slice(before)).toEqual(['002c0302']);
  });

  it('needs the administrator', async () => {
    const card = newCard({ profile: 'user-pin-blocked' });
    const { session } = await insert(card);
    await expect(session.unblockUserPin()).rejects.toMatchObject({
      id: 'pin-needed',
      data: { role: 'administrator' },
    });
    expect((await session.info()).userPin.blocked).toBe(true);
  });

  it('is not for the user', async () => {
    const { session } = await insertAs('user', newCard());
    await expect(session.unblockUserPin()).rejects.toMatchObject({
      id: 'pin-needed',
      data: { role: 'administrator' },
    });
  });

  it('is not allowed where the token lets nobody do it', async () => {
    const state = newCard({ profile: 'user-pin-blocked' }).snapshot();
    for (const file of state.root?.children ?? []) {
      if (file.type === 'pin' && file.id === 2) {
        const access = Buffer.from(file.access, 'base64');
        access[1] = 0xff;
        file.access = access.toString('base64');
      }
    }
    const { session } = await insertAs('administrator', cardFrom(state));
    await expect(session.unblockUserPin()).rejects.toMatchObject({
      id: 'pin-not-allowed',
      data: { role: 'user' },
    });
  });
});

describe('who may change the user PIN', () => {
  const policies = ['administrator', 'user', 'both'] as const;
  const allowed: Record<(typeof policies)[number], readonly PinRole[]> = {
    administrator: ['administrator'],
    user: ['user'],
    both: ['administrator', 'user'],
  };
  const cases = policies.flatMap((changedBy) =>
    (['administrator', 'user'] as const).map((login) => ({ changedBy, login })),
  );

  it.each(cases)('$changedBy, when the $login is logged in', async ({ changedBy, login }) => {
    const { session, card } = await insertAs(login, newCard({ userPinChangedBy: changedBy }));
    const change = session.setPin('user', pin('Kaztoken77'));
    if (allowed[changedBy].includes(login)) {
      await change;
      expect(await opens(card, 'user', 'Kaztoken77')).toBe(true);
    } else {
      await expect(change).rejects.toMatchObject({
        id: 'pin-not-allowed',
        data: { role: 'user', changedBy },
      });
      expect(await opens(card, 'user', userPin)).toBe(true);
    }
  });

  it.each([
    ['administrator', 'administrator'],
    ['user', 'user'],
    ['both', 'user'],
  ] as const)('%s, when nobody is logged in: the PIN of the %s is needed', async (changedBy, role) => {
    const { session } = await insert(newCard({ userPinChangedBy: changedBy }));
    await expect(session.setPin('user', pin('Kaztoken77'))).rejects.toMatchObject({
      id: 'pin-needed',
      data: { role },
    });
  });

  it('is not known where the token hides its rules, and so is what stands against it', async () => {
    const hidden = { userPinChangedBy: 'administrator', unverified: { pinFileSelectable: false } } as const;
    const { session } = await insertAs('user', newCard(hidden));
    await expect(session.setPin('user', pin('Kaztoken77'))).rejects.toMatchObject({
      id: 'pin-not-allowed',
      data: { role: 'user' },
    });
    const nobody = await insert(newCard(hidden));
    await expect(nobody.session.setPin('user', pin('Kaztoken77'))).rejects.toMatchObject({
      id: 'pin-needed',
      data: { role: 'user' },
    });
  });
});

describe('the administrator PIN', () => {
  it('is changed by the administrator', async () => {
    const { session, card } = await insertAs('administrator', newCard());
    await session.setPin('administrator', pin('another-admin'));
    expect(await opens(card, 'administrator', 'another-admin')).toBe(true);
    expect(await opens(card, 'administrator', administratorPin)).toBe(false);
  });

  it.each(['nobody', 'user'] as const)('is not changed when %s is logged in', async (login) => {
    const { session } = login === 'user' ? await insertAs('user', newCard()) : await insert(newCard());
    await expect(session.setPin('administrator', pin('another-admin'))).rejects.toMatchObject({
      id: 'pin-needed',
      data: { role: 'administrator' },
    });
  });

  it('is needed again after the logout', async () => {
    const { session } = await insertAs('administrator', newCard());
    await session.logout();
    await expect(session.setPin('administrator', pin('another-admin'))).rejects.toMatchObject({
      id: 'pin-needed',
    });
  });
});

interface Action {
  readonly name: string;
  readonly start: () => CardState;
  readonly login: PinRole;
  readonly work: (session: TokenSession) => Promise<void>;
  /** PINs of which exactly one opens the token at any time. */
  readonly oneOf: { readonly role: PinRole; readonly old: string; readonly new: string } | undefined;
}

const blocked = (): CardState => newCard({ profile: 'user-pin-blocked' }).snapshot();
const factory = (): CardState => newCard().snapshot();

const actions: readonly Action[] = [
  {
    name: 'unblocking',
    start: blocked,
    login: 'administrator',
    work: (session) => session.unblockUserPin(),
    oneOf: undefined,
  },
  {
    name: 'unblocking with a new user PIN',
    start: blocked,
    login: 'administrator',
    work: async (session) => {
      await session.unblockUserPin();
      await session.setPin('user', pin('Kaztoken77'));
    },
    oneOf: { role: 'user', old: userPin, new: 'Kaztoken77' },
  },
  {
    name: 'the change of the user PIN by the user',
    start: factory,
    login: 'user',
    work: (session) => session.setPin('user', pin('Kaztoken77')),
    oneOf: { role: 'user', old: userPin, new: 'Kaztoken77' },
  },
  {
    name: 'the change of the user PIN by the administrator',
    start: factory,
    login: 'administrator',
    work: (session) => session.setPin('user', pin('Kaztoken77')),
    oneOf: { role: 'user', old: userPin, new: 'Kaztoken77' },
  },
  {
    name: 'the change of the administrator PIN',
    start: factory,
    login: 'administrator',
    work: (session) => session.setPin('administrator', pin('another-admin')),
    oneOf: { role: 'administrator', old: administratorPin, new: 'another-admin' },
  },
];

describe.each(actions)('$name, cut off at any command', ({ start, login, work, oneOf }) => {
  /** The action on a card of its own, from its own login on, with what is armed there. */
  async function run(arm: (card: FaultyCard) => void) {
    const memory = cardFrom(start());
    const card = new FaultyCard(memory);
    const { session, transport } = await insert(card);
    await session.login(login, pin(pins[login]));
    const before = transport.commands.length;
    arm(card);
    const failure = await work(session).then(
      () => undefined,
      (error: unknown) => error,
    );
    card.disarm();
    card.insert();
    return { card, memory, failure, commands: transport.commands.length - before };
  }

  it('is done or not done, loses no PIN, and can be repeated', async () => {
    const { commands } = await run(() => undefined);
    for (const when of ['before', 'after'] as const) {
      for (let nth = 1; nth <= commands; nth += 1) {
        const { card, failure } = await run((faulty) => faulty.arm({ do: 'remove', nth, when }));
        const cut = `removed ${when} command ${String(nth)} of ${String(commands)}`;
        expect(failure, cut).toMatchObject({ id: 'token-removed' });
        if (oneOf !== undefined) {
          const { session } = await insert(card);
          const isBlocked = oneOf.role === 'user' && (await session.info()).userPin.blocked;
          const found = [await opens(card, oneOf.role, oneOf.old), await opens(card, oneOf.role, oneOf.new)];
          expect(found.filter(Boolean), cut).toHaveLength(isBlocked ? 0 : 1);
        }
        const changedOwn = oneOf?.role === login && (await opens(card, login, oneOf.new));
        const { session } = await insert(card);
        await session.login(login, pin(changedOwn ? oneOf.new : pins[login]));
        await work(session);
        expect((await session.info()).userPin, cut).toMatchObject({ blocked: false });
        if (oneOf !== undefined) expect(await opens(card, oneOf.role, oneOf.new), cut).toBe(true);
        else expect(await opens(card, 'user', userPin), cut).toBe(true);
      }
    }
  });
});

describe('a user PIN that a power failure has torn', () => {
  it('is set again by the administrator', async () => {
    const card = new FaultyCard(newCard());
    const { session } = await insert(card);
    await session.login('user', pin(userPin));
    card.arm({ do: 'tear', command: 'CHANGE-PIN' });
    await expect(session.setPin('user', pin('Kaztoken77'))).rejects.toMatchObject({ id: 'token-removed' });
    card.insert();
    const later = await insert(card);
    await later.session.login('administrator', pin(administratorPin));
    await later.session.setPin('user', pin('Kaztoken77'));
    expect(await opens(card, 'user', 'Kaztoken77')).toBe(true);
  });
});

describe('a name that a power failure has torn', () => {
  it('is given again, and nothing else is kept from being written', async () => {
    const plain = newCard();
    const card = new FaultyCard(plain);
    const { session } = await insert(card);
    await session.login('user', pin(userPin));
    await session.createPkcs15('qq111111');
    for (let bytes = 0; bytes < 60; bytes += 7) {
      card.arm({ do: 'tear', command: 'UPDATE', bytes });
      const torn = await insert(card);
      await torn.session.login('user', pin(userPin));
      await torn.session.setLabel(`A much longer name than ${String(bytes)}`).catch(() => undefined);
      card.insert();
      const later = await insert(card);
      expect((await later.session.info()).layout).toBe('complete');
      await later.session.login('user', pin(userPin));
      await later.session.writeDataObject({
        application: 'Kilt',
        label: 'note',
        content: Uint8Array.of(bytes),
      });
      await later.session.setLabel('Branch 7');
      const { session: shown } = await insert(card);
      expect((await shown.info()).label).toBe('Branch 7');
      expect((await shown.objects()).dataObjects[0]?.content).toEqual(Uint8Array.of(bytes));
    }
  });
});
