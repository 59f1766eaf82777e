import { describe, expect, it } from 'vitest';
import { fromHex } from '#shared/bytes.ts';
import type { VirtualCard } from '#test/virtual-token/card.ts';
import {
  bytesOf,
  cardFrom,
  formatUntil,
  insert,
  insertAsUser,
  isUsable,
  newCard,
  newLayout,
  storedFiles,
} from './virtual-token-world.ts';

describe('a token without any files', () => {
  it('is half-formatted, tells its serial number and nothing of PINs, and is made whole', async () => {
    const { session, card } = await insert(newCard({ profile: 'blank' }));
    const unknown = {
      attemptsLeft: null,
      maxAttempts: null,
      minLength: null,
      blocked: false,
      changedBy: null,
    };
    expect(await session.info()).toMatchObject({
      serial: '47738461',
      label: null,
      userPin: unknown,
      administratorPin: unknown,
      layout: 'half-formatted',
    });
    expect(await session.objects()).toEqual({ keys: [], certificates: [], dataObjects: [] });
    await session.format(newLayout());
    await isUsable(card, newLayout());
  });
});

describe('a token that is not half-formatted', () => {
  it.each([
    ['default-pins', 'none'],
    ['user-pin-blocked', 'none'],
    ['administrator-pin-blocked', 'none'],
    ['nearly-full', 'none'],
    ['formatted', 'complete'],
  ] as const)('%s: %s', async (profile, layout) => {
    for (const unverified of [{}, { pinFileSelectable: false }]) {
      const { session } = await insert(newCard({ profile, unverified }));
      expect((await session.info()).layout).toBe(layout);
    }
  });

  it('is one whose registration was cut off while its application was made', async () => {
    const initial = newCard().snapshot();
    const whole = await insertAsUser(cardFrom(initial));
    const before = whole.transport.commands.length;
    await whole.session.createPkcs15('qq111111');
    expect((await whole.session.info()).layout).toBe('complete');
    const commands = whole.transport.commands.length - before;
    for (let left = 0; left < commands; left += 1) {
      const card = cardFrom(initial);
      const cut = await insertAsUser(card);
      cut.transport.removeAfter(left);
      await cut.session.createPkcs15('qq111111').catch(() => undefined);
      expect((await (await insert(card)).session.info()).layout).not.toBe('half-formatted');
    }
  });
});

describe('a format that OpenSC has not finished', () => {
  const openscCard = (change: (state: ReturnType<VirtualCard['snapshot']>) => void): VirtualCard => {
    const state = newCard({ profile: 'formatted' }).snapshot();
    change(state);
    return cardFrom(state);
  };
  const without = (state: ReturnType<VirtualCard['snapshot']>, ...ids: number[]): void => {
    if (state.root) state.root.children = state.root.children.filter(({ id }) => !ids.includes(id));
  };

  it.each([
    ['nothing but the master file', [0x0001, 0x0002, 0x1000, 0x2f00, 0x5000]],
    ['no PINs', [0x0001, 0x0002]],
    ['no administrator PIN', [0x0001]],
    ['no user PIN', [0x0002]],
  ])('is recognised: %s', async (_name, missing) => {
    const { session } = await insert(openscCard((state) => without(state, ...missing)));
    expect(await session.info()).toMatchObject({ layout: 'half-formatted', label: null });
  });

  it('is recognised: a user PIN that has no value and is not in AODF', async () => {
    const card = openscCard((state) => {
      for (const { path, file } of storedFiles(state)) {
        if (path === '/3f00/0002' && file.type === 'pin') file.value = null;
        if (path === '/3f00/5000/6005' && file.type === 'data') {
          const content = Buffer.from(file.content, 'base64');
          content.fill(0, 2 + (content[1] ?? 0));
          file.content = content.toString('base64');
        }
      }
    });
    const { session } = await insert(card);
    expect((await session.info()).layout).toBe('half-formatted');
    await session.format(newLayout());
    await isUsable(card, newLayout());
  });
});

describe('a registration', () => {
  it('is not begun on a token whose format was interrupted', async () => {
    const first = await insert(newCard());
    await formatUntil(first, 'application');
    const { card } = first;
    const later = await insert(card);
    await later.session.login('user', newLayout().userPin);
    expect(await later.session.hasPkcs15()).toBe(false);
    await expect(later.session.createPkcs15('qq111111')).rejects.toMatchObject({ id: 'format-interrupted' });
  });
});

describe('the mark of a format that is under way', () => {
  it('is no part of what TokenInfo says', async () => {
    const first = await insert(newCard());
    await formatUntil(first, 'application');
    const { card } = first;
    const file = storedFiles(card.snapshot()).find(({ path }) => path === '/3f00/5000/5032')?.file;
    const content = file?.type === 'data' ? fromHex(bytesOf(file.content)) : new Uint8Array();
    expect(content.at(-1)).toBe(0x46);
    expect(content[1]).toBeLessThan(0x70);
    expect((await (await insert(card)).session.info()).layout).toBe('half-formatted');
  });
});
