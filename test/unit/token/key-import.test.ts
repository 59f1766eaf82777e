import { createPublicKey, generateKeyPairSync, verify, type KeyObject } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { asDer } from '#shared/bytes.ts';
import type { RsaPrivateKeyParts, TokenSession } from '#main/token/token-session.ts';
import { rsaKeyFromStock } from '#test/support/rsa-key-stock.ts';
import { FaultyCard } from '#test/virtual-token/faults.ts';
import { generateRsaKey } from '#test/virtual-token/rsa-key.ts';
import {
  bytesOf,
  derOf,
  filesOn,
  insert,
  insertAsUser,
  newCard,
  partsOf,
  storedFiles,
} from './virtual-token-world.ts';

const id = 'a1b2c3';
const key = await generateRsaKey(2048);
const keyOfOddLength = await generateRsaKey(2056);
const payment = new TextEncoder().encode('a payment order');
const wanted = (parts: RsaPrivateKeyParts = partsOf(key)) => ({
  id,
  label: 'From a file',
  usage: ['sign', 'nonRepudiation'] as const,
  key: parts,
});

/** The user is logged in on a token with an empty PKCS#15 application. */
async function withApplication(options: Parameters<typeof newCard>[0] = {}) {
  const insertion = await insertAsUser(newCard(options));
  await insertion.session.createPkcs15('label');
  return insertion;
}

async function signsWith(session: TokenSession, own: KeyObject): Promise<boolean> {
  return verify('sha256', payment, createPublicKey(own), await session.signSha256(id, payment));
}

