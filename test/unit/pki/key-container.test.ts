import { createHash, createPublicKey, verify, X509Certificate } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import fc from 'fast-check';
import { secretFromText } from '#shared/bytes.ts';
import { isKiltError, type KiltError } from '#shared/errors.ts';
import { checkInitialKeyValidity, openKeyContainer } from '#main/pki/pkcs12.ts';
import { mostParts } from '#main/pki/pkcs12/password.ts';
import { OpensslWorkshop } from './openssl-workshop.ts';
import { context, insideOf, membersOf, octetString, readDer, sequence } from '#test/bank/asn1/der.ts';
import { toIndefiniteBer } from './indefinite-ber.ts';

const openssl = new OpensslWorkshop();
const password = 'ABCDEFGHJK2';

function exportContainer(name: string, options: readonly string[] = [], secret = password): Uint8Array {
  openssl.run(
    ...['pkcs12', '-export', '-in', 'init.crt', '-inkey', 'init.key', '-certfile', 'root.crt'],
    ...['-passout', `pass:${secret}`, '-out', name, ...options],
  );
  return openssl.read(name);
}

async function failureOf(file: Uint8Array, secret = password): Promise<KiltError> {
  try {
    (await openKeyContainer(file, secretFromText(secret))).dispose();
  } catch (error) {
    if (isKiltError(error)) return error;
    throw error;
  }
  throw new Error('the container opened');
}

beforeAll(() => {
  openssl.initialKey();
});
afterAll(() => {
  openssl.remove();
});

const legacyPbe = (key: string, certificate: string) => [
  '-legacy',
  ...['-keypbe', key, '-certpbe', certificate, '-macalg', 'SHA1'],
];

describe('a key container opens and its key signs', () => {
  it.each([
    ['AES-256 and SHA-256 MAC, as OpenSSL 3 writes it', []],
    ['triple DES and SHA-1 MAC', legacyPbe('PBE-SHA1-3DES', 'PBE-SHA1-3DES')],
    ['two-key triple DES', legacyPbe('PBE-SHA1-2DES', 'PBE-SHA1-2DES')],
    [
      'triple DES with certificates under RC2-40, as NUC writes it',
      legacyPbe('PBE-SHA1-3DES', 'PBE-SHA1-RC2-40'),
    ],
    ['RC2-128 throughout', legacyPbe('PBE-SHA1-RC2-128', 'PBE-SHA1-RC2-128')],
    [
      'AES-128 with many iterations',
      ['-keypbe', 'AES-128-CBC', '-certpbe', 'AES-128-CBC', '-iter', '100000'],
    ],
    ['SHA-512 MAC', ['-macalg', 'SHA512']],
    ['no MAC at all', ['-nomac']],
    ['unencrypted bags', ['-keypbe', 'NONE', '-certpbe', 'NONE']],
  ])('%s', async (_, options) => {
    const key = await openKeyContainer(exportContainer('kinds.pfx', options), secretFromText(password));
    const data = Buffer.from('signed by the initial key');
    const signature = await key.sign(data);
    expect(verify('sha256', data, new X509Certificate(openssl.pem('init')).publicKey, signature)).toBe(true);
    expect(Buffer.from(key.certificate)).toEqual(Buffer.from(openssl.der('init')));
    expect(key.chain.map((der) => Buffer.from(der))).toEqual([Buffer.from(openssl.der('root'))]);
    expect(key.info.subjectName).toBe('ТОО «Ромашка»');
    expect(key.info.issuerName).toBe('Demo KISC CA');
    expect(key.info.subject).toContain('UID=00012345');
    key.dispose();
  });

  it.each([
    ['Cyrillic, AES', 'Пароль-ҚӘҢ', []],
    ['Cyrillic, triple DES', 'Пароль-ҚӘҢ', legacyPbe('PBE-SHA1-3DES', 'PBE-SHA1-RC2-40')],
    ['outside the first plane of Unicode', 'ключ🔑', legacyPbe('PBE-SHA1-3DES', 'PBE-SHA1-3DES')],
    ['empty, AES', '', []],
    ['empty, triple DES', '', legacyPbe('PBE-SHA1-3DES', 'PBE-SHA1-3DES')],
  ])('password: %s', async (_, secret, options) => {
    const file = exportContainer('passwords.pfx', options, secret);
    expect((await openKeyContainer(file, secretFromText(secret))).info.subjectName).toBe('ТОО «Ромашка»');
  });

  it.each([[[]], [legacyPbe('PBE-SHA1-3DES', 'PBE-SHA1-RC2-40')], [['-keypbe', 'NONE', '-nomac']]])(
    'in BER with indefinite lengths and strings in pieces (%j)',
    async (options) => {
      const file = toIndefiniteBer(exportContainer('ber.pfx', options));
      expect((await openKeyContainer(file, secretFromText(password))).info.subjectName).toBe('ТОО «Ромашка»');
    },
  );

  it('also where the key comes without its issuers', async () => {
    openssl.run(
      ...['pkcs12', '-export', '-in', 'init.crt', '-inkey', 'init.key', '-passout', `pass:${password}`],
      ...['-out', 'alone.pfx'],
    );
    expect((await openKeyContainer(openssl.read('alone.pfx'), secretFromText(password))).chain).toEqual([]);
  });
});

