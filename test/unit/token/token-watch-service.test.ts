import { afterEach, describe, expect, it, vi } from 'vitest';
import { asDer, fromHex } from '#shared/bytes.ts';
import type { TokenSession } from '#main/token/token-session.ts';
import { TokenWatchService } from '#main/token/token-watch-service.ts';
import type { VirtualCard } from '#test/virtual-token/card.ts';
import { ReaderWorld } from './reader-world.ts';
import { reader, stopWatching, token, watching, worldWithReader } from './watch-world.ts';
import { derOf, insert, insertAsUser, newCard, pin, userPin } from './virtual-token-world.ts';

const profile = { application: 'Kilt', label: 'profile', content: Uint8Array.of(1, 2, 3) };

afterEach(stopWatching);

/** The card says 9000 to an empty VERIFY of a PIN that is logged in, and 63Cx otherwise. */
async function isLoggedIn(card: VirtualCard): Promise<boolean> {
  const [sw1] = await card.transmit(fromHex('00 20 00 02'));
  return sw1 === 0x90;
}

/** The state of the only token after each change from now on, and why. */
function follow(service: TokenWatchService): readonly string[] {
  const seen: string[] = [];
  service.onChange(() => {
    const [known] = service.tokens();
    seen.push(`${known?.state ?? 'none'} ${known?.error?.id ?? ''}`.trim());
  });
  return seen;
}

describe('why no token can be used', () => {
  it('is said at every stage, from no service to a token that is ready', async () => {
    const world = new ReaderWorld();
    world.setService('off');
    const service = new TokenWatchService(world);
    expect(service.presence()).toBe('starting');
    await service.start();
    expect(service.presence()).toBe('service-off');
    world.setService('on');
    expect(service.presence()).toBe('no-reader');
    world.addReader(reader);
    expect(service.presence()).toBe('no-token');
    world.put(reader, fromHex('3B65000020636A'));
    expect(service.presence()).toBe('unsupported');
    world.put(reader, newCard(), 'exclusive');
    expect(service.presence()).toBe('in-use');
    world.setState(reader, 'present');
    await token(service);
    expect(service.presence()).toBe('ready');
    world.pull(reader);
    expect(service.presence()).toBe('no-token');
    world.removeReader(reader);
    expect(service.presence()).toBe('no-reader');
    await service.stop();
    expect(world.events.at(-1)).toBe('stopped');
  });

  it('is told of a reader whose card does not answer', async () => {
    const world = await worldWithReader();
    world.put(reader, fromHex(''), 'mute');
    const known = await token(await watching(world), 'mute');
    expect(known.error).toMatchObject({ id: 'token-mute' });
  });
});

describe('a token that is put in', () => {
  it('is shown at once, and with its contents once they are read', async () => {
    const filled = await insertAsUser(newCard());
    await filled.session.createPkcs15('qq111111');
    await filled.session.writeDataObject(profile);
    const world = await worldWithReader();
    const service = await watching(world);
    const seen: string[] = [];
    service.onChange(() => seen.push(service.tokens()[0]?.state ?? 'none'));
    world.put(reader, filled.card);
    expect(service.tokens()[0]).toMatchObject({ reader, state: 'reading' });
    const known = await token(service);
    expect(known).toMatchObject({
      info: { label: 'qq111111', serial: '47738461' },
      objects: { dataObjects: [profile] },
    });
    expect(seen).toEqual(['reading', 'ready']);
    expect(world.openTransactions).toBe(0);
  });

  it('is another one after it was pulled and put back, even when that was not noticed in between', async () => {
    const world = await worldWithReader();
    const service = await watching(world);
    const card = newCard();
    world.put(reader, card);
    const first = await token(service);
    world.put(reader, card);
    const second = await token(service);
    expect(second.id).not.toBe(first.id);
    await expect(service.withSession(first.id, (session) => session.info())).rejects.toMatchObject({
      id: 'token-removed',
    });
  });

  it('that is damaged is shown with what could be read and why it can not be used', async () => {
    const filled = await insertAsUser(newCard());
    await filled.session.createPkcs15('qq111111');
    // UPDATE BINARY of ODF, which anyone may write: an entry that is longer than the file.
    await filled.card.transmit(fromHex('00 A4 08 00 04 50 00 50 31 00'));
    await filled.card.transmit(fromHex('00 D6 00 00 03 A8 82 FF'));
    const world = await worldWithReader();
    world.put(reader, filled.card);
    const known = await token(await watching(world));
    expect(known.error).toMatchObject({ id: 'token-layout-damaged' });
    expect(known.info?.label).toBe('qq111111');
    expect(known.objects).toBeUndefined();
  });

  it('beside another one is read on its own', async () => {
    const world = await worldWithReader();
    world.addReader('second');
    const service = await watching(world);
    world.put(reader, newCard({ serial: '00000001' }));
    world.put('second', newCard({ serial: '00000002' }));
    await expect.poll(() => service.tokens().map(({ info }) => info?.serial)).toEqual(['01', '02']);
    world.pull(reader);
    expect(service.tokens().map(({ info }) => info?.serial)).toEqual(['02']);
  });
});