describe('an imported key pair', () => {
  it('is listed, gives its public key, and signs', async () => {
    const { session, card } = await withApplication();
    await session.importRsaKeyPair(wanted());
    const later = await insertAsUser(card);
    expect((await later.session.objects()).keys).toEqual([
      {
        id,
        label: 'From a file',
        algorithm: 'rsa',
        bits: 2048,
        reference: 1,
        usage: ['sign', 'nonRepudiation'],
      },
    ]);
    const spki = createPublicKey(key).export({ format: 'der', type: 'spki' });
    expect(Buffer.from((await later.session.publicKey(id)) ?? [])).toEqual(spki);
    expect(await signsWith(later.session, key)).toBe(true);
  });

  it.each([1024, 4096])('may have %i bits', async (bits) => {
    const own = await generateRsaKey(bits);
    const { session } = await withApplication();
    await session.importRsaKeyPair(wanted(partsOf(own)));
    expect((await session.objects()).keys[0]?.bits).toBe(bits);
    expect(await signsWith(session, own)).toBe(true);
  });

  it('may have another exponent than the card would choose', async () => {
    const own = generateKeyPairSync('rsa', { modulusLength: 2048, publicExponent: 3 }).privateKey;
    const { session, card } = await withApplication();
    await session.importRsaKeyPair(wanted(partsOf(own)));
    expect(await signsWith((await insertAsUser(card)).session, own)).toBe(true);
  });

  it('may be told in numbers with leading zeros', async () => {
    const padded = Object.fromEntries(
      Object.entries(partsOf(key)).map(([name, number]: [string, Uint8Array]) => [
        name,
        Uint8Array.from([0, 0, ...number]),
      ]),
    ) as unknown as RsaPrivateKeyParts;
    const { session } = await withApplication();
    await session.importRsaKeyPair(wanted(padded));
    expect(await signsWith(session, key)).toBe(true);
  });

  it('is not said to have been made on the card, nor that nobody ever knew it', async () => {
    const { session, card } = await withApplication();
    await session.importRsaKeyPair(wanted());
    const file = storedFiles(card.snapshot()).find(({ path }) => path === '/3f00/5000/6002')?.file;
    const content = file?.type === 'data' ? bytesOf(file.content) : '';
    // CKA_ID, KeyUsageFlags sign and nonRepudiation, KeyAccessFlags sensitive.
    expect(content).toContain('0403a1b2c3' + '0303062040' + '03020780');
  });

  it('that is there already is left as it is', async () => {
    const { session, card } = await withApplication();
    await session.importRsaKeyPair(wanted());
    const files = filesOn(card);
    const again = await insertAsUser(card);
    await again.session.importRsaKeyPair(wanted());
    expect(filesOn(card)).toEqual(files);
    expect(again.transport.commands.some((command) => /^.0(24|d6|e0|e4)/.test(command))).toBe(false);
  });

  it('belongs to the certificate that was on the token before it', async () => {
    const { session } = await withApplication();
    const der = asDer(derOf(900, 5));
    await session.storeCertificate({ id, label: 'Certificate', der });
    await session.importRsaKeyPair(wanted());
    const { keys, certificates } = await session.objects();
    expect(keys.map((one) => one.id)).toEqual([id]);
    expect(certificates.map((one) => one.id)).toEqual([id]);
    expect(await signsWith(session, key)).toBe(true);
  });

  it('takes the place of a key pair whose generation was interrupted', async () => {
    const card = new FaultyCard(newCard());
    const { session } = await insertAsUser(card);
    await session.createPkcs15('label');
    card.arm({ do: 'remove', command: 'GENERATE', when: 'before' });
    await expect(
      session.generateRsaKeyPair({ id, label: 'Made here', bits: 2048, usage: ['sign'] }),
    ).rejects.toMatchObject({ id: 'token-removed' });
    card.insert();
    const later = await insertAsUser(card);
    await later.session.importRsaKeyPair(wanted());
    expect((await later.session.objects()).keys.map(({ label, reference }) => [label, reference])).toEqual([
      ['From a file', 1],
    ]);
    expect(await signsWith(later.session, key)).toBe(true);
  });

  it('can be removed like any other', async () => {
    const { session, card } = await withApplication();
    const before = filesOn(card);
    await session.importRsaKeyPair(wanted());
    await session.deleteKeyPair(id);
    expect(filesOn(card)).toEqual(before);
  });

  it('leaves its numbers to the caller, and none of the secret ones in the trace', async () => {
    const { session, trace } = await withApplication();
    const parts = partsOf(key);
    await session.importRsaKeyPair(wanted(parts));
    expect(parts).toEqual(partsOf(key));
    const recorded = JSON.stringify(trace.entries);
    for (const secret of [parts.prime1, parts.prime2, parts.exponent1, parts.exponent2, parts.coefficient]) {
      for (const order of [Buffer.from(secret), Buffer.from(secret).reverse()]) {
        expect(recorded).not.toContain(order.toString('hex').slice(8, 40));
      }
    }
  });

  it('needs the user, and nothing is written without', async () => {
    const { session, card } = await withApplication();
    await session.logout();
    const before = filesOn(card);
    const later = await insert(card);
    await expect(later.session.importRsaKeyPair(wanted())).rejects.toMatchObject({ id: 'pin-needed' });
    expect(filesOn(card)).toEqual(before);
  });
});

