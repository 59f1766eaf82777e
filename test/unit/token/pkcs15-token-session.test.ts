import { createPublicKey, verify } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { asDer } from '#shared/bytes.ts';
import { overTransport } from '#main/token/card-channel.ts';
import { CardFiles } from '#main/token/card-files.ts';
import { Kaztoken } from '#main/token/kaztoken.ts';
import { parseTokenInformation } from '#main/token/pkcs15/token-information.ts';
import { cardOnTransport } from '#test/support/card-on-transport.ts';
import type { VirtualCard } from '#test/virtual-token/card.ts';
import type { TokenSession } from '#main/token/token-session.ts';
import { cardFrom, derOf, filesOn, insert, insertAsUser, newCard } from './virtual-token-world.ts';

const signature = { id: '5167', label: 'Signature', bits: 2048, usage: ['sign', 'nonRepudiation'] } as const;
const signIn = { id: '6c6f67696e', label: 'Sign-in', bits: 2048, usage: ['sign'] } as const;
const certificate = asDer(derOf(1234, 0x11));
const profile = {
  application: 'Kilt',
  label: 'profile',
  content: new TextEncoder().encode('{"userId":"qq111111"}'),
};

async function everything(session: TokenSession): Promise<void> {
  await session.createPkcs15('qq111111');
  await session.generateRsaKeyPair(signature);
  await session.generateRsaKeyPair(signIn);
  await session.storeCertificate({ id: signature.id, label: 'Signature', der: certificate });
  await session.storeCertificate({ id: signIn.id, label: 'Sign-in', der: asDer(derOf(900, 0x22)) });
  await session.writeDataObject(profile);
}

describe.each(['keeps-folder', 'new-file'] as const)('a token whose CREATE FILE %s', (createSelects) => {
  const card = (): ReturnType<typeof newCard> => newCard({ unverified: { createSelects } });

  it('gets two key pairs, certificates and a profile, and shows them without a PIN afterwards', async () => {
    const first = await insertAsUser(card());
    expect(await first.session.hasPkcs15()).toBe(false);
    await everything(first.session);

    const { session } = await insert(first.card);
    expect(await session.hasPkcs15()).toBe(true);
    expect((await session.info()).label).toBe('qq111111');
    const objects = await session.objects();
    expect(objects.keys).toEqual([
      {
        id: signature.id,
        label: 'Signature',
        algorithm: 'rsa',
        bits: 2048,
        reference: 1,
        usage: ['sign', 'nonRepudiation'],
      },
      { id: signIn.id, label: 'Sign-in', algorithm: 'rsa', bits: 2048, reference: 2, usage: ['sign'] },
    ]);
    expect(objects.certificates).toEqual([
      { id: signature.id, label: 'Signature', der: certificate },
      { id: signIn.id, label: 'Sign-in', der: derOf(900, 0x22) },
    ]);
    expect(objects.dataObjects).toEqual([profile]);
  });

  it('signs so that the public key it gave accepts the signature', async () => {
    const { session } = await insertAsUser(card());
    await session.createPkcs15('label');
    const given = await session.generateRsaKeyPair(signature);
    const data = new TextEncoder().encode('a payment order');
    const signed = await session.signSha256(signature.id, data);
    const key = createPublicKey({ key: Buffer.from(given), format: 'der', type: 'spki' });
    expect(verify('sha256', data, key, signed)).toBe(true);
    expect(verify('sha256', new TextEncoder().encode('another order'), key, signed)).toBe(false);
  });
});

describe('writing again what is there', () => {
  it('changes nothing on the token', async () => {
    const { session, card } = await insertAsUser(newCard());
    await everything(session);
    const files = filesOn(card);
    const again = await insertAsUser(card);
    await everything(again.session);
    expect(filesOn(card)).toEqual(files);
    expect(again.transport.commands.some((command) => command.startsWith('00d6'))).toBe(false);
    expect(again.transport.commands.some((command) => command.startsWith('00e0'))).toBe(false);
  });

  it('gives the same public key, and no second pair', async () => {
    const { session, card } = await insertAsUser(newCard());
    await session.createPkcs15('label');
    const first = await session.generateRsaKeyPair(signature);
    const again = await insertAsUser(card);
    expect(await again.session.generateRsaKeyPair(signature)).toEqual(first);
    expect((await again.session.objects()).keys).toHaveLength(1);
  });

  it('with other content replaces it and leaves no file behind', async () => {
    const { session, card } = await insertAsUser(newCard());
    await everything(session);
    const count = filesOn(card).length;
    const renewed = asDer(derOf(1500, 0x33));
    const longer = { ...profile, content: new Uint8Array(700).fill(7) };
    await session.storeCertificate({ id: signature.id, label: 'Signature', der: renewed });
    await session.writeDataObject(longer);
    expect(filesOn(card)).toHaveLength(count);
    const { certificates, dataObjects } = await (await insert(card)).session.objects();
    expect(certificates.find(({ id }) => id === signature.id)?.der).toEqual(renewed);
    expect(certificates).toHaveLength(2);
    expect(dataObjects).toEqual([longer]);
  });

  it('under another label changes the label of the token and of a certificate', async () => {
    const { session, card } = await insertAsUser(newCard());
    await everything(session);
    await session.setLabel('Иванов');
    await session.storeCertificate({ id: signature.id, label: 'Подпись', der: certificate });
    const later = (await insert(card)).session;
    expect((await later.info()).label).toBe('Иванов');
    expect((await later.objects()).certificates.map(({ label }) => label).sort()).toEqual([
      'Sign-in',
      'Подпись',
    ]);
  });
});

