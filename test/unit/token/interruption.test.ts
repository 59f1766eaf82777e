import { describe, expect, it } from 'vitest';
import { asDer, asSecret } from '#shared/bytes.ts';
import { isKiltError } from '#shared/errors.ts';
import type { TokenObjects, TokenSession } from '#main/token/token-session.ts';
import type { VirtualCard } from '#test/virtual-token/card.ts';
import type { CardState } from '#test/virtual-token/card-state.ts';
import { generateRsaKey } from '#test/virtual-token/rsa-key.ts';
import { cardFrom, derOf, filesOn, insert, insertAsUser, newCard, partsOf } from './virtual-token-world.ts';

const pair = (id: string) => ({ id, label: `Key ${id}`, bits: 2048, usage: ['sign'] }) as const;
const certificate = (id: string, fill: number) => ({
  id,
  label: `Certificate ${id}`,
  der: asDer(derOf(800, fill)),
});
const profile = (fill: number, length = 400) => ({
  application: 'Kilt',
  label: 'profile',
  content: new Uint8Array(length).fill(fill),
});

const secret = (fill: number, length = 400) => ({
  application: 'Kilt',
  label: 'secret',
  content: asSecret(new Uint8Array(length).fill(fill)),
});

async function registration(session: TokenSession): Promise<void> {
  await session.createPkcs15('qq111111');
  await session.generateRsaKeyPair(pair('01'));
  await session.generateRsaKeyPair(pair('02'));
  await session.storeCertificate(certificate('01', 1));
  await session.storeCertificate(certificate('02', 2));
  await session.writeDataObject(profile(1));
}

async function afterRegistration(): Promise<VirtualCard> {
  const { session, card } = await insertAsUser(newCard());
  await registration(session);
  return card;
}

/** The same key each time. */
const importedKey = await generateRsaKey(2048);
const importedPair = (id: string) => ({
  id,
  label: `Key ${id}`,
  usage: ['sign'] as const,
  key: partsOf(importedKey),
});

interface Flow {
  readonly name: string;
  readonly start: () => Promise<VirtualCard>;
  readonly work: (session: TokenSession) => Promise<void>;
}

const flows: readonly Flow[] = [
  { name: 'a registration', start: async () => newCard(), work: registration },
  {
    name: 'a registration on a token whose CREATE selects the new file',
    start: async () => newCard({ unverified: { createSelects: 'new-file' } }),
    work: registration,
  },
  {
    name: 'the renewal of a certificate and of the profile',
    start: afterRegistration,
    work: async (session) => {
      await session.storeCertificate(certificate('01', 3));
      await session.writeDataObject(profile(2, 500));
    },
  },
  {
    name: 'a secret that is written for the user alone, and replaced by a longer one',
    start: afterRegistration,
    work: async (session) => {
      await session.writePrivateData(secret(1));
      await session.writePrivateData(secret(2, 700));
    },
  },
  {
    name: 'the removal of a secret',
    start: async () => {
      const { session, card } = await insertAsUser(await afterRegistration());
      await session.writePrivateData(secret(1));
      return card;
    },
    work: (session) => session.deleteDataObject('Kilt', 'secret'),
  },
  {
    name: 'a change of keys: new pair, old pair away',
    start: afterRegistration,
    work: async (session) => {
      await session.generateRsaKeyPair(pair('03'));
      await session.storeCertificate(certificate('03', 3));
      await session.deleteKeyPair('01');
    },
  },
  {
    name: 'the removal of everything',
    start: afterRegistration,
    work: async (session) => {
      await session.deleteKeyPair('01');
      await session.deleteKeyPair('02');
      await session.deleteDataObject('Kilt', 'profile');
    },
  },
  {
    name: 'a change of the label',
    start: afterRegistration,
    work: (session) => session.setLabel('A label that is longer than it was'),
  },
  {
    name: 'the import of a key pair whose certificate is there already',
    start: async () => {
      const { session, card } = await insertAsUser(newCard());
      await session.createPkcs15('label');
      await session.generateRsaKeyPair(pair('01'));
      await session.storeCertificate(certificate('02', 2));
      return card;
    },
    work: (session) => session.importRsaKeyPair(importedPair('02')),
  },
  {
    name: 'the import of a key pair on a token from the factory',
    start: async () => newCard(),
    work: async (session) => {
      await session.createPkcs15('label');
      await session.importRsaKeyPair(importedPair('02'));
    },
  },
  {
    name: 'the removal of a certificate alone',
    start: afterRegistration,
    work: (session) => session.deleteCertificate(certificate('01', 1).der),
  },
  {
    name: 'the removal of a key from a directory of several commands',
    start: async () => {
      const { session, card } = await insertAsUser(newCard());
      await session.createPkcs15('label');
      for (const id of ['01', '02', '03', '04', '05']) {
        await session.generateRsaKeyPair({
          ...pair(id),
          label: `Key ${id} with a name that fills its directory entry`,
        });
      }
      return card;
    },
    work: (session) => session.deleteKeyPair('01'),
  },
];

const sorted = ({
  keys,
  certificates,
  dataObjects,
  privateData = [],
}: TokenObjects): Record<keyof TokenObjects, unknown[]> => ({
  // References and the order of entries are the token's own affair.
  keys: keys.map(({ id, label, usage }) => [id, label, usage]).sort(),
  certificates: certificates.map(({ id, label, der }) => [id, label, der[10]]).sort(),
  dataObjects: dataObjects.map(({ label, content }) => [label, content.length, content[0]]),
  privateData: privateData.map(({ label }) => label),
});

