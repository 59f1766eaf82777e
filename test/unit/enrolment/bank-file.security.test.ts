import { createHmac, createPublicKey } from 'node:crypto';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { bankFileType, largestBankFile, reportOnBankFile } from '#main/enrolment/bank-file.ts';
import { createJws } from '#main/pki/jws.ts';
import { processorTimeOf } from '#test/support/processor-time.ts';
import { fileSigner } from '../pki/cmp-authority.ts';
import { BankPublishers } from './bank-publisher.ts';
import { demoBank } from './workshop.ts';

let publishers: BankPublishers;
let genuine: string;
beforeAll(() => {
  publishers = new BankPublishers();
  publishers.add('publisher');
  publishers.add('stranger');
  publishers.openssl.ecKey('curve');
  publishers.openssl.root('curve', '/CN=Curve', 'ee');
  publishers.openssl.run(
    'genpkey',
    '-algorithm',
    'RSA',
    '-pkeyopt',
    'rsa_keygen_bits:1024',
    '-out',
    'short.key',
  );
  publishers.openssl.root('short', '/CN=Short', 'ee');
  genuine = publishers.file('publisher', JSON.stringify(demoBank));
});
afterAll(() => publishers.remove());

const report = (file: string | Uint8Array, unsigned: 'accept' | 'refuse' = 'refuse') =>
  reportOnBankFile(typeof file === 'string' ? Buffer.from(file) : file, { fileName: 'b.kiltbank', unsigned });
const encoded = (text: string) => Buffer.from(text).toString('base64url');
const parts = () => genuine.trim().split('.') as [string, string, string];

