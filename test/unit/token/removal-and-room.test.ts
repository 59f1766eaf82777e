import { describe, expect, it } from 'vitest';
import { asDer } from '#shared/bytes.ts';
import { cardFrom, derOf, filesOn, insert, insertAsUser, newCard } from './virtual-token-world.ts';

const signature = { id: '5167', label: 'Signature', bits: 2048, usage: ['sign', 'nonRepudiation'] } as const;
const signIn = { id: '6c6f67696e', label: 'Sign-in', bits: 2048, usage: ['sign'] } as const;
const certificate = asDer(derOf(1234, 0x11));
const profile = { application: 'Kilt', label: 'profile', content: Uint8Array.of(1, 2, 3) };

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
