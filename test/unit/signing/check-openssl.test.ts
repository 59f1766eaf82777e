import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { SigningDesk, sha256 } from './signing-desk.ts';

let desk: SigningDesk;
const text = 'Акт выполненных работ\r\nвторая строка\n';
beforeAll(() => {
  desk = new SigningDesk();
  desk.openssl.write('act.txt', text);
  desk.openssl.write(
    'large.bin',
    new Uint8Array(3_000_000).map((_, i) => (i * 7) % 253),
  );
});
afterAll(() => desk.remove());

describe("signatures of OpenSSL's making", () => {
  it('says who signed, when, and through whom they are known', async () => {
    const before = Date.now() - 2000;
    desk.opensslSign('act.txt', 'act.txt.p7s');
    const view = await desk.check('act.txt.p7s');
    expect(view).toMatchObject({
      verdict: 'valid',
      form: 'detached',
      documentName: 'act.txt',
      documentBytes: new TextEncoder().encode(text).length,
      documentSha256: sha256(text),
      signers: [
        {
          certificate: { subjectName: 'aigul', issuerName: 'Demo CA' },
          chain: ['Demo CA'],
          digest: 'SHA-256',
          form: 'cms',
          notes: ['no-timestamp', 'certificate-not-named', 'revocation-not-checked'],
        },
      ],
    });
    const claimed = Date.parse(view.signers[0]?.claimedAt ?? '');
    expect(claimed).toBeGreaterThan(before);
    expect(claimed).toBeLessThanOrEqual(Date.now());
  });

  it.each([
    ['CAdES-BES', ['-cades'], { form: 'cades-bes' }],
    ['the document inside', ['-nodetach'], {}],
    ['the document inside, in pieces of unknown length', ['-nodetach', '-stream'], {}],
    ['a key identifier in place of issuer and number', ['-keyid'], {}],
    ['SHA-512', ['-md', 'sha512'], { digest: 'SHA-512' }],
    ['SHA-384 and CAdES-BES', ['-md', 'sha384', '-cades'], { digest: 'SHA-384', form: 'cades-bes' }],
    ['PEM', ['-outform', 'PEM'], {}],
  ])('accepts %s', async (name, args, signer) => {
    const out = `large.bin.${name.replaceAll(/\W/g, '')}.p7s`;
    desk.opensslSign('large.bin', out, ...args);
    const view = await desk.check(out, args.includes('-nodetach') ? {} : { document: 'large.bin' });
    expect(view).toMatchObject({ verdict: 'valid', documentBytes: 3_000_000, signers: [signer] });
    expect(view.documentSha256).toBe(sha256(desk.openssl.read('large.bin')));
  });

  it('accepts ECDSA', async () => {
    desk.openssl.ecKey('elliptic');
    desk.openssl.certificate('elliptic', 'ca', '/CN=elliptic');
    desk.openssl.run(
      ...['cms', '-sign', '-binary', '-in', 'act.txt', '-signer', 'elliptic.crt', '-inkey', 'elliptic.key'],
      ...['-outform', 'DER', '-nodetach', '-out', 'ec.cms'],
    );
    expect(await desk.check('ec.cms')).toMatchObject({ verdict: 'valid' });
  });

  it('looks at each of several signers, and the worst decides', async () => {
    const second = (name: string, out: string) =>
      desk.openssl.run(
        ...['cms', '-resign', '-binary', '-in', 'one.cms', '-inform', 'DER', '-outform', 'DER'],
        ...['-signer', `${name}.crt`, '-inkey', `${name}.key`, '-out', out],
      );
    desk.opensslSign('act.txt', 'one.cms', '-nodetach');
    second('dana', 'both.cms');
    const both = await desk.check('both.cms');
    expect(both.verdict).toBe('valid');
    expect(both.signers.map(({ certificate }) => certificate?.subjectName).toSorted()).toEqual([
      'aigul',
      'dana',
    ]);
    second('stranger', 'with-stranger.cms');
    const mixed = await desk.check('with-stranger.cms');
    expect(mixed.verdict).toBe('doubtful');
    expect(mixed.signers.map(({ problem }) => problem).filter(Boolean)).toEqual(['issuer-unknown']);
  });

  it.each([
    ['RSASSA-PSS, which it does not check', ['-keyopt', 'rsa_padding_mode:pss'], 'algorithm-unsupported'],
    ['SHA-1, under which another document can be put', ['-md', 'sha1'], 'hash-weak'],
    ['a signature without signed attributes', ['-noattr'], 'no-signed-attributes'],
    ['one that does not bring its certificate', ['-nocerts'], 'certificate-missing'],
  ])('knows %s, and does not call it valid', async (_, args, problem) => {
    const out = `refused-${problem}.p7s`;
    desk.opensslSign('act.txt', out, ...args);
    const view = await desk.check(out, { document: 'act.txt' });
    expect(view.verdict).not.toBe('valid');
    expect(view.signers).toMatchObject([{ problem }]);
  });

  it('does not take a chain for granted', async () => {
    desk.opensslSign('act.txt', 'chain.p7s', '-cades');
    const now = new Date(Date.now() + 40 * 24 * 3600 * 1000);
    const document = 'act.txt';
    expect(await desk.check('chain.p7s', { document, anchors: [] })).toMatchObject({
      verdict: 'doubtful',
      signers: [{ problem: 'issuer-unknown', chain: [] }],
    });
    expect(await desk.check('chain.p7s', { document, now })).toMatchObject({
      verdict: 'doubtful',
      signers: [{ problem: 'certificate-expired' }],
    });
  });

  it('does not take a certificate of another purpose for a signature', async () => {
    desk.openssl.write('sealing.cnf', 'keyUsage=critical,keyEncipherment\nsubjectKeyIdentifier=hash\n');
    desk.openssl.rsaKey('sealing');
    desk.openssl.run('req', '-new', '-key', 'sealing.key', '-subj', '/CN=sealing', '-out', 'sealing.csr');
    desk.openssl.run(
      ...['x509', '-req', '-in', 'sealing.csr', '-CA', 'ca.crt', '-CAkey', 'ca.key', '-days', '3'],
      ...['-extfile', 'sealing.cnf', '-out', 'sealing.crt'],
    );
    const at = desk.folder('sealing-folder');
    desk.openssl.write(at('a'), 'a');
    await desk.sign([at('a')], 'detached', { who: 'sealing' });
    expect(await desk.check(at('a.p7s'))).toMatchObject({
      verdict: 'doubtful',
      signers: [{ problem: 'key-usage' }],
    });
  });

  it('says what can not be checked at all', async () => {
    desk.opensslSign('act.txt', 'alone.p7s');
    await expect(desk.check('alone.p7s')).rejects.toMatchObject({ id: 'signed-document-missing' });
    await expect(desk.check('act.txt')).rejects.toMatchObject({ id: 'signature-unreadable' });
    await expect(desk.check('nowhere.p7s')).rejects.toMatchObject({ id: 'document-unreadable' });
    desk.openssl.run(
      'crl2pkcs7',
      '-nocrl',
      '-certfile',
      'ca.crt',
      '-outform',
      'DER',
      '-out',
      'certificates.p7b',
    );
    await expect(desk.check('certificates.p7b', { document: 'act.txt' })).rejects.toMatchObject({
      id: 'signature-unreadable',
    });
    desk.openssl.run(
      ...['cms', '-encrypt', '-in', 'act.txt', '-outform', 'DER', '-out', 'sealed.p7m', 'aigul.crt'],
    );
    await expect(desk.check('sealed.p7m')).rejects.toMatchObject({
      id: 'signature-unreadable',
      data: { reason: 'not-signed' },
    });
  });
});