describe('a key pair that the card can not hold', () => {
  const parts = partsOf(key);
  const unsupported: readonly [name: string, parts: RsaPrivateKeyParts][] = [
    ['a modulus of a length that is no multiple of 128', partsOf(keyOfOddLength)],
    ['a modulus that is too short', { ...parts, modulus: parts.modulus.subarray(0, 64) }],
    ['a prime that is longer than half of the modulus', { ...parts, prime1: parts.modulus }],
    ['a part that is missing', { ...parts, coefficient: new Uint8Array() }],
  ];

  it.each(unsupported)('is refused before anything is written: %s', async (_name, own) => {
    const { session, card } = await withApplication();
    const before = card.snapshot();
    await expect(session.importRsaKeyPair(wanted(own))).rejects.toMatchObject({
      id: 'import-key-unsupported',
    });
    expect(card.snapshot()).toEqual(before);
  });

  it.each(['checked', 'taken-as-they-are'] as const)(
    'leaves nothing behind when its parts do not fit together (the card has keys %s)',
    async (importedKeys) => {
      const { session, card } = await withApplication({ unverified: { importedKeys } });
      const before = filesOn(card);
      const other = partsOf(await rsaKeyFromStock(2048));
      await expect(
        session.importRsaKeyPair(wanted({ ...parts, exponent1: other.exponent1 })),
      ).rejects.toMatchObject({ id: 'import-key-unsupported' });
      expect(filesOn(card)).toEqual(before);
      expect((await session.objects()).keys).toEqual([]);
    },
  );

  it('leaves nothing behind when there is no room', async () => {
    const { session, card } = await withApplication({ memoryKilobytes: 8 });
    let before = filesOn(card);
    let failure: unknown;
    for (let i = 1; failure === undefined && i < 8; i += 1) {
      before = filesOn(card);
      const own = await rsaKeyFromStock(2048);
      await session
        .importRsaKeyPair({ ...wanted(partsOf(own)), id: `0${String(i)}` })
        .catch((error: unknown) => (failure = error));
    }
    expect(failure).toMatchObject({ id: 'token-memory-full' });
    expect(filesOn(card)).toEqual(before);
  });

  it('because another key has its id is refused, and that one stays', async () => {
    const { session } = await withApplication();
    await session.importRsaKeyPair(wanted());
    const other = await rsaKeyFromStock(2048);
    await expect(session.importRsaKeyPair(wanted(partsOf(other)))).rejects.toMatchObject({
      id: 'import-key-unsupported',
      data: { step: 'id-in-use' },
    });
    expect(await signsWith(session, key)).toBe(true);
  });
});

describe('what an interrupted import has left behind', () => {
  it('is cleared away by the next import, whichever key that brings', async () => {
    const plain = newCard();
    const card = new FaultyCard(plain);
    const { session } = await insertAsUser(card);
    await session.createPkcs15('label');
    card.arm({ do: 'remove', command: 'WRITE-KEY', nth: 2, when: 'after' });
    await expect(session.importRsaKeyPair(wanted())).rejects.toMatchObject({ id: 'token-removed' });
    card.insert();
    const later = await insertAsUser(card);
    expect((await later.session.objects()).keys).toEqual([]);
    const other = await rsaKeyFromStock(2048);
    await later.session.importRsaKeyPair({ ...wanted(partsOf(other)), id: 'ff' });
    expect((await later.session.objects()).keys.map((one) => one.id)).toEqual(['ff']);
    expect(storedFiles(plain.snapshot()).filter(({ file }) => file.type === 'key')).toHaveLength(2);
  });
});

describe('removing a certificate alone', () => {
  const first = asDer(derOf(1200, 1));
  const second = asDer(derOf(1200, 2));

  async function withCertificates() {
    const insertion = await withApplication();
    const { session } = insertion;
    await session.importRsaKeyPair(wanted());
    await session.storeCertificate({ id, label: 'First', der: first });
    await session.storeCertificate({ id: '77', label: 'Second', der: second });
    return insertion;
  }

  it('takes its file and its entry, and leaves key and the other certificate', async () => {
    const { session, card } = await withCertificates();
    const before = filesOn(card);
    await session.deleteCertificate(first);
    expect(before.filter((file) => !filesOn(card).includes(file))).toEqual(['/3f00/5000/0300 data 1200']);
    const later = await insertAsUser(card);
    const { keys, certificates } = await later.session.objects();
    expect(keys.map((one) => one.id)).toEqual([id]);
    expect(certificates.map(({ label }) => label)).toEqual(['Second']);
    expect(await signsWith(later.session, key)).toBe(true);
  });

  it('counts one that is not there as removed, and writes nothing', async () => {
    const { session, card, transport } = await withCertificates();
    const before = card.snapshot();
    const sent = transport.commands.length;
    await session.deleteCertificate(asDer(derOf(1200, 3)));
    await session.deleteCertificate(asDer(derOf(1100, 1)));
    expect(card.snapshot()).toEqual(before);
    // The difference is in the first bytes; no certificate is read to its end for nothing.
    expect(transport.commands.length - sent).toBeLessThan(10);
    const empty = await insertAsUser(newCard());
    await empty.session.deleteCertificate(first);
  });

  it('hides a key that is known by that certificate only', async () => {
    const { session } = await withCertificates();
    await session.deleteCertificate(second);
    expect(await session.publicKey('77')).toBeNull();
  });
});
