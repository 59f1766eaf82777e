import { createPublicKey, verify } from 'node:crypto';

import { expect, it } from 'vitest';

import { asUser, loggedIn, onBothTokens, type Subject, USER_PIN } from '../conformance.ts';
import { importableKey } from '../importable-key.ts';
import { certificateFor, KiltSide } from './kilt-side.ts';

const LABEL = 'qq111111';
const signature = { id: '5167', label: 'Signature', bits: 2048, usage: ['sign', 'nonRepudiation'] } as const;
const profile = { application: 'Kilt', label: 'profile', content: new TextEncoder().encode('{"format":1}') };
const data = new TextEncoder().encode('a payment order');

const kilt = new KiltSide();

/** A token that OpenSC has formatted, with one key that it made, one that it imported, a certificate and a note. */
const prepare = async ({ bench }: Subject): Promise<void> => {
  const generate = ['--generate-key', 'rsa/2048', '--id', '42', '--label', 'My Key'];
  await bench.must('pkcs15-init', ...generate, ...asUser);
  bench.write('own.key', importableKey(2048));
  const request = ['req', '-x509', '-key', 'own.key', '-subj', '/CN=Tester', '-days', '9'];
  await bench.must('openssl', ...request, '-out', 'own.pem');
  const store = ['--store-private-key', 'own.key', '--id', '43', '--label', 'imported'];
  await bench.must('pkcs15-init', ...store, '--key-usage', 'sign', ...asUser);
  await bench.must(
    'pkcs15-init',
    '--store-certificate',
    'own.pem',
    '--id',
    '43',
    '--label',
    'imported',
    ...asUser,
  );
  bench.write('note', 'some text');
  const note = ['--write-object', 'note', '--type', 'data', '--label', 'note', '--application-label', 'app'];
  await bench.pkcs11(...note, ...loggedIn);
  await kilt.start();
};
const cleanUp = (): Promise<void> => kilt.stop();

onBothTokens('What OpenSC wrote, used by Kilt', { profile: 'formatted', prepare, cleanUp }, (token) => {
  it('shows keys, certificate and data object with their names and identifiers', async () => {
    expect(await kilt.info()).toMatchObject({ serial: '3A5B7C1D', label: 'Rutoken ECP' });
    const { keys, certificates, dataObjects } = await kilt.objects();
    expect(keys).toEqual([
      { id: '42', label: 'My Key', algorithm: 'rsa', bits: 2048, reference: 1, usage: ['sign'] },
      {
        id: '43',
        label: 'imported',
        algorithm: 'rsa',
        bits: 2048,
        reference: 2,
        usage: ['sign', 'signRecover'],
      },
    ]);
    await token.bench.must('openssl', 'x509', '-in', 'own.pem', '-outform', 'DER', '-out', 'own.der');
    const der = new Uint8Array(token.bench.read('own.der'));
    expect(certificates).toEqual([{ id: '43', label: 'imported', der }]);
    const content = new Uint8Array(Buffer.from('some text'));
    expect(dataObjects).toEqual([{ application: 'app', label: 'note', content }]);
  });

  it.each([
    ['made', '42'],
    ['imported', '43'],
  ])('signs with the key that OpenSC has %s', async (_, id) => {
    const signed = await kilt.asUser((session) => session.signSha256(id, data));
    const { stdout } = await token.bench.must('pkcs15-tool', '--read-public-key', id);
    expect(verify('sha256', data, createPublicKey(stdout), signed)).toBe(true);
  });

  it('takes key, certificate and record of Kilt beside them, and OpenSC sees all', async () => {
    await kilt.asUser(async (session) => {
      await session.createPkcs15(LABEL);
      const publicKey = await session.generateRsaKeyPair(signature);
      const der = await certificateFor(token.bench, publicKey, 'Kilt');
      await session.storeCertificate({ id: signature.id, label: 'Certificate', der });
      await session.writeDataObject(profile);
    });
    const { stdout } = await token.bench.must('pkcs15-tool', '--dump');
    expect(stdout).toContain(`PKCS#15 Card [${LABEL}]`);
    for (const name of ['My Key', 'imported', 'Signature']) {
      expect(stdout).toContain(`Private RSA Key [${name}]`);
      expect(stdout).toContain(`Public RSA Key [${name}]`);
    }
    expect(stdout).toContain('X.509 Certificate [Certificate]');
    expect(stdout).toContain('X.509 Certificate [imported]');
    for (const name of ['note', 'profile']) expect(stdout).toContain(`Data object '${name}'`);
  });

  it('loses for OpenSC what Kilt deletes, and nothing else', async () => {
    await kilt.asUser(async (session) => {
      await session.deleteKeyPair('42');
      await session.deleteDataObject('app', 'note');
    });
    const { stdout } = await token.bench.must('pkcs15-tool', '--dump');
    expect(stdout).not.toContain('My Key');
    expect(stdout).not.toContain("Data object 'note'");
    expect(stdout).toContain('Private RSA Key [imported]');
    expect(stdout).toContain("Data object 'profile'");
    await token.bench.must('openssl', ...['dgst', '-sha256', '-binary', '-out', 'digest', 'note']);
    const sign = ['--sign', '--pkcs1', '--sha-256', '--pin', USER_PIN, '--raw', '--input', 'digest'];
    await token.bench.must('pkcs15-crypt', ...sign, '--output', 'signature', '--key', '43');
    const check = ['pkeyutl', '-verify', '-certin', '-inkey', 'own.pem', '-in', 'digest'];
    await token.bench.must('openssl', ...check, '-sigfile', 'signature', '-pkeyopt', 'digest:sha256');
    const gone = await token.bench.run('pkcs15-crypt', ...sign, '--output', 'forged', '--key', '42');
    expect(gone.code).not.toBe(0);
  });
});
