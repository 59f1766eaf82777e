import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { describe, expect, it } from 'vitest';

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
