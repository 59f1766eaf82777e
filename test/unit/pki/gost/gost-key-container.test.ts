import { beforeAll, describe, expect, it } from 'vitest';
import fc from 'fast-check';
import { equalBytes, secretFromText } from '#shared/bytes.ts';
import { isKiltError, type KiltError } from '#shared/errors.ts';
import { readAlgorithm } from '#main/pki/algorithm-identifier.ts';
import { oid, parseDer } from '#main/pki/asn1.ts';
import { openKeyContainer } from '#main/pki/pkcs12.ts';
import { signatureIdentifier, verifySignature } from '#main/pki/signature.ts';
import { keyContainer } from '#test/bank/authority/key-container.ts';
import { gostDialect, rulesOf } from '#test/bank/gost/dialects.ts';
import {
  gostSignatureFits,
  newGostKey,
  pem,
  privateKeyInfo,
  privateKeyPem,
  publicKeyInfo,
} from '#test/bank/gost/key-pair.ts';
import { gostPfx, password } from './gost-pfx.ts';
import { r50Certificate, r50Container, r50Password } from './published-objects.ts';

async function failureOf(file: Uint8Array, secret = password): Promise<KiltError> {
  try {
    (await openKeyContainer(file, secretFromText(secret))).dispose();
  } catch (error) {
    if (isKiltError(error)) return error;
    throw error;
  }
  throw new Error('the container opened');
}

describe('GOST.pfx opens and its key signs', () => {
  it.each(gostDialect.options)('%s', async (dialect) => {
    const { file, key, certificate, issuer } = gostPfx(dialect);
    const opened = await openKeyContainer(file, secretFromText(password));
    expect(opened.algorithm).toBe(dialect);
    expect(opened.info).toMatchObject({ subjectName: 'ТОО «Ромашка»', issuerName: 'Демо-УЦ' });
    expect(Buffer.from(opened.certificate)).toEqual(Buffer.from(certificate));
    expect(opened.chain.map((der) => Buffer.from(der))).toEqual([Buffer.from(issuer)]);

    const data = Buffer.from('signed by the initial key');
    const signature = await opened.sign(data);
    const { messages } = rulesOf(dialect);
    const signer = { dialect, direction: messages, publicKey: publicKeyInfo(key) };
    expect(gostSignatureFits(signer, data, signature)).toBe(true);

    const signed = {
      algorithm: readAlgorithm(parseDer(signatureIdentifier(opened.algorithm))),
      publicKeyInfo: opened.publicKeyInfo,
      data,
    };
    expect(await verifySignature({ ...signed, signature })).toBe('valid');
    expect(await verifySignature({ ...signed, signature: signature.slice().reverse() })).toBe('valid');
    expect(await verifySignature({ ...signed, data: Buffer.from('something else'), signature })).toBe(
      'invalid',
    );
    expect(await verifySignature({ ...signed, signature: signature.subarray(1) })).toBe('invalid');
    opened.dispose();
    await expect(opened.sign(data)).rejects.toMatchObject({ id: 'internal' });
  });

  it.each(['3des', 'aes'] as const)('encrypted with %s', async (cipher) => {
    const { file } = gostPfx('kz-2015-512', cipher);
    expect((await openKeyContainer(file, secretFromText(password))).info.subjectName).toBe('ТОО «Ромашка»');
  });

  it.each([
    ['two bytes of zero', '0000'],
    ['a zero that DER does not allow', `001f${'ab'.repeat(30)}`],
    ['an FF that DER does not allow', `ff9a${'cd'.repeat(30)}`],
  ])('whose certificate has the hash of its key for a serial number, beginning with %s', async (_, hex) => {
    const { file } = gostPfx('gamma-2004', 'rc2', Buffer.from(hex, 'hex'));
    expect((await openKeyContainer(file, secretFromText(password))).algorithm).toBe('gamma-2004');
  });

  it('whatever the serial number and whatever the key', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...gostDialect.options),
        fc.uint8Array({ minLength: 1, maxLength: 32 }),
        async (dialect, serial) => {
          const { file, certificate } = gostPfx(dialect, 'aes', serial);
          const opened = await openKeyContainer(file, secretFromText(password));
          expect(equalBytes(opened.certificate, certificate)).toBe(true);
          opened.dispose();
        },
      ),
      { numRuns: 60, examples: gostDialect.options.map((dialect) => [dialect, Uint8Array.of(0, 0x1f)]) },
    );
  });

  it('as the standard’s own example, with GOST for everything and a masked key', async () => {
    const opened = await openKeyContainer(r50Container, secretFromText(r50Password));
    expect(opened.algorithm).toBe('ru-2012-256');
    expect(equalBytes(opened.certificate, r50Certificate)).toBe(true);
    expect(opened.info.subjectName).toBe('Test certificate 1 (PKCS#12 example)');
  });
});

