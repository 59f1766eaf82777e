import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { equalBytes, secretFromText, toHex } from '#shared/bytes.ts';
import { algorithmWithNull, readAlgorithm } from '#main/pki/algorithm-identifier.ts';
import { bitString, oid, parseDer, parseSequence, sequence } from '#main/pki/asn1.ts';
import { gostDigest } from '#main/pki/gost/gost-hash.ts';
import { gost341195, Gost341195 } from '#main/pki/gost/gost341195.ts';
import { streebog256, streebog512 } from '#main/pki/gost/streebog.ts';
import { openKeyContainer } from '#main/pki/pkcs12.ts';
import { verifySignature } from '#main/pki/signature.ts';
import { verifyPath } from '#main/pki/x509.ts';
import { pem, publicKeyInfo } from '#test/bank/gost/key-pair.ts';
import { cryptoProHash } from '#test/unit/pki/gost/crypto-pro-hash.ts';
import { gostPfx, password } from '#test/unit/pki/gost/gost-pfx.ts';
import { engineKeys, GostWorkshop, type EngineKey } from './gost-workshop.ts';

const workshop = new GostWorkshop();
const kinds = Object.keys(engineKeys) as EngineKey[];

const ruKey = {
  '512': sequence(oid('1.2.643.7.1.1.1.2'), sequence(oid('1.2.643.7.1.2.1.2.1'), oid('1.2.643.7.1.1.2.3'))),
  '256 CryptoPro-A': sequence(
    oid('1.2.643.7.1.1.1.1'),
    sequence(oid('1.2.643.2.2.35.1'), oid('1.2.643.7.1.1.2.2')),
  ),
  '256 tc26-A': sequence(oid('1.2.643.7.1.1.1.1'), sequence(oid('1.2.643.7.1.2.1.1.1'))),
};
const kzKey512 = sequence(
  oid('1.2.398.3.10.1.1.2.2'),
  sequence(oid('1.2.398.3.10.1.1.2.2.1'), oid('1.2.398.3.10.1.3.3')),
);
const kzKey256 = sequence(
  oid('1.2.398.3.10.1.1.2.1'),
  sequence(oid('1.2.398.3.10.1.1.2.1.1'), oid('1.2.398.3.10.1.3.2')),
);

/** The same public key under another algorithm. A key blob’s header is left out, and an OCTET STRING put around. */
function withAlgorithm(info: Uint8Array, algorithm: Uint8Array): Uint8Array {
  const fields = parseSequence(info);
  fields.any();
  const bits = fields.bits();
  const numbers = bits[0] === 0x06 ? bits.subarray(16) : parseDer(bits).content;
  const octets = numbers.length > 127 ? [0x04, 0x81, numbers.length] : [0x04, numbers.length];
  return sequence(algorithm, bitString(Uint8Array.from([...octets, ...numbers])));
}

const withNull = (dotted: string) => readAlgorithm(parseDer(algorithmWithNull(dotted)));
const reversed = (bytes: Uint8Array): Uint8Array => bytes.slice().reverse();

beforeAll(() => {
  for (const kind of kinds) {
    workshop.gostKey(kind, kind);
    workshop.root(kind, `/C=KZ/O=Demo/CN=GOST root ${kind}`);
    workshop.gostKey(`leaf-${kind}`, kind);
    workshop.certificate(`leaf-${kind}`, kind, '/C=KZ/UID=00012345/CN=ТОО «Ромашка»');
  }
});
afterAll(() => {
  workshop.remove();
});

describe('hashes agree with OpenSSL’s GOST engine', () => {
  const lengths = [1, 31, 32, 33, 55, 63, 64, 65, 127, 128, 129, 1000, 4096, 70_001];
  const files: readonly (readonly [string, Uint8Array])[] = [
    ...lengths.map((length) => [`random-${length}`, randomBytes(length)] as const),
    // Sums of Streebog’s blocks that overflow in every word.
    ['ones', new Uint8Array(4096).fill(0xff)],
  ];

  it.each([
    ['md_gost12_512', streebog512],
    ['md_gost12_256', streebog256],
    ['md_gost94', () => new Gost341195(cryptoProHash)],
  ])('%s', (name, kind) => {
    for (const [file, content] of files) workshop.write(file, content);
    const said = workshop.run('dgst', `-${name}`, '-r', ...files.map(([file]) => file));
    const ours = files.map(([file, content]) => `${toHex(gostDigest(kind, content))} *${file}`);
    expect(said.trim().split('\n')).toEqual(ours);
  });
});

