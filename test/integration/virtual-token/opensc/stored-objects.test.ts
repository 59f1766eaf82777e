import { expect, it } from 'vitest';

import type { CardState } from '#test/virtual-token/card-state.ts';

import { asUser, onBothTokens, USER_PIN, withBothPins } from '../conformance.ts';
import { importableKey } from '../importable-key.ts';

const CERTIFICATE_ID = '43';
const CONTAINER_ID = '46';

onBothTokens('Certificates and data objects', { profile: 'formatted' }, (token) => {
  let filesBefore: number;

  it('stores a certificate and gives it back', async () => {
    filesBefore = filesOf(token.bench.state());
    token.bench.write('own.key', importableKey(2048));
    const request = ['req', '-x509', '-key', 'own.key', '-subj', '/CN=Tester', '-days', '9'];
    await token.bench.must('openssl', ...request, '-out', 'own.pem');
    const named = ['--id', CERTIFICATE_ID, '--label', 'cert'];
    await token.bench.must('pkcs15-init', '--store-certificate', 'own.pem', ...named, ...asUser);
    const { stdout } = await token.bench.must('pkcs15-tool', '--read-certificate', CERTIFICATE_ID);
    expect(stdout.trim()).toBe(token.bench.read('own.pem').toString().trim());
  });

  it('stores the certificate’s key beside it, and lists both under one identifier', async () => {
    const named = ['--id', CERTIFICATE_ID, '--label', 'key'];
    await token.bench.must('pkcs15-init', '--store-private-key', 'own.key', ...named, ...asUser);
    const { stdout } = await token.bench.must('pkcs15-tool', '--dump');
    expect(stdout).toMatch(/Private RSA Key \[key\][^]*?ID +: 43\n/);
    expect(stdout).toMatch(/X\.509 Certificate \[cert\][^]*?ID +: 43\n/);
  });

  it('stores a data object that anybody reads', async () => {
    token.bench.write('note', 'remember the milk');
    const data = ['--store-data', 'note', '--label', 'note', '--application-name', 'kilt'];
    await token.bench.must('pkcs15-init', ...data, '--pin', USER_PIN);
    await token.bench.loseRights();
    const { stdout } = await token.bench.must('pkcs15-tool', '--read-data-object', 'note', '--raw');
    expect(stdout).toBe('remember the milk');
  });

  it('stores a data object that only the user reads', async () => {
    token.bench.write('diary', 'dear diary');
    const data = ['--store-data', 'diary', '--label', 'diary', '--application-name', 'kilt'];
    await token.bench.must('pkcs15-init', ...data, ...asUser);
    await token.bench.loseRights();
    const read = ['--read-data-object', 'diary', '--raw'];
    const { stdout } = await token.bench.must('pkcs15-tool', ...read, '--verify-pin', ...asUser);
    expect(stdout).toBe('dear diary');
    await token.bench.loseRights();
    const withoutPin = await token.bench.run('pkcs15-tool', ...read);
    expect(withoutPin.code).not.toBe(0);
    expect(withoutPin.output).not.toContain('dear');
  });

  it('replaces a certificate', async () => {
    const request = ['req', '-x509', '-key', 'own.key', '-subj', '/CN=Successor', '-days', '9'];
    await token.bench.must('openssl', ...request, '-out', 'new.pem');
    const update = ['--update-certificate', 'new.pem', '--id', CERTIFICATE_ID];
    await token.bench.must('pkcs15-init', ...update, ...withBothPins);
    const { stdout } = await token.bench.must('pkcs15-tool', '--read-certificate', CERTIFICATE_ID);
    expect(stdout.trim()).toBe(token.bench.read('new.pem').toString().trim());
  });

  it('takes key and certificate out of a PKCS#12 file', async () => {
    const container = ['-export', '-inkey', 'own.key', '-in', 'own.pem', '-out', 'own.p12'];
    await token.bench.must('openssl', 'pkcs12', ...container, '-passout', 'pass:abc');
    const file = ['--store-private-key', 'own.p12', '--format', 'PKCS12', '--passphrase', 'abc'];
    await token.bench.must('pkcs15-init', ...file, '--id', CONTAINER_ID, ...asUser);
    const { stdout } = await token.bench.must('pkcs15-tool', '--list-keys', '--list-certificates');
    expect(stdout).toMatch(/Private RSA Key \[Tester\][^]*?ID +: 46\n/);
    expect(stdout).toMatch(/X\.509 Certificate \[Tester\][^]*?ID +: 46\n/);
  });

  it('deletes them all, and only the directories stay', async () => {
    for (const id of [CERTIFICATE_ID, CONTAINER_ID]) {
      const objects = ['--delete-objects', 'privkey,pubkey,cert', '--id', id];
      await token.bench.must('pkcs15-init', ...objects, ...withBothPins);
    }
    for (const label of ['note', 'diary']) {
      const data = ['--delete-objects', 'data', '--application-name', 'kilt', '--label', label];
      await token.bench.must('pkcs15-init', ...data, ...withBothPins);
    }
    const { stdout } = await token.bench.must('pkcs15-tool', '--dump');
    expect(stdout).not.toMatch(/RSA Key|Certificate|Data object/);
    const directoriesOfObjects = ['PrKDF', 'PuKDF', 'CDF', 'DODF'].length;
    expect(filesOf(token.bench.state())).toBe(filesBefore + directoriesOfObjects);
  });
});

const filesOf = (state: CardState): number => JSON.stringify(state).match(/"access":/g)?.length ?? 0;
