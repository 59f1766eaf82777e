import { createPublicKey, verify } from 'node:crypto';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { secretFromText } from '#shared/bytes.ts';
import { eventually } from '#test/support/eventually.ts';
import { OpensslWorkshop } from '#test/unit/pki/openssl-workshop.ts';
import { Desk, type TokenAtDesk } from './desk.ts';

const password = 'Salem-7-alem';
let openssl: OpensslWorkshop;
beforeAll(() => {
  openssl = new OpensslWorkshop();
  for (const name of ['root', 'leaf']) openssl.rsaKey(name);
  openssl.root('root', '/CN=Root');
  openssl.certificate('leaf', 'root', '/CN=Айгерим Сапарова');
  openssl.run(
    ...['pkcs12', '-export', '-inkey', 'leaf.key', '-in', 'leaf.crt', '-certfile', 'root.crt'],
    ...['-passout', `pass:${password}`, '-out', 'Key.pfx'],
  );
});
afterAll(() => openssl.remove());

let desk: Desk;
let token: TokenAtDesk;
beforeEach(async () => {
  desk = await Desk.open();
  // Laid out: a token from the factory has no place for certificates.
  token = await desk.insert();
  await desk.asUser((session) => session.createPkcs15('Asel'));
});
afterEach(() => desk.close());

const openContainer = () =>
  desk.kilt.certificates.openImport(desk.tokenId(), {
    path: openssl.path('Key.pfx'),
    password: secretFromText(password),
  });

/** Signs with a key of the token and asks OpenSSL's own public key. */
async function canSign(objectId: string): Promise<boolean> {
  const data = Buffer.from('payment no. 7');
  const signature = await desk.asUser((session) => session.signSha256(objectId, data));
  return verify('sha256', data, createPublicKey(openssl.pem('leaf')), signature);
}

describe('a key container', () => {
  it('is shown first and written after consent: the key signs, and its certificate stands beside it', async () => {
    const shown = await openContainer();
    expect(shown).toMatchObject({
      fileName: 'Key.pfx',
      kind: 'key-container',
      key: { algorithm: 'RSA 2048', alreadyOnToken: false },
      certificates: [
        { subjectName: 'Айгерим Сапарова', alreadyOnToken: false },
        { subjectName: 'Root', alreadyOnToken: false },
      ],
    });
    expect(token.watched.keyFiles().privateKeys).toBe(0);

    await desk.login('user');
    const { certificates, keys } = await desk.kilt.certificates.import(desk.tokenId(), shown.importId);

    expect(
      certificates.map(({ subjectName, keyOnToken, chainComplete }) => [
        subjectName,
        keyOnToken,
        chainComplete,
      ]),
    ).toEqual([
      ['Айгерим Сапарова', true, true],
      ['Root', false, true],
    ]);
    expect(keys).toHaveLength(1);
    expect(keys[0]?.objectId).toBe(certificates[0]?.objectId);
    expect(await canSign(keys[0]?.objectId ?? '')).toBe(true);
    expect(desk.auditLines().slice(-2)).toEqual(['import-key-pair begun', 'import-key-pair done']);

    const again = await openContainer();
    expect(again.key?.alreadyOnToken).toBe(true);
    expect(again.certificates.every(({ alreadyOnToken }) => alreadyOnToken)).toBe(true);
    await desk.kilt.certificates.import(desk.tokenId(), again.importId);
    expect(token.watched.keyFiles().privateKeys).toBe(1);
  });

  it('is not written without the user’s PIN, nor twice, nor after it was let go of', async () => {
    const { importId } = await openContainer();
    await expect(desk.kilt.certificates.import(desk.tokenId(), importId)).rejects.toMatchObject({
      id: 'pin-needed',
      data: { role: 'user' },
    });
    await desk.login('user');
    await desk.kilt.certificates.import(desk.tokenId(), importId);
    const gone = { id: 'input-invalid', data: { field: 'importId' } };
    await expect(desk.kilt.certificates.import(desk.tokenId(), importId)).rejects.toMatchObject(gone);
    const second = await openContainer();
    desk.kilt.certificates.forgetImport(second.importId);
    await expect(desk.kilt.certificates.import(desk.tokenId(), second.importId)).rejects.toMatchObject(gone);
  });

  it('whose writing was interrupted is written by doing it once more', async () => {
    const { importId } = await openContainer();
    await desk.login('user');
    token.faults.arm({ do: 'remove', when: 'after', command: 'WRITE-KEY', nth: 2 });
    await expect(desk.kilt.certificates.import(desk.tokenId(), importId)).rejects.toMatchObject({
      id: 'token-removed',
    });
    await eventually(() => desk.kilt.tokensView().tokens.length === 0);
    await token.putBack();
    await desk.login('user');
    const again = await openContainer();
    expect(again.key?.alreadyOnToken).toBe(false);
    const { keys } = await desk.kilt.certificates.import(desk.tokenId(), again.importId);
    expect(keys).toHaveLength(1);
    expect(await canSign(keys[0]?.objectId ?? '')).toBe(true);
    expect(token.watched.keyFiles()).toEqual({ privateKeys: 1, publicKeys: 1, empty: 0 });
  });
});

