import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { toHex } from '#shared/bytes.ts';
import {
  createGostPair,
  Dialogue,
  loginUser,
  selectPrivateKey,
  signWith,
  writeValue,
} from '#test/unit/virtual-token/dialogue.ts';
import { parameterSets } from '#test/virtual-token/gost/parameter-sets.ts';

import { OpenscBench } from './opensc-bench.ts';
import { OpensslGost } from './openssl-gost.ts';

const USER_PIN = '12345678';
const POINT_BYTES = 64;

describe('a GOST key pair that OpenSC makes on the token', () => {
  let bench: OpenscBench;
  let openssl: OpensslGost;
  beforeAll(async () => {
    bench = await OpenscBench.start(['--profile', 'formatted', '--atr', 'rutoken']);
    openssl = new OpensslGost(bench.folder);
  });
  afterAll(async () => {
    await bench.stop();
  });

  it.each(parameterSets)('with parameter set $name signs what OpenSSL verifies', async (set) => {
    const id = `6${set.name}`;
    const login = ['--login', '--pin', USER_PIN];
    const pair = ['--keypairgen', '--key-type', `GOSTR3410:${set.name}`, '--id', id, '--label', 'gost'];
    await bench.pkcs11(...login, ...pair);
    const digest = await openssl.hash('a payment order');
    bench.write('hash', digest);
    const sign = ['--sign', '--mechanism', 'GOSTR3410', '--id', id, '-i', 'hash', '-o', 'gost.sig'];
    await bench.pkcs11(...login, ...sign);
    const signature = bench.read('gost.sig');
    // What OpenSC keeps of the card's answer; the curve it names in the PEM file is always A, so only the point is taken.
    const { stdout } = await bench.must('pkcs15-tool', '--read-public-key', id);
    const point = Buffer.from(stdout.replace(/-----[^-]+-----|\s/g, ''), 'base64').subarray(-POINT_BYTES);
    expect(await openssl.verifies(set, point, digest, signature)).toBe(true);
    const other = await openssl.hash('another payment order');
    expect(await openssl.verifies(set, point, other, signature)).toBe(false);
  });
});

describe('a GOST key that OpenSSL has made', () => {
  it.each(parameterSets)('with parameter set $name signs on the token as it does there', async (set) => {
    const folder = mkdtempSync(join(tmpdir(), 'kilt-gost-'));
    try {
      const openssl = new OpensslGost(folder);
      const { privateValue, publicValue } = await openssl.newKey(set);
      const token = Dialogue.with();
      await token.ok(loginUser, ...createGostPair(9, set.propertyByte), selectPrivateKey(9));
      await token.ok(...writeValue(privateValue), signWith(9));
      const digest = await openssl.hash('a payment order');
      const signature = await token.ok(`00 2A 9E 9A 20 ${toHex(digest)} 00`);
      expect(await openssl.verifies(set, publicValue, digest, signature.reverse())).toBe(true);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});
