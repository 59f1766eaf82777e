import { expect, it } from 'vitest';

import { secretFromText } from '#shared/bytes.ts';

import { asUser, loggedIn, onBothTokens, type Subject, USER_PIN, withBothPins } from '../conformance.ts';
import { certificateFor, KiltSide } from './kilt-side.ts';

const LABEL = 'qq111111';
const signature = { id: '5167', label: 'Signature', bits: 2048, usage: ['sign', 'nonRepudiation'] } as const;
const signIn = { id: '4c', label: 'Sign-in', bits: 2048, usage: ['sign'] } as const;
const profile = { application: 'Kilt', label: 'profile', content: new TextEncoder().encode('{"format":1}') };

const secret = { application: 'Kilt', label: 'secret' } as const;

const kilt = new KiltSide();

/** A token as the vendor delivers it; everything on it is made by Kilt. */
const prepare = async ({ bench }: Subject): Promise<void> => {
  await kilt.start();
  await kilt.asUser(async (session) => {
    await session.createPkcs15(LABEL);
    await session.generateRsaKeyPair(signIn);
    const publicKey = await session.generateRsaKeyPair(signature);
    const der = await certificateFor(bench, publicKey, 'Kilt');
    await session.storeCertificate({ id: signature.id, label: 'Certificate', der });
    await session.writeDataObject(profile);
    await session.writePrivateData({ ...secret, content: secretFromText('dear diary') });
  });
};
const cleanUp = (): Promise<void> => kilt.stop();

onBothTokens('What Kilt wrote, used by OpenSC', { profile: 'default-pins', prepare, cleanUp }, (token) => {
  it('has label, PINs, keys, certificate and data object for pkcs15-tool', async () => {
    const { stdout } = await token.bench.must('pkcs15-tool', '--dump');
    expect(stdout).toContain(`PKCS#15 Card [${LABEL}]`);
    expect(stdout).toMatch(/Serial number +: 000000003a5b7c1d/i);
    expect(stdout).toMatch(/PIN \[Security Officer PIN\]/);
    expect(stdout).toMatch(/PIN \[User PIN\][^]*?Reference +: 2 /);
    expect(stdout).toMatch(
      /Private RSA Key \[Signature\][^]*?Usage +: \[0x204\], sign, nonRepudiation[^]*?ID +: 5167\n/,
    );
    expect(stdout).toMatch(/Private RSA Key \[Sign-in\][^]*?Usage +: \[0x04\], sign[^]*?ID +: 4c\n/);
    expect(stdout).toMatch(/Public RSA Key \[Signature\][^]*?ID +: 5167\n/);
    expect(stdout).toMatch(/X\.509 Certificate \[Certificate\][^]*?ID +: 5167\n/);
    expect(stdout).toMatch(/Data object 'profile'\n\tapplicationName: Kilt\n/);
  });

  it('has a secret that OpenSC knows to be private, and reads after the login only', async () => {
    const { stdout: listed } = await token.bench.must('pkcs15-tool', '--list-data-objects');
    expect(listed).toMatch(/Data object 'secret'\n\tapplicationName: Kilt\n[^]*?Auth ID: +02/);
    await token.bench.loseRights();
    const read = ['--read-data-object', secret.label, '--raw'];
    const refused = await token.bench.run('pkcs15-tool', ...read);
    expect(refused.code).not.toBe(0);
    expect(refused.output).not.toContain('dear');
    const { stdout } = await token.bench.must('pkcs15-tool', ...read, '--verify-pin', ...asUser);
    expect(stdout).toBe('dear diary');
    await token.bench.loseRights();
  });

  it('has the same objects through PKCS#11', async () => {
    const { stdout } = await token.bench.pkcs11('--list-objects');
    expect(stdout).toContain('Public Key Object; RSA 2048 bits');
    expect(stdout).toMatch(/Certificate Object[^]*?subject: +DN: CN=Kilt/);
    expect(stdout).toMatch(/Data object[^]*?label: +'profile'/);
    const own = await token.bench.pkcs11('--list-objects', '--type', 'privkey', ...loggedIn);
    expect(own.stdout.match(/Private Key Object; RSA/g)).toHaveLength(2);
  });

  it('has a certificate and a record that OpenSC reads bit for bit', async () => {
    const certificate = ['--read-certificate', signature.id, '--output', 'read.pem'];
    await token.bench.must('pkcs15-tool', ...certificate);
    await token.bench.must('openssl', 'x509', '-in', 'read.pem', '-outform', 'DER', '-out', 'read.der');
    const { certificates } = await kilt.objects();
    expect(new Uint8Array(token.bench.read('read.der'))).toEqual(certificates[0]?.der);
    const { stdout } = await token.bench.must('pkcs15-tool', '--read-data-object', 'profile', '--raw');
    expect(stdout).toBe('{"format":1}');
  });

  it('signs with the key, and OpenSSL verifies it by the certificate', async () => {
    token.bench.write('message', 'a payment order');
    await token.bench.must('openssl', ...['dgst', '-sha256', '-binary', '-out', 'digest', 'message']);
    await token.bench.must(
      'pkcs15-crypt',
      ...['--sign', '--pkcs1', '--sha-256', '--key', signature.id, '--pin', USER_PIN, '--raw'],
      ...['--input', 'digest', '--output', 'signature'],
    );
    const { stdout: key } = await token.bench.must('openssl', 'x509', '-in', 'read.pem', '-pubkey', '-noout');
    token.bench.write('certified.pem', key);
    const dgst = ['dgst', '-sha256', '-verify', 'certified.pem', '-signature', 'signature', 'message'];
    expect((await token.bench.must('openssl', ...dgst)).stdout).toContain('Verified OK');
  });

  it('takes a key and a certificate of OpenSC beside those of Kilt', async () => {
    const key = ['--generate-key', 'rsa/2048', '--id', '42', '--label', 'OpenSC key'];
    await token.bench.must('pkcs15-init', ...key, ...asUser);
    const certificate = ['--store-certificate', 'read.pem', '--id', '99', '--label', 'By OpenSC'];
    await token.bench.must('pkcs15-init', ...certificate, ...asUser);
    const { keys, certificates } = await kilt.objects();
    expect(keys.map(({ label }) => label).sort()).toEqual(['OpenSC key', 'Sign-in', 'Signature']);
    expect(certificates.map(({ label }) => label).sort()).toEqual(['By OpenSC', 'Certificate']);
  });

  it('loses for Kilt what OpenSC deletes, and nothing else', async () => {
    const remove = (...what: string[]) =>
      token.bench.must('pkcs15-init', '--delete-objects', ...what, ...withBothPins);
    await remove('privkey,pubkey', '--id', signIn.id);
    await remove('data', '--application-name', profile.application, '--label', profile.label);
    const { keys, certificates, dataObjects } = await kilt.objects();
    expect(keys.map(({ label }) => label).sort()).toEqual(['OpenSC key', 'Signature']);
    expect(certificates.map(({ label }) => label).sort()).toEqual(['By OpenSC', 'Certificate']);
    expect(dataObjects).toEqual([]);
    await remove('cert,privkey,pubkey', '--id', signature.id);
    const rest = await kilt.objects();
    expect(rest.keys.map(({ label }) => label)).toEqual(['OpenSC key']);
    expect(rest.certificates.map(({ label }) => label)).toEqual(['By OpenSC']);
    const sign = kilt.asUser((session) => session.signSha256(signature.id, Uint8Array.of(1)));
    await expect(sign).rejects.toMatchObject({ id: 'key-not-found' });
  });
});