describe('a certificate', () => {
  const fileOf = (name: string): string => openssl.write(`${name}.cer`, openssl.der(name));
  const bring = async (file: string) => {
    const { importId } = await desk.kilt.certificates.openImport(desk.tokenId(), { path: file });
    return desk.kilt.certificates.import(desk.tokenId(), importId);
  };

  it('finds its key, and does not take the place of another certificate of that key', async () => {
    await desk.login('user');
    const { importId } = await openContainer();
    const before = await desk.kilt.certificates.import(desk.tokenId(), importId);
    openssl.write('renewed.key', openssl.read('leaf.key'));
    openssl.certificate('renewed', 'root', '/CN=Айгерим Сапарова');
    const { certificates } = await bring(fileOf('renewed'));
    expect(certificates).toHaveLength(3);
    expect(certificates.map(({ fingerprint }) => fingerprint)).toEqual(
      expect.arrayContaining(before.certificates.map(({ fingerprint }) => fingerprint)),
    );
    expect(certificates.find(({ objectId }) => objectId === before.keys[0]?.objectId)?.fingerprint).toBe(
      before.certificates[0]?.fingerprint,
    );
  });

  it('is exported as it is, in both forms, and deleted after its name was typed', async () => {
    await desk.login('user');
    const [stored] = (await bring(fileOf('leaf'))).certificates;
    const files: { suggestedName: string; contents: Uint8Array }[] = [];
    for (const format of ['pem', 'der'] as const) {
      const name = await desk.kilt.certificates.export(
        desk.tokenId(),
        stored?.fingerprint ?? '',
        format,
        (file) => {
          files.push(file);
          return Promise.resolve(file.suggestedName);
        },
      );
      expect(name).toMatch(/^Айгерим Сапарова\.(?:pem|cer)$/);
    }
    expect(Buffer.from(files[1]?.contents ?? [])).toEqual(Buffer.from(openssl.der('leaf')));
    openssl.write('exported.pem', files[0]?.contents ?? '');
    expect(openssl.run('x509', '-in', 'exported.pem', '-noout', '-subject', '-nameopt', 'utf8')).toContain(
      'Айгерим',
    );

    const target = { kind: 'certificate', fingerprint: stored?.fingerprint ?? '' } as const;
    await expect(desk.kilt.certificates.remove(desk.tokenId(), target, 'Root')).rejects.toMatchObject({
      id: 'confirmation-differs',
    });
    const left = await desk.kilt.certificates.remove(desk.tokenId(), target, 'Айгерим Сапарова');
    expect(left.certificates).toEqual([]);
    expect(desk.auditLines().slice(-4)).toEqual([
      'export-certificate done',
      'export-certificate done',
      'delete-certificate begun',
      'delete-certificate done',
    ]);
  });

  it('whose saving was cancelled is not said to be saved', async () => {
    await desk.login('user');
    const [stored] = (await bring(fileOf('leaf'))).certificates;
    const saved = await desk.kilt.certificates.export(desk.tokenId(), stored?.fingerprint ?? '', 'pem', () =>
      Promise.resolve(undefined),
    );
    expect(saved).toBeUndefined();
    expect(desk.auditLines().at(-1)).toBe('import-certificate done');
  });

  it('goes with its key pair when that is deleted', async () => {
    await desk.login('user');
    const { importId } = await openContainer();
    const { keys } = await desk.kilt.certificates.import(desk.tokenId(), importId);
    const objectId = keys[0]?.objectId ?? '';
    const left = await desk.kilt.certificates.remove(
      desk.tokenId(),
      { kind: 'key-pair', objectId },
      'Айгерим Сапарова',
    );
    expect(left.keys).toEqual([]);
    expect(left.certificates.map(({ subjectName }) => subjectName)).toEqual(['Root']);
    expect(token.watched.keyFiles()).toEqual({ privateKeys: 0, publicKeys: 0, empty: 0 });
  });
});