describe('GOST.pfx that does not open says why', () => {
  let pfx: ReturnType<typeof gostPfx>;
  beforeAll(() => {
    pfx = gostPfx('kz-2015-512');
  });

  it('wrong password', async () => {
    const failure = await failureOf(pfx.file, 'ABCDEFGHJK3');
    expect(failure).toMatchObject({ code: '0200040', data: { likelyCause: 'password' } });
    expect((await failureOf(r50Container, 'пароль для PFX')).data['likelyCause']).toBe('password');
  });

  it('cut short', async () => {
    const cut = pfx.file.subarray(0, pfx.file.length - 100);
    expect(await failureOf(cut)).toMatchObject({ code: '0200040', data: { likelyCause: 'damaged' } });
  });

  it('the key of somebody else, also where both have the same curve', async () => {
    const other = newGostKey('kz-2015-512');
    const { certificate } = pfx;
    const content = { certificate, friendlyName: '', password, cipher: '3des' } as const;
    const file = keyContainer({ ...content, privateKeyPem: privateKeyPem(other) });
    expect(await failureOf(file)).toMatchObject({ code: '0200040', data: { likelyCause: 'key-mismatch' } });
  });

  it('a certificate that can not be read, instead of saying that the key is somebody else’s', async () => {
    const certificate = Buffer.from(pfx.certificate);
    // Its validity: the month is now the 99th.
    const at = certificate.indexOf(Buffer.from('180f', 'hex')) + 2;
    certificate.write('99', at + 4);
    const content = { privateKeyPem: privateKeyPem(pfx.key), friendlyName: '', password } as const;
    const file = keyContainer({ ...content, certificate, issuers: [pfx.issuer], cipher: '3des' });
    expect(await failureOf(file)).toMatchObject({ code: '0200040', data: { likelyCause: 'damaged' } });
  });

  it('a curve that is not known', async () => {
    const info = Buffer.from(privateKeyInfo(pfx.key));
    const curveA = Buffer.from(oid('1.2.398.3.10.1.1.2.2.1'));
    info[info.indexOf(curveA) + curveA.length - 1] = 9;
    const content = { certificate: pfx.certificate, friendlyName: '', password, cipher: '3des' } as const;
    expect(
      await failureOf(keyContainer({ ...content, privateKeyPem: pem('PRIVATE KEY', info) })),
    ).toMatchObject({
      id: 'key-container-unsupported',
      data: { reason: 'curve of a key 1.2.398.3.10.1.1.2.2' },
    });
  });

  it('a MAC that asks for endless work with Streebog', async () => {
    const file = Buffer.from(r50Container);
    // The count is the last member: 2000 becomes 32767, which OpenSSL’s hashes would take.
    Buffer.from('7fff', 'hex').copy(file, file.length - 2);
    expect(await failureOf(file, r50Password)).toMatchObject({
      id: 'key-container-unsupported',
      data: { reason: '32767 iterations' },
    });
  });

  it('leaves no trace of key or password in an error', async () => {
    const failure = await failureOf(pfx.file, 'ABCDEFGHJK3');
    const told = `${failure.stack ?? ''} ${JSON.stringify(failure.data)} ${String(failure.cause)}`;
    expect(told).not.toContain('ABCDEFGHJK3');
    expect(told).not.toContain(pfx.key.secret.slice(0, 16));
  });

  it('any damage ends in a named error or in the same key', async () => {
    const files = [pfx.file, gostPfx('gamma-2004', '3des').file];
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...files),
        fc.array(fc.tuple(fc.nat(3000), fc.nat(255)), { minLength: 1, maxLength: 4 }),
        async (file, changes) => {
          const damaged = Uint8Array.from(file);
          for (const [at, value] of changes) damaged[at % damaged.length] = value;
          try {
            (await openKeyContainer(damaged, secretFromText(password))).dispose();
          } catch (error) {
            expect(isKiltError(error) && /^key-container-(?:wrong|unsupported)$/.test(error.id)).toBe(true);
          }
        },
      ),
      { numRuns: 150 },
    );
  });
});
