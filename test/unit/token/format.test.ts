import { describe, expect, it } from 'vitest';
import { KiltError } from '#shared/errors.ts';
import { Kaztoken } from '#main/token/kaztoken.ts';
import type { FormatProgress, NewTokenLayout } from '#main/token/token-session.ts';
import type { VirtualCard } from '#test/virtual-token/card.ts';
import {
  administratorPin,
  bytesOf,
  insert,
  insertAsUser,
  isUsable,
  keyPair,
  newCard,
  newLayout,
  pin,
  storedFiles,
  userPin,
} from './virtual-token-world.ts';

/** All of a card's memory, with the time of the last change left out. */
const memoryOf = (card: VirtualCard): Record<string, unknown> =>
  Object.fromEntries(
    storedFiles(card.snapshot()).map(({ path, file }) => {
      if (file.type === 'folder') return [path, [bytesOf(file.access), file.declaredSize]];
      const { access, ...rest } = file;
      if (rest.type !== 'data') return [path, [bytesOf(access), rest]];
      return [path, [bytesOf(access), bytesOf(rest.content).replace(/180f(3\d){14}5a/, 'time')]];
    }),
  );

describe('a formatted token', () => {
  it('has the same files, rules and contents as one that OpenSC has formatted', async () => {
    const { session, card } = await insert(newCard());
    await session.format(
      newLayout({ label: 'Branch 7', userPin: pin(userPin), administratorPin: pin(administratorPin) }),
    );
    const byOpensc = memoryOf(newCard({ profile: 'formatted', label: 'Branch 7' }));
    const byKilt = memoryOf(card);
    expect(Object.keys(byKilt)).toEqual(Object.keys(byOpensc));
    // OpenSC's profile has users' PINs of four characters, which Kilt does not offer.
    const withoutMinLength = (memory: Record<string, unknown>): unknown =>
      JSON.parse(
        JSON.stringify(memory)
          .replace(/"minLength":\d+/g, '')
          .replace(/"property":"[^"]*",/g, '')
          .replace(/(0a01010201)0[46](020120020120800102)/, '$1..$2')
          .replace(/,,|,}/g, (commas) => commas.slice(1)),
      );
    expect(withoutMinLength(byKilt)).toEqual(withoutMinLength(byOpensc));
  });

  it.each(['administrator', 'user', 'both'] as const)(
    'has the PINs, lengths, tries and policy that were chosen (changed by: %s)',
    async (userPinChangedBy) => {
      const { session, card } = await insert(newCard());
      const wanted = newLayout({
        userPinChangedBy,
        userMinLength: 7,
        administratorMinLength: 9,
        userAttempts: 3,
        administratorAttempts: 4,
      });
      await session.format(wanted);
      const expected = {
        label: 'Branch 7',
        serial: '47738461',
        layout: 'complete',
        userPin: {
          attemptsLeft: 3,
          maxAttempts: 3,
          minLength: 7,
          blocked: false,
          changedBy: userPinChangedBy,
        },
        administratorPin: {
          attemptsLeft: 4,
          maxAttempts: 4,
          minLength: 9,
          blocked: false,
          changedBy: 'administrator',
        },
      };
      expect(await session.info()).toMatchObject(expected);
      const later = await insert(card);
      expect(await later.session.info()).toMatchObject(expected);
      expect(await later.session.hasPkcs15()).toBe(true);
      await later.session.login('administrator', wanted.administratorPin);
      await isUsable(card, wanted);
    },
  );

  it('holds nothing of what was on it', async () => {
    const { session, card } = await insertAsUser(newCard());
    await session.createPkcs15('qq111111');
    await session.generateRsaKeyPair(keyPair);
    await session.format(newLayout());
    expect(await session.objects()).toEqual({ keys: [], certificates: [], dataObjects: [] });
    expect(storedFiles(card.snapshot()).filter(({ file }) => file.type === 'key')).toEqual([]);
  });

  it('may have no name', async () => {
    const { session } = await insert(newCard());
    await session.format(newLayout({ label: '' }));
    expect(await session.info()).toMatchObject({ label: null, layout: 'complete' });
  });

  it('takes a registration as one from the factory does', async () => {
    const { session, card } = await insert(newCard());
    const wanted = newLayout();
    await session.format(wanted);
    const later = await insert(card);
    await later.session.login('user', wanted.userPin);
    await later.session.createPkcs15('qq111111');
    await later.session.generateRsaKeyPair(keyPair);
    await later.session.writeDataObject({
      application: 'Kilt',
      label: 'profile',
      content: Uint8Array.of(1, 2, 3),
    });
    const { session: shown } = await insert(card);
    expect(await shown.info()).toMatchObject({ label: 'qq111111', layout: 'complete' });
    expect((await shown.objects()).keys).toHaveLength(1);
  });

  it('has a later time of change than before, so that OpenSC reads it anew', async () => {
    const timeOn = (card: VirtualCard): number => {
      const contents = storedFiles(card.snapshot()).map(({ file }) =>
        file.type === 'data' ? bytesOf(file.content) : '',
      );
      const [, digits = ''] = /180f((?:3\d){14})5a/.exec(contents.join(' ')) ?? [];
      return Number(Buffer.from(digits, 'hex').toString());
    };
    const { session, card } = await insert(newCard());
    await session.format(newLayout());
    const first = timeOn(card);
    await session.format(newLayout());
    expect(first).toBeGreaterThan(20_000_000_000_000);
    expect(timeOn(card)).toBeGreaterThan(first);
  });
});

