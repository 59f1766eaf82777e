import { describe, expect, it } from 'vitest';
import { asSecret, secretFromText, toHex } from '#shared/bytes.ts';
import { isKiltError } from '#shared/errors.ts';
import { filesOn, insert, insertAsUser, newCard } from './virtual-token-world.ts';

const diary = { application: 'Kilt', label: 'diary' } as const;
const written = (text: string) => ({ ...diary, content: secretFromText(text) });

describe('a private data object', () => {
  it('is listed for everybody, and read by the user only', async () => {
    const { session, card } = await insertAsUser(newCard());
    await session.createPkcs15('label');
    await session.writePrivateData(written('dear diary'));
    expect(await session.readPrivateData(diary)).toEqual(secretFromText('dear diary'));

    const { session: anybody } = await insert(card);
    expect(await anybody.objects()).toMatchObject({ dataObjects: [], privateData: [diary] });
    await expect(anybody.readPrivateData(diary)).rejects.toSatisfy((error) =>
      isKiltError(error, 'pin-needed'),
    );
  });

  it('is not among what is listed with its content, even while the user is logged in', async () => {
    const { session } = await insertAsUser(newCard());
    await session.createPkcs15('label');
    await session.writePrivateData(written('dear diary'));
    expect(JSON.stringify(await session.objects())).not.toContain('content');
  });

  it('longer than one command comes back whole', async () => {
    const { session } = await insertAsUser(newCard());
    await session.createPkcs15('label');
    const content = asSecret(Uint8Array.from({ length: 2900 }, (_, at) => at % 251));
    await session.writePrivateData({ ...diary, content: asSecret(Uint8Array.from(content)) });
    expect(await session.readPrivateData(diary)).toEqual(content);
  });

  it('leaves no word of it in the trace, neither written nor read', async () => {
    const { session, trace } = await insertAsUser(newCard());
    await session.createPkcs15('label');
    await session.writePrivateData(written('dear diary'));
    await session.readPrivateData(diary);
    await session.writeDataObject({ application: 'Kilt', label: 'note', content: secretFromText('a note') });
    const recorded = JSON.stringify(trace.entries);
    expect(recorded).not.toContain(toHex(secretFromText('dear diary')));
    expect(recorded).toContain(toHex(secretFromText('a note')));
  });

  it('is replaced without a file left over, and written again at no cost where it is the same', async () => {
    const { session, card, trace } = await insertAsUser(newCard());
    await session.createPkcs15('label');
    await session.writePrivateData(written('first day'));
    const before = filesOn(card);
    await session.writePrivateData(written('second day, which was longer'));
    expect(filesOn(card)).toHaveLength(before.length);
    const commands = trace.exchanges;
    await session.writePrivateData(written('second day, which was longer'));
    expect(trace.entries.slice(commands).filter(({ command }) => /^00(d6|e0|e4)/.test(command))).toEqual([]);
    expect(await session.readPrivateData(diary)).toEqual(secretFromText('second day, which was longer'));
  });

  it('does not stay public where a public one of its name was', async () => {
    const { session, card } = await insertAsUser(newCard());
    await session.createPkcs15('label');
    await session.writeDataObject(written('dear diary'));
    await session.writePrivateData(written('dear diary'));
    const objects = await (await insert(card)).session.objects();
    expect(objects).toMatchObject({ dataObjects: [], privateData: [diary] });
  });

  it('is removed with its file', async () => {
    const { session, card } = await insertAsUser(newCard());
    await session.createPkcs15('label');
    await session.writeDataObject({ application: 'Kilt', label: 'profile', content: Uint8Array.of(1) });
    const before = filesOn(card);
    await session.writePrivateData(written('dear diary'));
    await session.deleteDataObject(diary.application, diary.label);
    expect(filesOn(card)).toEqual(before);
    expect(await session.readPrivateData(diary)).toBeNull();
  });
});