describe('a signed bank file', () => {
  it('that openssl has signed says what its bank is and whose key signed', () => {
    const { read, problems, error } = report(genuine);
    expect(read?.bank).toEqual(demoBank);
    expect(read?.signer).toMatchObject({
      name: 'Demo Bank publisher',
      fingerprint: publishers.fingerprint('publisher'),
    });
    expect([problems, error]).toEqual([[], undefined]);
  });

  it('is the same whichever of Kilt’s own parts has made it', async () => {
    const signer = {
      ...fileSigner(publishers.openssl, 'publisher'),
      certificate: publishers.openssl.der('publisher'),
      chain: [],
    };
    const made = await createJws(demoBank, signer, bankFileType);
    expect(report(made).read).toEqual(report(genuine).read);
  });

  it.each([
    [
      'a false bank put in its place',
      () => [parts()[0], encoded(JSON.stringify({ ...demoBank, site: 'https://evil.example/' })), parts()[2]],
    ],
    [
      'the signature of another file',
      () => [...parts().slice(0, 2), publishers.file('publisher', '{}').trim().split('.')[2] ?? ''],
    ],
    [
      'another certificate under the same signature',
      () => [encoded(publishers.header('stranger')), ...parts().slice(1)],
    ],
    ['algorithm none', () => [encoded(publishers.header('publisher', { alg: 'none' })), parts()[1], '']],
    [
      'algorithm none and a signature all the same',
      () => [encoded(publishers.header('publisher', { alg: 'none' })), ...parts().slice(1)],
    ],
    ['no signature', () => parts().slice(0, 2)],
    ['a part too many', () => [...parts(), 'AAAA']],
  ])('is refused with %s', (_, changed) => {
    const { read, signer, error } = report(changed().join('.'));
    expect([read, signer]).toEqual([undefined, undefined]);
    expect(error).toMatchObject({ id: 'bank-signature-wrong', code: '0300021' });
  });

  it('is refused when the public key was taken for a secret of HMAC', () => {
    const key = createPublicKey(publishers.openssl.pem('publisher')).export({ type: 'spki', format: 'pem' });
    const input = `${encoded(publishers.header('publisher', { alg: 'HS256' }))}.${parts()[1]}`;
    const signature = createHmac('sha256', key).update(input).digest('base64url');
    expect(report(`${input}.${signature}`).error).toMatchObject({ id: 'bank-signature-wrong' });
  });

  it.each([
    ['of an elliptic curve', 'curve'],
    ['that is too short', 'short'],
  ])('is refused when it was signed with a key %s', (_, name) => {
    expect(report(publishers.file(name, JSON.stringify(demoBank))).error).toMatchObject({
      id: 'bank-signature-wrong',
    });
  });

  it.each([
    ['no type', { typ: undefined }],
    ['the type of another message', { typ: 'JWT' }],
    ['an extension that must be understood', { crit: ['exp'], exp: 1 }],
    [
      'its key beside the certificate',
      { x5c: undefined, jwk: { kty: 'RSA' }, jku: 'https://evil.example/keys' },
    ],
  ])('is refused when its header has %s, although the signature is right', (_, changes) => {
    const header = publishers.header('publisher', changes);
    expect(report(publishers.file('publisher', JSON.stringify(demoBank), header)).error).toMatchObject({
      id: 'bank-signature-wrong',
    });
  });

  it('is refused when its header names a member twice', () => {
    const header = publishers.header('publisher').replace('{', '{"alg":"none",');
    expect(report(publishers.file('publisher', JSON.stringify(demoBank), header)).error).toMatchObject({
      id: 'bank-signature-wrong',
      data: { reason: 'member "alg" stands twice' },
    });
  });

  it('is refused when its bank names a member twice, however it is spelt', () => {
    const claims = JSON.stringify(demoBank).replace(
      '"site":',
      String.raw`"s\u0069te":"https://evil.example/","site":`,
    );
    const { read, signer, error } = report(publishers.file('publisher', claims));
    expect(read).toBeUndefined();
    expect(signer?.name).toBe('Demo Bank publisher');
    expect(error).toMatchObject({ id: 'bank-file-invalid', data: { reason: 'member "site" stands twice' } });
  });

  it('tells its developer everything that is wrong with the bank, and that the signature is right', () => {
    const claims = JSON.stringify({ ...demoBank, version: 0, keys: { bits: 1 } });
    const { problems, signer, error } = report(publishers.file('publisher', claims));
    expect(problems.map(({ field }) => field)).toEqual(['version', 'keys.bits']);
    expect(signer?.fingerprint).toBe(publishers.fingerprint('publisher'));
    expect(error).toMatchObject({ id: 'bank-file-invalid', data: { field: 'version', more: 1 } });
  });

  it('is refused after any change of any one of its bytes', () => {
    const bytes = Buffer.from(genuine.trim());
    fc.assert(
      fc.property(fc.nat(bytes.length - 1), fc.integer({ min: 1, max: 255 }), (at, difference) => {
        const changed = Buffer.from(bytes);
        changed[at] = (changed[at] ?? 0) ^ difference;
        const { read } = report(changed);
        // The last character of the signature holds bits that mean nothing (RFC 4648 §3.5).
        if (at === bytes.length - 1 && read) expect(read.bank).toEqual(demoBank);
        else expect(read).toBeUndefined();
      }),
      { numRuns: 2_000 },
    );
  });

  it('is never made of anything else, and never by a crash or a long wait', async () => {
    const any = fc.oneof(
      fc.uint8Array({ maxLength: 2_000 }),
      fc.string({ unit: 'binary', maxLength: 2_000 }).map((text) => Buffer.from(text)),
      fc.array(fc.base64String({ maxLength: 200 })).map((some) => Buffer.from(some.join('.'))),
      fc.json().map((text) => Buffer.from(`${encoded(text)}.${encoded(text)}.AAAA`)),
      fc
        .object()
        .map((header) =>
          Buffer.from(`${encoded(JSON.stringify({ alg: 'RS256', typ: bankFileType, ...header }))}.e30.AAAA`),
        ),
    );
    await fc.assert(
      fc.asyncProperty(
        any,
        fc.constantFrom('accept' as const, 'refuse' as const),
        async (bytes, unsigned) => {
          const spent = await processorTimeOf(() => expect(report(bytes, unsigned).read).toBeUndefined());
          expect(spent).toBeLessThan(1_000);
        },
      ),
      { numRuns: 2_000 },
    );
  });

  it('costs no time however large it is', async () => {
    const spent = await processorTimeOf(() => {
      for (const text of [
        '.'.repeat(largestBankFile),
        'A'.repeat(largestBankFile),
        `${'A'.repeat(100_000)}.`.repeat(2) + 'A',
        '{"a":'.repeat(50_000),
      ])
        expect(report(text, 'accept').read).toBeUndefined();
    });
    expect(spent).toBeLessThan(1_000);
  });
});

describe('a bank file that nobody has signed', () => {
  it('is refused', () => {
    expect(report(JSON.stringify(demoBank)).error).toMatchObject({
      id: 'bank-file-unsigned',
      code: '0300020',
    });
    expect(report(` \n${JSON.stringify(demoBank)}`).error).toMatchObject({ id: 'bank-file-unsigned' });
  });

  it('is read for testers, who say so', () => {
    expect(report(JSON.stringify(demoBank, undefined, 2), 'accept').read).toEqual({ bank: demoBank });
  });
});