describe('while a token is formatted', () => {
  it('each stage is told when it is done, in order', async () => {
    const { session } = await insert(newCard());
    const stages: FormatProgress[] = [];
    await session.format(newLayout(), (stage) => stages.push(stage));
    expect(stages).toEqual(['wiped', 'folders', 'administrator-pin', 'user-pin', 'application', 'closed']);
  });

  it('who listens can not interrupt it', async () => {
    const { session, card } = await insert(newCard());
    const format = session.format(newLayout(), () => {
      throw new Error('the window is gone');
    });
    await expect(format).rejects.toMatchObject({ id: 'internal' });
    expect((await (await insert(card)).session.info()).layout).toBe('complete');
  });

  it('no file is made without its directory having been selected since the last one was', async () => {
    const { session, transport } = await insert(newCard());
    await session.format(newLayout());
    const instructions = transport.commands.map((command) => command.slice(2, 4));
    const masterFile = instructions.indexOf('e0');
    instructions.forEach((instruction, at) => {
      if (instruction === 'e0' && at !== masterFile) expect(instructions[at - 1]).toBe('a4');
    });
  });

  it('PIN files are made where the master file was selected', async () => {
    const { session, transport } = await insert(newCard());
    await session.format(newLayout());
    for (const reference of ['0001', '0002']) {
      const made = transport.commands.findIndex((command) => command.includes(`820210008302${reference}`));
      expect(transport.commands[made - 1]).toBe('00a40000023f0000');
    }
  });

  it('logins end, and none is left behind', async () => {
    const { session, card } = await insert(newCard());
    await session.login('administrator', pin(administratorPin));
    await session.format(newLayout());
    expect(card.logins).toBe(0);
    await expect(session.setPin('user', pin('another-pin'))).rejects.toMatchObject({ id: 'pin-needed' });
  });

  it('PINs stay with the caller and in no trace', async () => {
    const { session, trace } = await insert(newCard());
    const wanted = newLayout();
    await session.format(wanted);
    expect(wanted.userPin).toEqual(pin('new-user-pin'));
    const recorded = JSON.stringify(trace.entries);
    for (const secret of ['new-user-pin', 'new-admin-pin']) {
      expect(recorded).not.toContain(secret);
      expect(recorded).not.toContain(Buffer.from(secret).toString('hex'));
    }
  });

  it('the buffers in which PINs and keys went to the card are wiped, also when the card fails', async () => {
    const sent: Uint8Array[] = [];
    const card = new Kaztoken({
      send: ({ data }) => {
        sent.push(data ?? new Uint8Array());
        return sent.length < 2
          ? Promise.resolve({ data: new Uint8Array(), statusWord: 0x9000 })
          : Promise.reject(new KiltError('token-removed'));
      },
    });
    await expect(card.changeReferenceData(0, new Uint8Array(600).fill(0x77))).rejects.toThrow();
    expect(sent.map((data) => data.some((byte) => byte !== 0))).toEqual([false, false]);
  });
});

describe('what can not be a layout', () => {
  const wrong: readonly [field: keyof NewTokenLayout, value: unknown][] = [
    ['label', 'Филиал'],
    ['label', 'x'.repeat(33)],
    ['label', 'line\nbreak'],
    ['userPinChangedBy', 'nobody'],
    ['userMinLength', 5],
    ['userMinLength', 32],
    ['userMinLength', 6.5],
    ['administratorMinLength', 5],
    ['userAttempts', 0],
    ['userAttempts', 11],
    ['administratorAttempts', 2],
    ['administratorAttempts', 11],
    ['userPin', pin('12345')],
    ['userPin', pin('x'.repeat(33))],
    ['administratorPin', pin('1234567')],
    ['administratorPin', pin('')],
  ];

  it.each(wrong)('%s %j is refused while everything is still there', async (field, value) => {
    const { session, card, transport } = await insert(newCard());
    const before = card.snapshot();
    const sent = transport.commands.length;
    await expect(session.format({ ...newLayout(), [field]: value })).rejects.toMatchObject({
      id: 'input-invalid',
      data: { field },
    });
    expect(card.snapshot()).toEqual(before);
    expect(transport.commands).toHaveLength(sent);
  });
});
