import { createPrivateKey, type JsonWebKey } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { secretFromText } from '#shared/bytes.ts';
import { isKiltError } from '#shared/errors.ts';
import { needsPassword, openImportFile, type OpenedFile } from '#main/control-panel/import-file.ts';
import { OpensslWorkshop } from '../pki/openssl-workshop.ts';

const password = 'Құпия сөз 7';
let openssl: OpensslWorkshop;
beforeAll(() => {
  openssl = new OpensslWorkshop();
  for (const name of ['root', 'leaf', 'other']) openssl.rsaKey(name);
  openssl.root('root', '/CN=Root');
  openssl.certificate('leaf', 'root', '/CN=Айгерим Сапарова');
  openssl.certificate('other', 'root', '/CN=Other');
});
afterAll(() => openssl.remove());

const container = (name: string, ...args: readonly string[]): string => {
  openssl.run('pkcs12', '-export', '-passout', `pass:${password}`, '-out', name, ...args);
  return openssl.path(name);
};
const open = (file: string, secret?: string): Promise<OpenedFile> =>
  openImportFile(file, secret === undefined ? undefined : secretFromText(secret));
const refusal = async (file: string, secret?: string) => {
  const error: unknown = await open(file, secret).catch((thrown: unknown) => thrown);
  if (!isKiltError(error)) throw new Error('was not refused');
  return { id: error.id, ...error.data };
};
const names = ({ certificates }: OpenedFile) => certificates.map(({ commonName }) => commonName);

describe('a file with certificates', () => {
  it('is PEM with one or several, or DER, and needs no password', async () => {
    const chain = openssl.write(
      'chain.pem',
      `some words\n${openssl.pem('leaf')}${openssl.pem('root')}${openssl.pem('leaf')}`,
    );
    const der = openssl.write('leaf.cer', openssl.der('leaf'));
    expect(await needsPassword(chain)).toBe(false);
    expect(await needsPassword(der)).toBe(false);
    expect(names(await open(chain))).toEqual(['Айгерим Сапарова', 'Root']);
    expect(await open(der)).toMatchObject({
      fileName: 'leaf.cer',
      certificates: [{ commonName: 'Айгерим Сапарова' }],
    });
  });

  it.each([
    ['is empty', '', {}],
    ['is of another kind', 'The quick brown fox', {}],
    ['is far too large', 'x'.repeat(300_000), {}],
  ])('that %s is refused', async (what, content, data) => {
    expect(await refusal(openssl.write(`${what}.pem`, content))).toEqual({
      id: 'import-file-unreadable',
      ...data,
    });
  });

  it('that is not there, or damaged in one of its certificates, is refused', async () => {
    expect(await refusal(openssl.path('nowhere.pem'))).toEqual({
      id: 'import-file-unreadable',
      likelyCause: 'unreadable',
    });
    const damaged = `${openssl.pem('root')}-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n`;
    expect(await refusal(openssl.write('damaged.pem', damaged))).toMatchObject({ likelyCause: 'damaged' });
  });
});

describe('a key container', () => {
  it.each([
    ['AES, as programs write it today', []],
    [
      'triple DES, as older programs did',
      ['-keypbe', 'PBE-SHA1-3DES', '-certpbe', 'PBE-SHA1-3DES', '-macalg', 'sha1'],
    ],
  ])('in %s gives the key with its certificate first', async (what, options) => {
    const file = container(
      `${what.length}.pfx`,
      '-inkey',
      'leaf.key',
      '-in',
      'leaf.crt',
      '-certfile',
      'root.crt',
      ...options,
    );
    expect(await needsPassword(file)).toBe(true);
    const opened = await open(file, password);
    expect(names(opened)).toEqual(['Айгерим Сапарова', 'Root']);
    // The numbers are those that another program reads in the key.
    const expected = createPrivateKey(Buffer.from(openssl.read('leaf.key'))).export({ format: 'jwk' });
    const numbers = opened.key!.numbers;
    const jwk: JsonWebKey = {
      n: base64(numbers.modulus),
      e: base64(numbers.publicExponent),
      p: base64(numbers.prime1),
      q: base64(numbers.prime2),
      dp: base64(numbers.exponent1),
      dq: base64(numbers.exponent2),
      qi: base64(numbers.coefficient),
    };
    expect(expected).toMatchObject(jwk);
    expect(opened.key).toMatchObject({ bits: 2048, certificate: { commonName: 'Айгерим Сапарова' } });

    opened.forget();
    for (const number of Object.values<Uint8Array>({ ...numbers }))
      expect(number.every((byte) => byte === 0)).toBe(true);
  });

  it('without a key gives its certificates', async () => {
    const file = container('certificates.p12', '-nokeys', '-in', 'leaf.crt');
    const opened = await open(file, password);
    expect(names(opened)).toEqual(['Айгерим Сапарова']);
    expect(opened.key).toBeUndefined();
  });

  it.each([
    ['the wrong password', ['-inkey', 'leaf.key', '-in', 'leaf.crt'], 'wrong', 'password'],
    ['no password', ['-inkey', 'leaf.key', '-in', 'leaf.crt'], undefined, 'password'],
    ['no certificate', ['-nocerts', '-inkey', 'leaf.key'], password, 'no-certificate'],
  ] as const)('with %s says so', async (what, args, secret, likelyCause) => {
    const file = container(`${what}.pfx`, ...args);
    expect(await refusal(file, secret)).toEqual({ id: 'import-file-unreadable', likelyCause });
  });

  it('that was cut off says so', async () => {
    const whole = container('whole.pfx', '-inkey', 'leaf.key', '-in', 'leaf.crt');
    const cut = openssl.write('cut.pfx', openssl.read('whole.pfx').slice(0, 900));
    expect(await refusal(cut, password)).toEqual({ id: 'import-file-unreadable', likelyCause: 'damaged' });
    expect(names(await open(whole, password))).toHaveLength(1);
  });

  it('with a key that a token can not hold names it', async () => {
    openssl.ecKey('curve');
    openssl.certificate('curve', 'root', '/CN=Curve');
    const file = container('curve.pfx', '-inkey', 'curve.key', '-in', 'curve.crt');
    expect(await refusal(file, password)).toEqual({
      id: 'import-key-unsupported',
      algorithm: '1.2.840.10045.2.1',
    });
    openssl.run('genpkey', '-algorithm', 'RSA', '-pkeyopt', 'rsa_keygen_bits:1032', '-out', 'odd.key');
    openssl.certificate('odd', 'root', '/CN=Odd');
    const odd = container('odd.pfx', '-inkey', 'odd.key', '-in', 'odd.crt');
    expect(await refusal(odd, password)).toEqual({ id: 'import-key-unsupported', bits: 1032 });
  });
});

const base64 = (bytes: Uint8Array): string => Buffer.from(bytes).toString('base64url');
