import { afterEach, describe, expect, it, vi } from 'vitest';
import { fromHex } from '#shared/bytes.ts';
import {
  administratorPin,
  formatUntil,
  insert,
  insertAsUser,
  newCard,
  newLayout,
  pin,
  userPin,
} from './virtual-token-world.ts';
import { reader, stopWatching, token, watching, worldWithReader } from './watch-world.ts';

const profile = { application: 'Kilt', label: 'profile', content: Uint8Array.of(1, 2, 3) };

afterEach(stopWatching);

async function ready(card = newCard()) {
  const world = await worldWithReader();
  const service = await watching(world);
  world.put(reader, card);
  const { id } = await token(service);
  return { service, id, card };
}

describe('a token that is put in', () => {
  it.each([
    ['without any files', async () => newCard({ profile: 'blank' })],
    [
      'whose format was cut off',
      async () => {
        const insertion = await insert(newCard());
        await formatUntil(insertion, 'user-pin');
        return insertion.card;
      },
    ],
  ] as const)('%s is shown as half-formatted, with its serial number and no error', async (_name, make) => {
    const world = await worldWithReader();
    world.put(reader, await make());
    const known = await token(await watching(world));
    expect(known).toMatchObject({
      state: 'ready',
      info: { serial: '47738461', layout: 'half-formatted' },
      objects: { keys: [], certificates: [], dataObjects: [] },
    });
    expect(known.error).toBeUndefined();
  });
});

describe('work on a token', () => {
  it('that makes the PKCS#15 application is seen to have done so', async () => {
    const { service, id } = await ready();
    expect((await token(service)).info?.layout).toBe('none');
    await service.withSession(id, async (session) => {
      await session.login('user', pin(userPin));
      await session.createPkcs15('qq111111');
    });
    expect((await token(service)).info).toMatchObject({ layout: 'complete', label: 'qq111111' });
  });

  it('that formats the token is followed by reading all of it anew', async () => {
    const filled = await insertAsUser(newCard());
    await filled.session.createPkcs15('qq111111');
    await filled.session.writeDataObject(profile);
    const { service, id } = await ready(filled.card);
    await service.withSession(id, (session) => session.format(newLayout()));
    expect(await token(service)).toMatchObject({
      id,
      info: { label: 'Branch 7', layout: 'complete', userPin: { maxAttempts: 5, minLength: 6 } },
      objects: { dataObjects: [] },
    });
  });

  it('that formats the token and fails shows what it has left', async () => {
    const { service, id, card } = await ready();
    const refuse = vi.spyOn(card, 'transmit');
    await expect(
      service.withSession(id, (session) =>
        session.format(newLayout(), (stage) => {
          if (stage === 'user-pin') refuse.mockResolvedValueOnce(fromHex('6F 00'));
        }),
      ),
    ).rejects.toMatchObject({
      id: 'format-interrupted',
      data: { stage: 'user-pin', cause: 'token-answer-unexpected', statusWord: '6F00' },
    });
    await expect.poll(async () => (await token(service)).info?.layout).toBe('half-formatted');
  });

  it('that wipes the token and loses the answer shows what it has left', async () => {
    const { service, id, card } = await ready();
    const transmit = card.transmit.bind(card);
    vi.spyOn(card, 'transmit').mockImplementation(async (command) => {
      const answer = await transmit(command);
      return command[0] === 0x80 && command[1] === 0x8a ? fromHex('6F 00') : answer;
    });
    await expect(service.withSession(id, (session) => session.format(newLayout()))).rejects.toMatchObject({
      id: 'token-answer-unexpected',
      data: { step: 'erase-all' },
    });
    await expect.poll(async () => (await token(service)).info?.layout).toBe('half-formatted');
  });

  it('that unblocks the user PIN shows all its tries', async () => {
    const { service, id } = await ready(newCard({ profile: 'user-pin-blocked' }));
    expect((await token(service)).info?.userPin.blocked).toBe(true);
    await service.withSession(id, async (session) => {
      await session.login('administrator', pin(administratorPin));
      await session.unblockUserPin();
    });
    expect((await token(service)).info?.userPin).toMatchObject({ attemptsLeft: 10, blocked: false });
  });
});
