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

import { OpensslGost } from './openssl-gost.ts';

/** Keys made on the token are in opensc/gost-keys.test.ts; OpenSC 0.23 with OpenSSL 3 can not read one to import. */
describe('a GOST key that OpenSSL has made', () => {
  let folder: string;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'kilt-gost-'));
  });
  afterAll(() => {
    rmSync(folder, { recursive: true });
  });

  it.each(parameterSets)('with parameter set $name signs on the token as it does there', async (set) => {
    const openssl = new OpensslGost(folder);
    const { privateValue, publicValue } = await openssl.newKey(set);
    const token = Dialogue.with();
    await token.ok(loginUser, ...createGostPair(9, set.propertyByte), selectPrivateKey(9));
    await token.ok(...writeValue(privateValue), signWith(9));
    const digest = await openssl.hash('a payment order');
    const signature = await token.ok(`00 2A 9E 9A 20 ${toHex(digest)} 00`);
    expect(await openssl.verifies(set, publicValue, digest, signature.reverse())).toBe(true);
    const other = await openssl.hash('another payment order');
    expect(await openssl.verifies(set, publicValue, other, signature)).toBe(false);
  });
});