describe('a key container that does not open says why', () => {
  it.each([[[]], [legacyPbe('PBE-SHA1-3DES', 'PBE-SHA1-RC2-40')], [['-nomac']]])(
    'wrong password (%j)',
    async (options) => {
      const failure = await failureOf(exportContainer('wrong.pfx', options), 'ABCDEFGHJK3');
      expect(failure).toMatchObject({ id: 'key-container-wrong', code: '0200040' });
      expect(failure.data['likelyCause']).toBe('password');
    },
  );

  it('empty password for a container that has one', async () => {
    expect((await failureOf(exportContainer('some.pfx'), '')).data['likelyCause']).toBe('password');
  });

  it.each([
    ['text', Buffer.from('Уважаемый клиент!')],
    ['nothing', new Uint8Array()],
    ['one byte', Uint8Array.of(0x30)],
  ])('a file that is %s', async (_, file) => {
    expect(await failureOf(file)).toMatchObject({
      id: 'key-container-wrong',
      data: { likelyCause: 'not-a-key-container' },
    });
  });

  it('a certificate instead of a container', async () => {
    expect((await failureOf(openssl.der('init'))).data['likelyCause']).toBe('not-a-key-container');
  });

  it('a file cut short', async () => {
    const file = exportContainer('cut.pfx');
    expect((await failureOf(file.subarray(0, file.length - 100))).data['likelyCause']).toBe('damaged');
  });

  it('a container without a private key', async () => {
    openssl.run(
      ...['pkcs12', '-export', '-nokeys', '-in', 'init.crt', '-passout', `pass:${password}`],
      ...['-out', 'certs.pfx'],
    );
    expect((await failureOf(openssl.read('certs.pfx'))).data['likelyCause']).toBe('no-key');
  });

  it('a container without a certificate', async () => {
    openssl.run(
      ...['pkcs12', '-export', '-nocerts', '-inkey', 'init.key', '-passout', `pass:${password}`],
      ...['-out', 'key.pfx'],
    );
    expect((await failureOf(openssl.read('key.pfx'))).data['likelyCause']).toBe('no-certificate');
  });

  describe('whose key belongs to none of the certificates', () => {
    const open = ['-certpbe', 'NONE', '-keypbe', 'NONE', '-nomac'];
    // openssl refuses to write such a file, so the certificate is changed in place; the root's stays beside it.
    const changed = (find: (certificate: X509Certificate) => Buffer, offset: number): Buffer => {
      const file = Buffer.from(exportContainer('open.pfx', open));
      const at = file.indexOf(find(new X509Certificate(openssl.pem('init')))) + offset;
      file[at] = (file[at] ?? 0) ^ 0x10;
      return file;
    };

    it('because it holds another key', async () => {
      const file = changed(({ publicKey }) => publicKey.export({ type: 'spki', format: 'der' }), 60);
      expect((await failureOf(file)).data['likelyCause']).toBe('key-mismatch');
    });

    it('because one of them can not be read: then nobody is told that the key is another’s', async () => {
      expect((await failureOf(changed(({ raw }) => raw, 4))).data['likelyCause']).toBe('damaged');
    });
  });

  it('an elliptic key is one this program has no signer for', async () => {
    openssl.ecKey('ec');
    openssl.certificate('ec', 'root', '/CN=EC');
    openssl.run(
      ...['pkcs12', '-export', '-in', 'ec.crt', '-inkey', 'ec.key', '-passout', `pass:${password}`],
      ...['-out', 'ec.pfx'],
    );
    expect(await failureOf(openssl.read('ec.pfx'))).toMatchObject({
      id: 'key-container-unsupported',
      data: { reason: 'key 1.2.840.10045.2.1' },
    });
  });

  it('a container whose MAC needs an unknown hash', async () => {
    const file = Buffer.from(exportContainer('mac.pfx'));
    const sha256 = Buffer.from('0609608648016503040201', 'hex');
    const at = file.lastIndexOf(sha256);
    file[at + sha256.length - 1] = 0x63;
    expect(await failureOf(file)).toMatchObject({ id: 'key-container-unsupported' });
  });

  it('a container that asks for endless work', async () => {
    const file = Buffer.from(exportContainer('slow.pfx', ['-iter', '65536', '-maciter']));
    const iterations = Buffer.from('0203010000', 'hex');
    for (let at = file.indexOf(iterations); at >= 0; at = file.indexOf(iterations, at)) {
      Buffer.from('02037fffff', 'hex').copy(file, at);
    }
    expect((await failureOf(file)).id).toBe('key-container-unsupported');
  });

  it('a container with more encrypted parts than any bank makes', async () => {
    const [version, data] = membersOf(readDer(exportContainer('many.pfx', ['-nomac', '-iter', '1'])));
    const [type, explicit] = membersOf(data!);
    const parts = membersOf(readDer(insideOf(explicit!).content)).map(({ whole }) => whole);
    const safe = sequence(...Array.from({ length: mostParts + 1 }, () => parts).flat());
    const file = sequence(version!.whole, sequence(type!.whole, context(0, octetString(safe))));
    expect(await failureOf(file)).toMatchObject({
      id: 'key-container-unsupported',
      data: { reason: 'more than 16 encrypted parts' },
    });
  });
});