describe('a token that does not answer', () => {
  it('is looked at again by itself, and read as soon as it does', async () => {
    const world = await worldWithReader();
    world.connectErrors.push('token-mute', 'token-mute');
    const service = await watching(world);
    const seen = follow(service);
    world.put(reader, newCard());
    await token(service);
    expect(seen).toContain('mute token-mute');
    expect(seen.at(-1)).toBe('ready');
  });
});

describe('a token that another program uses', () => {
  it('is shown as in use and read as soon as it is free', async () => {
    const world = await worldWithReader();
    world.connectErrors.push('token-in-use', 'token-in-use', 'token-in-use');
    const service = await watching(world);
    const seen = follow(service);
    world.put(reader, newCard());
    await token(service);
    expect(seen[0]).toBe('reading');
    expect(seen).toContain('in-use token-in-use');
    expect(seen.at(-1)).toBe('ready');
  });

  it('is waited for by work, for a while', async () => {
    const world = await worldWithReader();
    const service = await watching(world);
    world.put(reader, newCard());
    const { id } = await token(service);
    world.connectErrors.push('token-in-use', 'token-in-use');
    expect(await service.withSession(id, async (session) => session.serial)).toBe('47738461');
  });

  it('is given up when the wait was in vain', async () => {
    const world = await worldWithReader();
    const service = await watching(world, 20);
    world.put(reader, newCard());
    const { id } = await token(service);
    world.connectErrors.push(...Array.from({ length: 100 }, () => 'token-in-use' as const));
    await expect(service.withSession(id, (session) => session.info())).rejects.toMatchObject({
      id: 'token-in-use',
    });
  });
});

