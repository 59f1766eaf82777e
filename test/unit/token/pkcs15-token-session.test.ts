import { createPublicKey, verify } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { asDer, fromHex } from '#shared/bytes.ts';
import { overTransport } from '#main/token/card-channel.ts';
import { CardFiles } from '#main/token/card-files.ts';
import { Kaztoken } from '#main/token/kaztoken.ts';
import { parseTokenInformation } from '#main/token/pkcs15/token-information.ts';
import { cardOnTransport } from '#test/support/card-on-transport.ts';
import type { VirtualCard } from '#test/virtual-token/card.ts';
import { parseSerial } from '#main/token/pkcs15-token-session.ts';
import type { TokenSession } from '#main/token/token-session.ts';
import {
  administratorPin,
  cardFrom,
  derOf,
  filesOn,
  insert,
  insertAsUser,
  newCard,
  pin,
  userPin,
} from './virtual-token-world.ts';

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

describe('what a token tells of itself', () => {
  it('is complete where the card answers all questions', async () => {
    const { session } = await insert(newCard({ minPinLength: 8, attempts: 5, userPinChangedBy: 'user' }));
    expect(await session.info()).toEqual({
      serial: '47738461',
      model: 'KAZTOKEN',
      label: null,
      userPin: { attemptsLeft: 5, maxAttempts: 5, minLength: 8, blocked: false, changedBy: 'user' },
      administratorPin: {
        attemptsLeft: 5,
        maxAttempts: 5,
        minLength: 8,
        blocked: false,
        changedBy: 'administrator',
      },
      totalMemory: 65_536,
      firmware: '30',
    });
  });

  it('has gaps, and no error, where the card does not answer', async () => {
    const { session } = await insert(
      newCard({ unverified: { pinFileSelectable: false, infoAnswered: false } }),
    );
    expect(await session.info()).toMatchObject({
      userPin: { attemptsLeft: 10, maxAttempts: null, minLength: null, changedBy: null, blocked: false },
      totalMemory: null,
      firmware: null,
    });
  });

  it.each(['eight-bytes', 'four-bytes'] as const)('is the same serial number in %s', async (serialForm) => {
    const { session } = await insert(newCard({ unverified: { serialForm } }));
    expect(session.serial).toBe('47738461');
  });

  it('is an error where the serial number is missing, because tokens could not be told apart', () => {
    expect(parseSerial(fromHex('000000000A0B0C0D'))).toBe('0A0B0C0D');
    for (const bytes of ['', '00000000']) {
      expect(() => parseSerial(fromHex(bytes))).toThrow(
        expect.objectContaining({ id: 'token-answer-unexpected' }),
      );
    }
  });

  it.each(['9000', '6F86', '63Cx'] as const)(
    'has all tries left while logged in (status query: %s)',
    async (answer) => {
      const { session } = await insertAsUser(newCard({ unverified: { statusQueryWhileLoggedIn: answer } }));
      expect((await session.info()).userPin).toMatchObject({ attemptsLeft: 10, blocked: false });
    },
  );

  it('counts the tries left down, whichever half of the byte the card keeps them in', async () => {
    for (const attemptsNibbles of [
      'both-maximum',
      'high-maximum-low-left',
      'high-left-low-maximum',
    ] as const) {
      const { session } = await insert(newCard({ unverified: { attemptsNibbles } }));
      await expect(session.login('user', pin('wrong'))).rejects.toMatchObject({ id: 'wrong-pin' });
      expect((await session.info()).userPin).toMatchObject({ attemptsLeft: 9, maxAttempts: 10 });
    }
  });

  it('shows a blocked PIN', async () => {
    const { session } = await insert(newCard({ profile: 'user-pin-blocked' }));
    const { userPin: user, administratorPin: administrator } = await session.info();
    expect(user).toMatchObject({ attemptsLeft: 0, blocked: true });
    expect(administrator).toMatchObject({ attemptsLeft: 10, blocked: false });
  });
});

