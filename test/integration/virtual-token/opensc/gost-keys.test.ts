import { expect, it } from 'vitest';

import { type ParameterSet, parameterSets } from '#test/virtual-token/gost/parameter-sets.ts';

import { loggedIn, onBothTokens, withBothPins } from '../conformance.ts';
import { OpensslGost } from '../openssl-gost.ts';

const POINT_BYTES = 64;
const idOf = ({ name }: ParameterSet): string => `6${name}`;
const sets = parameterSets.map((set) => [set.name, set] as const);

onBothTokens('GOST R 34.10-2001 keys', { profile: 'formatted' }, (token) => {
  it.each(sets)('makes a key pair with parameter set %s', async (name, set) => {
    const pair = ['--keypairgen', '--key-type', `GOSTR3410:${name}`, '--id', idOf(set), '--label', 'gost'];
    await token.bench.pkcs11(...pair, ...loggedIn);
    const { stdout } = await token.bench.must('pkcs15-tool', '--list-keys');
    expect(stdout).toMatch(new RegExp(`Private GOSTR3410 Key \\[gost\\][^]*?ID +: ${idOf(set)}\\n`, 'i'));
  });

  it.each(sets)('signs with parameter set %s, and OpenSSL verifies it', async (_, set) => {
    const openssl = new OpensslGost(token.bench.folder);
    const digest = await openssl.hash('a payment order');
    token.bench.write('hash', digest);
    const files = ['--input-file', 'hash', '--output-file', 'signature'];
    await token.bench.pkcs11('--sign', '-m', 'GOSTR3410', '--id', idOf(set), ...files, ...loggedIn);
    const signature = token.bench.read('signature');
    // What OpenSC keeps of the card's answer; the curve it names in the PEM file is always A, so only the point is taken.
    const { stdout } = await token.bench.must('pkcs15-tool', '--read-public-key', idOf(set));
    const point = Buffer.from(stdout.replace(/-----[^-]+-----|\s/g, ''), 'base64').subarray(-POINT_BYTES);
    expect(await openssl.verifies(set, point, digest, signature)).toBe(true);
    const other = await openssl.hash('another payment order');
    expect(await openssl.verifies(set, point, other, signature)).toBe(false);
  });

  it('deletes them', async () => {
    for (const [, set] of sets) {
      const which = ['--delete-objects', 'privkey,pubkey', '--id', idOf(set)];
      await token.bench.must('pkcs15-init', ...which, ...withBothPins);
    }
    expect(JSON.stringify(token.bench.state())).not.toContain('"gost-private"');
  });
});