describe('what OpenSSL has signed Kilt finds valid', () => {
  it.each(kinds)('a certificate and its root (%s)', async (kind) => {
    const [leaf, root] = [workshop.der(`leaf-${kind}`), workshop.der(kind)];
    const at = new Date(Date.now() + 60_000);
    const answer = await verifyPath({ leaf, intermediates: [], anchors: [root], at });
    expect(answer.trusted).toBe(true);
    const other = kinds.find((name) => name !== kind) ?? kind;
    const foreign = await verifyPath({ leaf, intermediates: [], anchors: [workshop.der(other)], at });
    expect(foreign.trusted).toBe(false);
  });

  it.each([
    ['512-A', 'md_gost12_512', kzKey512, '1.2.398.3.10.1.1.2.3.2'],
    ['256-TCA', 'md_gost12_256', kzKey256, '1.2.398.3.10.1.1.2.3.1'],
  ] as const)(
    'a document (%s), under Russian identifiers and, turned round, under Kazakh ones',
    async (kind, digest, kzKey, kzSignature) => {
      workshop.write('document', randomBytes(500));
      workshop.run('dgst', `-${digest}`, '-sign', `${kind}.key`, '-out', 'signature', 'document');
      const [data, signature] = [workshop.read('document'), workshop.read('signature')];
      const info = workshop.publicKeyInfo(kind);
      const ruSignature = kind === '512-A' ? '1.2.643.7.1.1.3.3' : '1.2.643.7.1.1.3.2';
      const russian = { algorithm: withNull(ruSignature), publicKeyInfo: info, data };
      expect(await verifySignature({ ...russian, signature })).toBe('valid');
      const kazakh = { algorithm: withNull(kzSignature), publicKeyInfo: withAlgorithm(info, kzKey), data };
      expect(await verifySignature({ ...kazakh, signature: reversed(signature) })).toBe('valid');
      expect(await verifySignature({ ...kazakh, data: randomBytes(500), signature })).toBe('invalid');
    },
  );
});

describe('what Kilt signs with GOST.pfx OpenSSL finds valid', () => {
  const verified = (name: string): string =>
    workshop.run(
      ...['pkeyutl', '-verify', '-pubin', '-inkey', `${name}.pub`, '-in', 'digest', '-sigfile', 'signature'],
    );

  it.each([
    ['kz-2015-512', '512', streebog512, reversed],
    ['kz-2015-256', '256 tc26-A', streebog256, reversed],
    ['kz-2004', '256 CryptoPro-A', gost341195, reversed],
    ['gamma-2004', '256 CryptoPro-A', gost341195, (bytes: Uint8Array) => bytes],
    ['ru-2012-512', '512', streebog512, (bytes: Uint8Array) => bytes],
    ['ru-2012-256', '256 CryptoPro-A', streebog256, (bytes: Uint8Array) => bytes],
  ] as const)('%s, after the identifiers and the byte order of Russia', async (dialect, ru, hash, turn) => {
    const { file, key } = gostPfx(dialect);
    const opened = await openKeyContainer(file, secretFromText(password));
    const data = randomBytes(300);
    workshop.write('digest', gostDigest(hash, data));
    workshop.write('signature', turn(await opened.sign(data)));
    workshop.write('kilt.pub', pem('PUBLIC KEY', withAlgorithm(publicKeyInfo(key), ruKey[ru])));
    expect(verified('kilt')).toContain('Signature Verified Successfully');
    workshop.write('digest', gostDigest(hash, randomBytes(300)));
    expect(() => verified('kilt')).toThrow();
  });
});

describe('GOST.pfx as OpenSSL writes it opens', () => {
  const exported = (kind: EngineKey, options: readonly string[]): Uint8Array => {
    workshop.run(
      ...['pkcs12', '-export', '-in', `leaf-${kind}.crt`, '-inkey', `leaf-${kind}.key`],
      ...['-certfile', `${kind}.crt`, '-passout', `pass:${password}`, '-out', 'gost.pfx', ...options],
    );
    return workshop.read('gost.pfx');
  };
  const throughout = ['-keypbe', 'gost89', '-certpbe', 'gost89', '-macalg', 'md_gost12_512', '-iter', '2000'];

  // With two certificates the safe is longer than 1 kB, after which GOST 28147-89 changes its key.
  it.each([
    ['GOST throughout', '512-A', throughout],
    ['GOST throughout', '256-A', throughout],
    ['GOST throughout', '256-TCA', throughout],
    ['GOST with a MAC of 256 bits', '512-A', [...throughout.slice(0, 5), 'md_gost12_256']],
    ['AES, as is the default', '512-A', []],
    ['triple DES and RC2', '512-A', ['-legacy']],
  ] as const)('%s (%s)', async (_, kind, options) => {
    const opened = await openKeyContainer(exported(kind, options), secretFromText(password));
    expect(opened.info).toMatchObject({ subjectName: 'ТОО «Ромашка»', issuerName: `GOST root ${kind}` });
    expect(opened.chain.map((der) => equalBytes(der, workshop.der(kind)))).toEqual([true]);
    workshop.write('document', 'signed by the initial key');
    workshop.write('signature', await opened.sign(workshop.read('document')));
    const digest = kind === '512-A' ? '-md_gost12_512' : '-md_gost12_256';
    const key = `leaf-${kind}.pub`;
    expect(workshop.run('dgst', digest, '-verify', key, '-signature', 'signature', 'document')).toContain(
      'Verified OK',
    );
  });

  it.each([
    ['GOST throughout', throughout],
    ['without a MAC', [...throughout.slice(0, 4), '-nomac']],
  ])('and says that the password is wrong (%s)', async (_, options) => {
    const file = exported('256-A', options);
    await expect(openKeyContainer(file, secretFromText('ABCDEFGHJK3'))).rejects.toMatchObject({
      code: '0200040',
      data: { likelyCause: 'password' },
    });
  });
});