describe('PINs', () => {
  it.each(['6300', '63Cx'] as const)(
    'a wrong one costs one try and says how many are left (%s)',
    async (wrongPinAnswer) => {
      const { session, transport } = await insert(newCard({ unverified: { wrongPinAnswer } }));
      await expect(session.login('user', pin('11111111'))).rejects.toMatchObject({
        id: 'wrong-pin',
        data: { role: 'user', attemptsLeft: 9 },
      });
      expect(
        transport.commands.filter((command) => command.startsWith('00200002') && command.length > 8),
      ).toHaveLength(1);
    },
  );

  it('the last wrong try says that the PIN is blocked now', async () => {
    const { session } = await insert(newCard({ attempts: 1 }));
    await expect(session.login('user', pin('11111111'))).rejects.toMatchObject({ id: 'pin-blocked' });
    await expect(session.login('user', pin(userPin))).rejects.toMatchObject({ id: 'pin-blocked' });
  });

  it('a login inherited from another program does not let a wrong PIN through', async () => {
    const { session } = await insertAsUser(newCard());
    await expect(session.login('user', pin('wrong'))).rejects.toMatchObject({ data: { attemptsLeft: 9 } });
  });

  it('the user changes the own PIN', async () => {
    const { session, card } = await insertAsUser(newCard());
    await session.setPin('user', pin('Kaztoken77'));
    const later = await insert(card);
    await later.session.login('user', pin('Kaztoken77'));
    const wrong = await insert(card);
    await expect(wrong.session.login('user', pin(userPin))).rejects.toMatchObject({ id: 'wrong-pin' });
  });

  it('a new PIN that is too short is refused before the card is asked', async () => {
    const { session, transport } = await insertAsUser(newCard({ minPinLength: 8 }));
    await expect(session.setPin('user', pin('short'))).rejects.toMatchObject({
      id: 'pin-refused',
      data: { role: 'user', minLength: 8 },
    });
    expect(transport.commands.some((command) => command.startsWith('0024'))).toBe(false);
  });

  it('a new PIN that the card refuses is a refused PIN, not an unexpected answer', async () => {
    const { session } = await insertAsUser(newCard({ unverified: { longestPin: 32 } }));
    await expect(session.setPin('user', pin('x'.repeat(33)))).rejects.toMatchObject({ id: 'pin-refused' });
  });

  it('a PIN that only the administrator may change needs the administrator', async () => {
    const { session } = await insertAsUser(newCard({ userPinChangedBy: 'administrator' }));
    await expect(session.setPin('user', pin('Kaztoken77'))).rejects.toMatchObject({
      id: 'pin-needed',
      data: { role: 'user' },
    });
    await session.login('administrator', pin(administratorPin));
    await session.setPin('user', pin('Kaztoken77'));
  });

  it('writing without login asks for the PIN and changes nothing', async () => {
    const card = newCard();
    const before = filesOn(card);
    const { session } = await insert(card);
    await expect(session.createPkcs15('label')).rejects.toMatchObject({ id: 'pin-needed' });
    expect(filesOn(card)).toEqual(before);
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

describe('removing', () => {
  it('a key pair takes its certificate and all its files, and leaves the others', async () => {
    const { session, card } = await insertAsUser(newCard());
    await session.createPkcs15('label');
    await session.generateRsaKeyPair(signIn);
    const before = filesOn(card);
    await session.generateRsaKeyPair(signature);
    await session.storeCertificate({ id: signature.id, label: 'Signature', der: certificate });
    await session.deleteKeyPair(signature.id);
    expect(filesOn(card)).toEqual(before);
    const objects = await (await insert(card)).session.objects();
    expect(objects.keys.map(({ id }) => id)).toEqual([signIn.id]);
    expect(objects.certificates).toEqual([]);
  });

  it('frees the key reference for the next pair', async () => {
    const { session } = await insertAsUser(newCard());
    await session.createPkcs15('label');
    await session.generateRsaKeyPair(signature);
    await session.generateRsaKeyPair(signIn);
    await session.deleteKeyPair(signature.id);
    await session.generateRsaKeyPair({ ...signature, id: '03' });
    expect((await session.objects()).keys.map(({ reference }) => reference).sort()).toEqual([1, 2]);
  });

  it('a data object leaves the other', async () => {
    const { session, card } = await insertAsUser(newCard());
    await session.createPkcs15('label');
    await session.writeDataObject(profile);
    await session.writeDataObject({ ...profile, label: 'second' });
    await session.deleteDataObject('Kilt', 'profile');
    const { dataObjects } = await (await insert(card)).session.objects();
    expect(dataObjects.map(({ label }) => label)).toEqual(['second']);
  });

  it('what is not there is no error', async () => {
    const { session } = await insertAsUser(newCard());
    await session.deleteKeyPair('77');
    await session.deleteDataObject('Kilt', 'profile');
    await session.createPkcs15('label');
    await session.deleteKeyPair('77');
    await session.deleteDataObject('Kilt', 'profile');
  });
});

describe('a token of many keys', () => {
  it('holds six pairs with certificates, each of which can be removed', async () => {
    const { session, card } = await insertAsUser(newCard());
    await session.createPkcs15('label');
    const ids = ['a1', 'a2', 'a3', 'a4', 'a5', 'a6'].map((id) => id.padEnd(40, '0'));
    for (const id of ids) {
      await session.generateRsaKeyPair({
        ...signature,
        id,
        label: `A key with a name of some length ${id.slice(0, 2)}`,
      });
      await session.storeCertificate({ id, label: 'Certificate of a key', der: certificate });
    }
    expect((await (await insert(card)).session.objects()).keys).toHaveLength(6);
    const later = await insertAsUser(card);
    for (const id of ids.slice(1, 4)) await later.session.deleteKeyPair(id);
    const objects = await (await insert(card)).session.objects();
    expect(objects.keys.map(({ id }) => id)).toEqual([ids[0], ids[4], ids[5]]);
    expect(objects.certificates.map(({ id }) => id)).toEqual([ids[0], ids[4], ids[5]]);
  });

  it('never uses or removes a key file that another program has put beside ours', async () => {
    // Another program's key: its files are there, but no PKCS#15 entry tells of it.
    const foreign = await insertAsUser(newCard());
    await foreign.session.createPkcs15('label');
    await foreign.session.generateRsaKeyPair(signature);
    const state = foreign.card.snapshot();
    if (state.root === null) throw new Error('a card without master file');
    state.root.children = state.root.children.filter(({ id }) => id !== 0x5000 && id !== 0x2f00);

    const { session, card } = await insertAsUser(cardFrom(state));
    const before = filesOn(card);
    await session.createPkcs15('label');
    await session.generateRsaKeyPair(signature);
    expect((await session.objects()).keys.map(({ reference }) => reference)).toEqual([2]);
    await session.deleteKeyPair(signature.id);
    expect(filesOn(card)).toEqual(expect.arrayContaining(before));
  });
});

describe('a token without room', () => {
  it('says so, and nothing of the pair stays behind', async () => {
    const { session, card } = await insertAsUser(newCard({ memoryKilobytes: 8 }));
    await session.createPkcs15('label');
    const made: string[] = [];
    let before = filesOn(card);
    const failed = await (async () => {
      for (const id of ['01', '02', '03', '04', '05', '06']) {
        before = filesOn(card);
        try {
          await session.generateRsaKeyPair({ ...signature, id });
          made.push(id);
        } catch (error) {
          return error;
        }
      }
      return undefined;
    })();
    expect(failed).toMatchObject({ id: 'token-memory-full' });
    expect(filesOn(card)).toEqual(before);
    expect((await (await insert(card)).session.objects()).keys.map(({ id }) => id)).toEqual(made);
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
