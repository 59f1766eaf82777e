import { readdirSync } from 'node:fs';

import { expect, it } from 'vitest';

import { asUser, onBothTokens, type SubjectOptions } from '../conformance.ts';
import { certificateFor, KiltSide } from './kilt-side.ts';

const first = { id: '01', label: 'First', bits: 2048, usage: ['sign'] } as const;
const second = { ...first, id: '02', label: 'Second' };
const record = (text: string) => ({
  application: 'Kilt',
  label: 'profile',
  content: new TextEncoder().encode(text),
});

const kilt = new KiltSide();
const options: SubjectOptions = {
  profile: 'default-pins',
  fileCaching: true,
  cleanUp: () => kilt.stop(),
  prepare: async ({ bench }) => {
    await kilt.start();
    await kilt.asUser(async (session) => {
      await session.createPkcs15('before');
      const publicKey = await session.generateRsaKeyPair(first);
      const der = await certificateFor(bench, publicKey, 'Old');
      await session.storeCertificate({ id: first.id, label: 'Old', der });
      await session.writeDataObject(record('one'));
    });
  },
};

onBothTokens('OpenSC with its file cache, after changes by Kilt', options, (token) => {
  it('keeps what it has read of the token', async () => {
    await token.bench.must('pkcs15-tool', '--dump');
    await token.bench.must('pkcs15-tool', '--read-certificate', first.id);
    const kept = readdirSync(token.bench.cacheFolder).join();
    for (const file of ['50006002', '50006001', '50006004']) expect(kept).toContain(file);
  });

  it('sees a key that was added, at once', async () => {
    await kilt.asUser((session) => session.generateRsaKeyPair(second));
    const { stdout } = await token.bench.must('pkcs15-tool', '--list-keys');
    expect(stdout).toContain('[First]');
    expect(stdout).toContain('[Second]');
  });

  it('sees a certificate that was replaced, at once', async () => {
    await kilt.asUser(async (session) => {
      const publicKey = await session.publicKey(first.id);
      const der = await certificateFor(token.bench, publicKey ?? new Uint8Array(), 'New');
      await session.storeCertificate({ id: first.id, label: 'New', der });
    });
    const { stdout } = await token.bench.must('pkcs15-tool', '--read-certificate', first.id);
    token.bench.write('read.pem', stdout);
    const shown = await token.bench.must('openssl', 'x509', '-in', 'read.pem', '-noout', '-subject');
    expect(shown.stdout).toContain('CN = New');
  });

  it('sees every one of several changes in the same second', async () => {
    for (const text of ['two', 'three', 'four', 'five']) {
      await kilt.asUser((session) => session.writeDataObject(record(text)));
      const { stdout } = await token.bench.must('pkcs15-tool', '--read-data-object', 'profile', '--raw');
      expect(stdout).toBe(text);
    }
  });

  it('sees that a key has gone, and the new label', async () => {
    await kilt.asUser(async (session) => {
      await session.deleteKeyPair(second.id);
      await session.setLabel('after');
    });
    const { stdout } = await token.bench.must('pkcs15-tool', '--dump');
    expect(stdout).toContain('PKCS#15 Card [after]');
    expect(stdout).not.toContain('[Second]');
    expect(stdout).toContain('[First]');
  });

  it('can change the token itself, and Kilt sees that', async () => {
    const rename = ['--change-attributes', 'privkey', '--id', first.id, '--label', 'Renamed'];
    await token.bench.must('pkcs15-init', ...rename, ...asUser);
    expect((await kilt.objects()).keys.map(({ label }) => label)).toEqual(['Renamed']);
  });
});