describe('work on a token', () => {
  const ready = async (card = newCard()) => {
    const world = await worldWithReader();
    const service = await watching(world);
    world.put(reader, card);
    const { id } = await token(service);
    return { world, service, id, card };
  };

  it('is done one after the other, each in a transaction of its own', async () => {
    const { world, service, id } = await ready();
    const order: string[] = [];
    const work = (name: string) => async (session: TokenSession) => {
      order.push(`${name} begins`);
      expect(world.openTransactions).toBe(1);
      await session.info();
      order.push(`${name} ends`);
    };
    await Promise.all([service.withSession(id, work('a')), service.withSession(id, work('b'))]);
    expect(order).toEqual(['a begins', 'a ends', 'b begins', 'b ends']);
    expect(world.openTransactions).toBe(0);
  });

  it.each(['succeeds', 'fails'])(
    'ends the login, the transaction and the connection when it %s',
    async (outcome) => {
      const { world, service, id, card } = await ready();
      const result = service.withSession(id, async (session) => {
        await session.login('user', pin(userPin));
        if (outcome === 'fails') throw new Error('a defect');
      });
      await (outcome === 'fails' ? expect(result).rejects.toThrow('a defect') : result);
      expect(world.openTransactions).toBe(0);
      expect(world.events.at(-1)).toBe('closed');
      expect(await isLoggedIn(card)).toBe(false);
    },
  );

  it('that failed does not hold up the next', async () => {
    const { service, id } = await ready();
    await expect(service.withSession(id, () => Promise.reject(new Error('a defect')))).rejects.toThrow();
    expect(await service.withSession(id, async (session) => session.serial)).toBe('47738461');
  });

  it('shows what it has written', async () => {
    const { service, id } = await ready();
    await service.withSession(id, async (session) => {
      await session.login('user', pin(userPin));
      await session.createPkcs15('qq111111');
      await session.writeDataObject(profile);
      await session.storeCertificate({ id: '01', label: 'c', der: asDer(derOf(300, 1)) });
    });
    const [known] = service.tokens();
    expect(known).toMatchObject({
      id,
      state: 'ready',
      info: { label: 'qq111111' },
      objects: { dataObjects: [profile] },
    });
    expect(known?.objects?.certificates).toHaveLength(1);
  });

  it('shows how many tries are left after a wrong PIN, and all of them after the right one', async () => {
    const { service, id } = await ready();
    const attempts = (): number | null | undefined => service.tokens()[0]?.info?.userPin.attemptsLeft;
    await expect(
      service.withSession(id, (session) => session.login('user', pin('wrong'))),
    ).rejects.toMatchObject({
      id: 'wrong-pin',
    });
    expect(attempts()).toBe(9);
    const exchanges = service.trace.exchanges;
    await service.withSession(id, (session) => session.login('user', pin(userPin)));
    expect(attempts()).toBe(10);
    expect(service.trace.exchanges - exchanges, 'serial number, VERIFY, logout').toBe(3);
  });

  it('on a token that is pulled meanwhile fails, and the token is gone', async () => {
    const { world, service, id } = await ready();
    const result = service.withSession(id, async (session) => {
      await session.login('user', pin(userPin));
      world.pull(reader);
      await session.createPkcs15('label');
    });
    await expect(result).rejects.toMatchObject({ id: 'token-removed' });
    expect(service.tokens()).toEqual([]);
    expect(world.openTransactions).toBe(0);
  });

  it('on a token that was exchanged for another one unnoticed is refused', async () => {
    const { world, service, id } = await ready();
    const other = newCard({ serial: '0000BEEF' });
    world.pull(reader, { tell: false });
    // The readers' news still speaks of the first insertion.
    vi.spyOn(world, 'connect').mockImplementation(async () => (await insert(other)).transport);
    await expect(
      service.withSession(id, (session) => session.login('user', pin(userPin))),
    ).rejects.toMatchObject({ id: 'token-swapped' });
  });

  it('on a card that is no token is refused', async () => {
    const world = await worldWithReader();
    const service = await watching(world);
    world.put(reader, fromHex('3B65000020636A'));
    const { id } = await token(service, 'unsupported');
    await expect(service.withSession(id, (session) => session.info())).rejects.toMatchObject({
      id: 'token-unsupported',
    });
    expect(world.events).toEqual([]);
  });

  it('that leaves the token half-written is followed by reading it anew', async () => {
    const { service, id, card } = await ready();
    await expect(
      service.withSession(id, async (session) => {
        await session.login('user', pin(userPin));
        await session.createPkcs15('half');
        throw new Error('a defect');
      }),
    ).rejects.toThrow('a defect');
    expect((await token(service)).info?.label).toBe('half');
    expect(await isLoggedIn(card)).toBe(false);
  });

  it('is let finish when the program quits', async () => {
    const { service, id } = await ready();
    let finished = false;
    const result = service.withSession(id, async (session) => {
      await session.login('user', pin(userPin));
      await session.createPkcs15('label');
      finished = true;
    });
    await Promise.resolve();
    await service.stop();
    await result.catch(() => undefined);
    expect(finished).toBe(true);
  });
});