describe('robustness', () => {
  it('any damage ends in a named error or in the same key', async () => {
    const files = [exportContainer('fuzz.pfx'), exportContainer('fuzz3.pfx', ['-keypbe', 'NONE', '-nomac'])];
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
            expect(
              isKiltError(error, 'key-container-wrong') || isKiltError(error, 'key-container-unsupported'),
            ).toBe(true);
          }
        },
      ),
      { numRuns: 300 },
    );
  });

  it('random bytes end in a named error', async () => {
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 200 }), fc.boolean(), async (bytes, asSequence) => {
        const file = asSequence ? Uint8Array.of(0x30, bytes.length & 0x7f, ...bytes) : bytes;
        expect((await failureOf(file)).id).toMatch(/^key-container-/);
      }),
    );
  });
});

describe('the opened key', () => {
  it('does not sign after it has been disposed of', async () => {
    const key = await openKeyContainer(exportContainer('dispose.pfx'), secretFromText(password));
    key.dispose();
    key.dispose();
    await expect(key.sign(new Uint8Array(1))).rejects.toMatchObject({ id: 'internal' });
  });

  it('is refused outside its validity', async () => {
    const { info } = await openKeyContainer(exportContainer('validity.pfx'), secretFromText(password));
    const day = 24 * 3600 * 1000;
    const check = (offset: number) => () => {
      checkInitialKeyValidity({ info }, new Date(info.notAfter.getTime() + offset));
    };
    expect(check(0)).not.toThrow();
    expect(check(1000)).toThrow(expect.objectContaining({ id: 'key-container-expired' }));
    expect(check(-40 * day)).toThrow(expect.objectContaining({ id: 'key-container-expired' }));
  });

  it('leaves no trace of password or key in an error', async () => {
    const failure = await failureOf(exportContainer('trace.pfx'), 'ABCDEFGHJK3');
    expect(`${failure.stack ?? ''} ${JSON.stringify(failure.data)} ${String(failure.cause)}`).not.toContain(
      'ABCDEFGHJK3',
    );
  });

  it('carries the public key of its certificate', async () => {
    const key = await openKeyContainer(exportContainer('spki.pfx'), secretFromText(password));
    const spki = createPublicKey({ key: Buffer.from(key.publicKeyInfo), format: 'der', type: 'spki' });
    const fromCertificate = new X509Certificate(openssl.pem('init')).publicKey;
    expect(spki.equals(fromCertificate)).toBe(true);
    expect(createHash('sha256').update(key.certificate).digest('hex')).toHaveLength(64);
  });
});
