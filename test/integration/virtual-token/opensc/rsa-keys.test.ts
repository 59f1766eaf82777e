import { createHash } from 'node:crypto';

import { expect, it } from 'vitest';

import type { CardState } from '#test/virtual-token/card-state.ts';

import { asUser, onBothTokens, type Subject, USER_PIN, withBothPins } from '../conformance.ts';
import { importableKey } from '../importable-key.ts';

/** OpenSC 0.23 knows this family's RSA up to 2048 bits; 0.25 is the first with 4096 (facts §3.5). */
const generated = [
  ['generated', 1024, '10'],
  ['generated', 1536, '15'],
  ['generated', 2048, '20'],
] as const;
const imported = [
  ['imported', 1024, '11'],
  ['imported', 2048, '21'],
] as const;
const all = [...generated, ...imported];
const SECRET = 'a small secret';

const prepare = async ({ bench }: Subject): Promise<void> => {
  bench.write('digest', createHash('sha256').update('to be signed').digest());
  bench.write('plain', SECRET);
  await Promise.resolve();
};

onBothTokens('RSA keys', { profile: 'formatted', prepare }, (token) => {
  it.each(generated)('has a %s key pair of %d bits', async (_, bits, id) => {
    const key = ['--id', id, '--label', `key of ${bits}`, '--key-usage', 'sign,decrypt'];
    await token.bench.must('pkcs15-init', '--generate-key', `rsa/${bits}`, ...key, ...asUser);
    const { stdout } = await token.bench.must('pkcs15-tool', '--list-keys');
    const shown = `Private RSA Key \\[key of ${bits}\\][^]*?ModLength +: ${bits}[^]*?Native +: yes[^]*?ID +: ${id}`;
    expect(stdout).toMatch(new RegExp(shown));
  });

  it.each(imported)('has an %s key pair of %d bits, made by OpenSSL', async (_, bits, id) => {
    token.bench.write(`${id}.key`, importableKey(bits));
    const key = ['--id', id, '--label', 'imported', '--key-usage', 'sign,decrypt'];
    await token.bench.must('pkcs15-init', '--store-private-key', `${id}.key`, ...key, ...asUser);
    const { stdout } = await token.bench.must('pkcs15-tool', '--read-public-key', id);
    const original = await token.bench.must('openssl', 'rsa', '-pubout', '-in', `${id}.key`);
    expect(stdout.trim()).toBe(original.stdout.trim());
  });

  it.each(all)('signs with the %s key of %d bits, and OpenSSL verifies it', async (_origin, _bits, id) => {
    await token.bench.must(
      'pkcs15-crypt',
      ...['--sign', '--pkcs1', '--sha-256', '--key', id, '--pin', USER_PIN, '--raw'],
      ...['--input', 'digest', '--output', 'signature'],
    );
    await token.bench.must('pkcs15-tool', '--read-public-key', id, '--output', 'public.pem');
    const { stdout } = await token.bench.must(
      'openssl',
      ...['pkeyutl', '-verify', '-pubin', '-inkey', 'public.pem', '-in', 'digest'],
      ...['-sigfile', 'signature', '-pkeyopt', 'digest:sha256'],
    );
    expect(stdout).toContain('Signature Verified Successfully');
  });

  it.each(all)('deciphers with the %s key of %d bits what OpenSSL enciphered', async (_origin, _bits, id) => {
    await token.bench.must('pkcs15-tool', '--read-public-key', id, '--output', 'public.pem');
    const encrypt = ['-encrypt', '-pubin', '-inkey', 'public.pem', '-in', 'plain', '-out', 'cryptogram'];
    await token.bench.must('openssl', 'pkeyutl', ...encrypt);
    await token.bench.must(
      'pkcs15-crypt',
      ...['--decipher', '--pkcs1', '--key', id, '--pin', USER_PIN, '--raw'],
      ...['--input', 'cryptogram', '--output', 'deciphered'],
    );
    expect(token.bench.read('deciphered').toString()).toBe(SECRET);
  });

  it('does not sign without the PIN, whoever signed before', async () => {
    await token.bench.loseRights();
    const { code } = await token.bench.run(
      'pkcs15-crypt',
      ...['--sign', '--pkcs1', '--sha-256', '--key', '20', '--pin', '99999999', '--raw'],
      ...['--input', 'digest', '--output', 'forged'],
    );
    expect(code).not.toBe(0);
    expect(token.bench.statusWordsOf('VERIFY user').at(-1)).toBe('6300');
  });

  it('deletes them, and their memory is free again', async () => {
    expect(keysIn(token.bench.state())).toBe(2 * all.length);
    for (const [, , id] of all) {
      const which = ['--delete-objects', 'privkey,pubkey', '--id', id];
      await token.bench.must('pkcs15-init', ...which, ...withBothPins);
    }
    expect(keysIn(token.bench.state())).toBe(0);
    expect((await token.bench.must('pkcs15-tool', '--dump')).stdout).not.toMatch(
      /(?:Private|Public) RSA Key/,
    );
  });
});

const keysIn = (state: CardState): number => JSON.stringify(state).match(/"type":"key"/g)?.length ?? 0;
