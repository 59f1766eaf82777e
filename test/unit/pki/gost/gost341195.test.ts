import { describe, expect, it } from 'vitest';
import fc from 'fast-check';
import { concatBytes, toHex } from '#shared/bytes.ts';
import { gostDigest } from '#main/pki/gost/gost-hash.ts';
import { gost341195, Gost341195 } from '#main/pki/gost/gost341195.ts';
import { cryptoProHash } from './crypto-pro-hash.ts';

describe('34.311-95', () => {
  // The two examples of GOST R 34.11-94 appendix A; the empty message, and one whose blocks carry when they are added.
  it.each([
    ['', 'ce85b99cc46752fffee35cab9a7b0278abb4c2d2055cff685af4912c49490f8d'],
    ['This is message, length=32 bytes', 'b1c466d37519b82e8319819ff32595e047a28cb6f83eff1c6916a815a637fffa'],
    [
      'Suppose the original message has length = 50 bytes',
      '471aba57a60a770d3a76130635c1fbea4ef14de51f78b4ae57dd893b62f55208',
    ],
    ['U'.repeat(128), '53a3a3ed25180cef0c1d85a074273e551c25660a87062a52d926a9e8fe5733a4'],
  ])('hashes %j with the substitution of the standard’s examples', (message, expected) => {
    expect(toHex(gostDigest(gost341195, Buffer.from(message)))).toBe(expected);
  });

  // RFC 4357 gives no examples; these are the ones that every implementation prints.
  it.each([
    ['', '981e5f3ca30c841487830f84fb433e13ac1101569b9c13584ac483234cd656c0'],
    ['This is message, length=32 bytes', '2cefc2f7b7bdc514e18ea57fa74ff357e7fa17d652c75f69cb1be7893ede48eb'],
    [
      'Suppose the original message has length = 50 bytes',
      'c3730c5cbccacf915ac292676f21e8bd4ef75331d9405e5f1a61dc3130a65011',
    ],
  ])('hashes %j with the substitution of CryptoPro', (message, expected) => {
    expect(toHex(new Gost341195(cryptoProHash).update(Buffer.from(message)).digest())).toBe(expected);
  });

  it('gives the same hash however a message is cut into pieces, and a copy goes its own way', () => {
    fc.assert(
      fc.property(
        fc.uint8Array({ maxLength: 150 }),
        fc.uint8Array({ maxLength: 50 }),
        fc.uint8Array({ maxLength: 150 }),
        (start, branch, end) => {
          const hash = gost341195().update(start);
          const copy = hash.copy().update(branch);
          expect(hash.update(end).digest()).toEqual(gostDigest(gost341195, concatBytes(start, end)));
          expect(copy.digest()).toEqual(gostDigest(gost341195, concatBytes(start, branch)));
        },
      ),
      { numRuns: 60 },
    );
  });
});
