import { createHash } from 'node:crypto';

import { expect, it } from 'vitest';

import { loggedIn, onBothTokens, SO_PIN, type Subject } from '../conformance.ts';

const ID = '51';
const MESSAGE = 'a payment order';

const prepare = async ({ bench }: Subject): Promise<void> => {
  bench.write('message', MESSAGE);
  bench.write('digest', createHash('sha256').update(MESSAGE).digest());
  const request = ['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-subj', '/CN=Tester', '-days', '9'];
  await bench.must('openssl', ...request, '-keyout', 'key.pem', '-outform', 'DER', '-out', 'cert.der');
};

onBothTokens('PKCS#11', { profile: 'formatted', prepare }, (token) => {
  it('is a token that is ready for use', async () => {
    const { stdout } = await token.bench.pkcs11('--list-token-slots');
    expect(stdout).toMatch(/token label +: Rutoken ECP \(User PIN\)/);
    expect(stdout).toMatch(/token flags +: login required, rng, token initialized, PIN initialized\n/);
    expect(stdout).toMatch(/serial num +: 000000003a5b7c1d/);
  });

  it('gives random bytes', async () => {
    for (const file of ['random', 'other'])
      await token.bench.pkcs11('--generate-random', '32', '--output-file', file);
    expect(token.bench.read('random')).toHaveLength(32);
    expect(token.bench.read('random')).not.toEqual(token.bench.read('other'));
  });

  it('makes a key pair', async () => {
    const named = ['--id', ID, '--label', 'pair', '--usage-sign', '--usage-decrypt'];
    const { stdout } = await token.bench.pkcs11(
      ...['--keypairgen', '--key-type', 'rsa:2048'],
      ...named,
      ...loggedIn,
    );
    expect(stdout).toContain('Public Key Object; RSA 2048 bits');
    await token.bench.pkcs11('--read-object', '--type', 'pubkey', '--id', ID, '-o', 'public.der');
  });

  it('signs, and OpenSSL verifies it', async () => {
    const files = ['--input-file', 'message', '--output-file', 'signature'];
    await token.bench.pkcs11('--sign', '-m', 'SHA256-RSA-PKCS', '--id', ID, ...files, ...loggedIn);
    const { stdout } = await token.bench.must(
      'openssl',
      ...['dgst', '-sha256', '-verify', 'public.der', '-keyform', 'DER'],
      ...['-signature', 'signature', 'message'],
    );
    expect(stdout).toContain('Verified OK');
  });

  it('signs with PSS, and OpenSSL verifies it', async () => {
    const files = ['--input-file', 'digest', '--output-file', 'signature'];
    const pss = ['--sign', '-m', 'RSA-PKCS-PSS', '--hash-algorithm', 'SHA256', '--id', ID];
    await token.bench.pkcs11(...pss, ...files, ...loggedIn);
    const { stdout } = await token.bench.must(
      'openssl',
      ...['pkeyutl', '-verify', '-pubin', '-inkey', 'public.der', '-keyform', 'DER', '-in', 'digest'],
      ...['-sigfile', 'signature', '-pkeyopt', 'digest:sha256', '-pkeyopt', 'rsa_padding_mode:pss'],
    );
    expect(stdout).toContain('Signature Verified Successfully');
  });

  it.each([
    ['pkcs1', ['RSA-PKCS']],
    ['oaep', ['RSA-PKCS-OAEP', '--hash-algorithm', 'SHA-1']],
  ] as const)('decrypts what OpenSSL has enciphered with padding %s', async (padding, mechanism) => {
    await token.bench.must(
      'openssl',
      ...['pkeyutl', '-encrypt', '-pubin', '-inkey', 'public.der', '-keyform', 'DER', '-in', 'message'],
      ...['-out', 'cryptogram', '-pkeyopt', `rsa_padding_mode:${padding}`],
    );
    const files = ['--input-file', 'cryptogram', '--output-file', 'decrypted'];
    await token.bench.pkcs11('--decrypt', '-m', ...mechanism, '--id', ID, ...files, ...loggedIn);
    expect(token.bench.read('decrypted').toString()).toBe(MESSAGE);
  });

  it('stores a certificate and a data object, lists them and gives them back', async () => {
    const certificate = ['--type', 'cert', '--id', ID, '--label', 'cert'];
    await token.bench.pkcs11('--write-object', 'cert.der', ...certificate, ...loggedIn);
    const data = ['--type', 'data', '--label', 'note', '--application-label', 'app'];
    await token.bench.pkcs11('--write-object', 'message', ...data, ...loggedIn);
    const { stdout } = await token.bench.pkcs11('--list-objects');
    expect(stdout).toMatch(
      /Certificate Object[^]*?label: +cert\n[^]*?subject: +DN: CN=Tester\n[^]*?ID: +51\n/,
    );
    expect(stdout).toMatch(/Data object[^]*?label: +'note'\n[^]*?application: +'app'\n/);
    await token.bench.pkcs11('--read-object', '--type', 'cert', '--id', ID, '-o', 'read.der');
    expect(token.bench.read('read.der')).toEqual(token.bench.read('cert.der'));
    await token.bench.pkcs11('--read-object', '--type', 'data', '--label', 'note', '-o', 'read');
    expect(token.bench.read('read').toString()).toBe(MESSAGE);
  });

  it('passes OpenSC’s own tests of a token', async () => {
    const { output } = await token.bench.pkcs11('--test', ...loggedIn);
    expect(output).toMatch(/testing signature mechanisms:[^]*SHA256-RSA-PKCS: OK/);
    expect(output).toMatch(/Decryption[^]*RSA-PKCS: OK/);
    expect(output).toContain('No errors');
  });

  it('deletes the key pair', async () => {
    for (const type of ['privkey', 'pubkey', 'cert'])
      await token.bench.pkcs11('--delete-object', '--type', type, '--id', ID, ...loggedIn);
    expect((await token.bench.pkcs11('--list-objects', ...loggedIn)).stdout).not.toMatch(/Key|Certificate/);
  });

  it('changes the user PIN', async () => {
    await token.bench.pkcs11('--change-pin', '--new-pin', '11223344', ...loggedIn);
    await token.bench.loseRights();
    const { stdout } = await token.bench.pkcs11('--list-objects', '--login', '--pin', '11223344');
    expect(stdout).toContain("'note'");
  });

  it('sets the user PIN as administrator', async () => {
    const asAdministrator = ['--login', '--login-type', 'so', '--so-pin', SO_PIN];
    await token.bench.pkcs11('--init-pin', '--new-pin', '55667788', ...asAdministrator);
    await token.bench.loseRights();
    const { stdout } = await token.bench.pkcs11('--list-objects', '--login', '--pin', '55667788');
    expect(stdout).toContain("'note'");
  });
});