/** Only how many files of each kind there are matters: a repetition may have taken another number. */
const kindsOf = (files: readonly string[]): string[] =>
  files.map((file) => file.replace(/\/[0-9a-f]{4}( |$)/, '/…$1')).sort();

describe.each(flows)('$name', ({ start, work }) => {
  it('cut off before any of its commands is completed by repeating it, with nothing left over', async () => {
    const initial: CardState = (await start()).snapshot();
    const whole = await insertAsUser(cardFrom(initial));
    const before = whole.transport.commands.length;
    await work(whole.session);
    const commands = whole.transport.commands.length;
    const expectedFiles = kindsOf(filesOn(whole.card));
    const expectedObjects = sorted(await whole.session.objects());
    const objectsBefore = sorted(await (await insert(cardFrom(initial))).session.objects());
    expect(commands).toBeGreaterThan(before);

    for (let survived = before; survived < commands; survived += 1) {
      const card = cardFrom(initial);
      const cut = await insertAsUser(card);
      cut.transport.removeAfter(survived - before);
      const failure = await work(cut.session).catch((error: unknown) => error);
      expect(isKiltError(failure, 'token-removed'), `cut off after ${String(survived)} commands`).toBe(true);

      // What is left can be read, and holds nothing that was not there before and will not be there afterwards.
      const meanwhile = sorted(await (await insert(card)).session.objects());
      for (const kind of ['keys', 'certificates', 'dataObjects'] as const) {
        expect([...objectsBefore[kind], ...expectedObjects[kind]]).toEqual(
          expect.arrayContaining(meanwhile[kind]),
        );
      }

      const repeated = await insertAsUser(card);
      await work(repeated.session);
      const later = await insert(card);
      expect(sorted(await later.session.objects()), `after ${String(survived)} commands`).toEqual(
        expectedObjects,
      );
      expect(kindsOf(filesOn(card)), `after ${String(survived)} commands`).toEqual(expectedFiles);
    }
  }, 120_000);
});

describe('an application that is half made', () => {
  it('is not taken for a complete one', async () => {
    const initial = newCard().snapshot();
    const whole = await insertAsUser(cardFrom(initial));
    const before = whole.transport.commands.length;
    await whole.session.createPkcs15('label');
    const commands = whole.transport.commands.length;
    expect(await whole.session.hasPkcs15()).toBe(true);
    for (let left = 0; left < commands - before; left += 1) {
      const card = cardFrom(initial);
      const cut = await insertAsUser(card);
      cut.transport.removeAfter(left);
      await expect(cut.session.createPkcs15('label')).rejects.toMatchObject({ id: 'token-removed' });
      expect(await (await insert(card)).session.hasPkcs15()).toBe(false);
    }
  });
});

describe('between two certificates', () => {
  it('there is no moment at which the token has neither the old nor the new one', async () => {
    const initial = (await afterRegistration()).snapshot();
    const renewal = (session: TokenSession): Promise<void> => session.storeCertificate(certificate('01', 3));
    const whole = await insertAsUser(cardFrom(initial));
    const before = whole.transport.commands.length;
    await renewal(whole.session);
    for (let left = 0; left < whole.transport.commands.length - before; left += 1) {
      const card = cardFrom(initial);
      const cut = await insertAsUser(card);
      cut.transport.removeAfter(left);
      await expect(renewal(cut.session)).rejects.toMatchObject({ id: 'token-removed' });
      const { certificates } = await (await insert(card)).session.objects();
      expect([1, 3]).toContain(certificates.find(({ id }) => id === '01')?.der[10]);
    }
  });
});

describe('an interrupted key generation', () => {
  it('is not shown as a key before it is complete', async () => {
    const { session, card } = await insertAsUser(newCard());
    await session.createPkcs15('label');
    const initial = card.snapshot();
    const whole = await insertAsUser(cardFrom(initial));
    const before = whole.transport.commands.length;
    await whole.session.generateRsaKeyPair(pair('01'));
    for (let left = 0; left < whole.transport.commands.length - before; left += 1) {
      const copy = cardFrom(initial);
      const cut = await insertAsUser(copy);
      cut.transport.removeAfter(left);
      await expect(cut.session.generateRsaKeyPair(pair('01'))).rejects.toMatchObject({ id: 'token-removed' });
      const later = (await insert(copy)).session;
      expect((await later.objects()).keys).toEqual([]);
      expect(await later.publicKey('01')).toBeNull();
    }
  });

  it('that is not repeated is cleared away by removing the pair', async () => {
    const { session, card } = await insertAsUser(newCard());
    await session.createPkcs15('label');
    const files = filesOn(card);
    const initial = card.snapshot();
    const whole = await insertAsUser(cardFrom(initial));
    const before = whole.transport.commands.length;
    await whole.session.generateRsaKeyPair(pair('01'));
    for (let left = 0; left < whole.transport.commands.length - before; left += 1) {
      const copy = cardFrom(initial);
      const cut = await insertAsUser(copy);
      cut.transport.removeAfter(left);
      await expect(cut.session.generateRsaKeyPair(pair('01'))).rejects.toMatchObject({ id: 'token-removed' });
      await (await insertAsUser(copy)).session.deleteKeyPair('01');
      expect(filesOn(copy)).toEqual(files);
    }
  });
});