describe('the time of the last change, by which other programs know that what they remember is out of date,', () => {
  /** In EF TokenInfo, seconds being its finest step. */
  async function lastUpdate(card: VirtualCard): Promise<number> {
    const content = await new CardFiles(new Kaztoken(overTransport(cardOnTransport(card)))).read([
      0x5000, 0x5032,
    ]);
    return parseTokenInformation(content ?? new Uint8Array())?.lastUpdate?.getTime() ?? 0;
  }

  it('moves on with every change, however quickly one follows the other', async () => {
    const { session, card } = await insertAsUser(newCard());
    await session.createPkcs15('label');
    const created = await lastUpdate(card);
    await (await insertAsUser(card)).session.writeDataObject(profile);
    const written = await lastUpdate(card);
    await (await insertAsUser(card)).session.deleteDataObject('Kilt', 'profile');
    expect(written).toBeGreaterThan(created);
    expect(await lastUpdate(card)).toBeGreaterThan(written);
  });

  it('moves on before the first change, so that a change that is cut off is noticed too', async () => {
    const { session, card } = await insertAsUser(newCard());
    await session.createPkcs15('label');
    const before = await lastUpdate(card);
    const files = filesOn(card);
    for (let left = 0; filesOn(card).length === files.length; left += 1) {
      const cut = await insertAsUser(card);
      cut.transport.removeAfter(left);
      await cut.session.writeDataObject(profile).catch(() => undefined);
    }
    expect(await lastUpdate(card)).toBeGreaterThan(before);
  });

  it('stays when nothing changes', async () => {
    const { session, card } = await insertAsUser(newCard());
    await session.createPkcs15('label');
    await session.writeDataObject(profile);
    const before = await lastUpdate(card);
    const again = await insertAsUser(card);
    await again.session.writeDataObject(profile);
    await again.session.objects();
    expect(await lastUpdate(card)).toBe(before);
  });
});

describe('the number of commands', () => {
  it('stays small, because every one of them is time that the user waits', async () => {
    const { session, card, transport } = await insertAsUser(newCard());
    const taken = async (work: Promise<unknown>): Promise<number> => {
      const before = transport.commands.length;
      await work;
      return transport.commands.length - before;
    };
    expect(await taken(session.createPkcs15('label'))).toBeLessThanOrEqual(27);
    expect(await taken(session.generateRsaKeyPair(signature))).toBeLessThanOrEqual(16);
    expect(await taken(session.signSha256(signature.id, new Uint8Array(3)))).toBeLessThanOrEqual(4);
    const store = session.storeCertificate({ id: signature.id, label: 'Signature', der: certificate });
    expect(await taken(store)).toBeLessThanOrEqual(11);
    const later = await insert(card);
    await later.session.info();
    await later.session.objects();
    expect(later.transport.commands.length).toBeLessThanOrEqual(24);
  });
});

describe('files', () => {
  it('are never made without their directory having been selected since the last one was', async () => {
    const { session, transport } = await insertAsUser(newCard());
    await everything(session);
    const commands = transport.commands
      .map((command) => command.slice(2, 4))
      .filter((ins) => ins === 'e0' || ins === 'a4');
    expect(commands.filter((ins) => ins === 'e0').length).toBeGreaterThan(10);
    commands.forEach((ins, i) => {
      if (ins === 'e0') expect(commands[i - 1]).toBe('a4');
    });
  });
});

describe('signing', () => {
  it('with a key that is not there says so', async () => {
    const { session } = await insertAsUser(newCard());
    await session.createPkcs15('label');
    await expect(session.signSha256('99', new Uint8Array())).rejects.toMatchObject({ id: 'key-not-found' });
  });

  it('without login asks for the PIN', async () => {
    const { session, card } = await insertAsUser(newCard());
    await session.createPkcs15('label');
    await session.generateRsaKeyPair(signature);
    const later = await insert(card);
    await expect(later.session.signSha256(signature.id, new Uint8Array(3))).rejects.toMatchObject({
      id: 'pin-needed',
    });
  });

  it('gives away no signature that the public key does not accept', async () => {
    const { session, card, transport } = await insertAsUser(newCard());
    await session.createPkcs15('label');
    await session.generateRsaKeyPair(signature);
    const transmit = card.transmit.bind(card);
    card.transmit = async (command) => {
      const answer = await transmit(command);
      if (command[1] === 0x2a && answer.length > 2) answer[17] = (answer[17] ?? 0) ^ 1;
      return answer;
    };
    await expect(session.signSha256(signature.id, new Uint8Array(3))).rejects.toMatchObject({
      id: 'token-answer-unexpected',
      data: { step: 'sign' },
    });
    expect(transport.commands.at(-1)).toMatch(/^002a9e9a/);
  });
});

describe('a damaged token', () => {
  it.each([
    ['ODF', 0x5031],
    ['PrKDF', 0x6002],
    ['CDF', 0x6004],
  ])('whose %s holds garbage is called damaged', async (file, id) => {
    const { session, card } = await insertAsUser(newCard());
    await everything(session);
    const state = card.snapshot();
    const application = state.root?.children.find((child) => child.id === 0x5000);
    if (application?.type !== 'folder') throw new Error('no application');
    for (const child of application.children) {
      if (child.id === id && child.type === 'data') {
        child.content = Buffer.alloc(Buffer.from(child.content, 'base64').length, 0x30)
          .fill(0x84, 1, 2)
          .toString('base64');
      }
    }
    const later = (await insert(cardFrom(state))).session;
    await expect(later.objects()).rejects.toMatchObject({ id: 'token-layout-damaged', data: { file } });
    expect((await later.info()).label).toBe('qq111111');
  });
});
