import { describe, expect, it } from 'vitest';
import fc from 'fast-check';
import { concatBytes, fromHex, toHex } from '#shared/bytes.ts';
import { gostDigest } from '#main/pki/gost/gost-hash.ts';
import { gostPbkdf2, GostHmac } from '#main/pki/gost/hmac.ts';
import { streebog256, streebog512 } from '#main/pki/gost/streebog.ts';

/** RFC prints numbers with the last byte first. */
const printed = (hex: string): string => toHex(fromHex(hex).reverse());

describe('Streebog', () => {
  it.each([
    [
      'M1 of RFC 6986 §10.1, 63 bytes',
      '323130393837363534333231303938373635343332313039383736353433323130393837363534333231303938373635343332313039383736353433323130',
      '486f64c1917879417fef082b3381a4e211c324f074654c38823a7b76f830ad00fa1fbae42b1285c0352f227524bc9ab16254288dd6863dccd5b9f54a1ad0541b',
      '00557be5e584fd52a449b16b0251d05d27f94ab76cbaa6da890b59d8ef1e159d',
    ],
    [
      'M2 of RFC 6986 §10.2, 72 bytes',
      'fbe2e5f0eee3c820fbeafaebef20fffbf0e1e0f0f520e0ed20e8ece0ebe5f0f2f120fff0eeec20f120faf2fee5e2202ce8f6f3ede220e8e6eee1e8f0f2d1202ce8f0f2e5e220e5d1',
      '28fbc9bada033b1460642bdcddb90c3fb3e56c497ccd0f62b8a2ad4935e85f037613966de4ee00531ae60f3b5a47f8dae06915d5f2f194996fcabf2622e6881e',
      '508f7e553c06501d749a66fc28c6cac0b005746d97537fa85d9e40904efed29d',
    ],
  ])('hashes %s', (_, message, long, short) => {
    const bytes = fromHex(printed(message));
    expect(toHex(gostDigest(streebog512, bytes))).toBe(printed(long));
    expect(toHex(gostDigest(streebog256, bytes))).toBe(printed(short));
  });

  it('gives the same hash however a message is cut into pieces, and a copy goes its own way', () => {
    fc.assert(
      fc.property(
        fc.uint8Array({ maxLength: 300 }),
        fc.uint8Array({ maxLength: 100 }),
        fc.uint8Array({ maxLength: 300 }),
        (start, branch, end) => {
          const hash = streebog512().update(start);
          const copy = hash.copy().update(branch);
          expect(hash.update(end).digest()).toEqual(gostDigest(streebog512, concatBytes(start, end)));
          expect(copy.digest()).toEqual(gostDigest(streebog512, concatBytes(start, branch)));
        },
      ),
      { numRuns: 60 },
    );
  });
});

describe('HMAC and PBKDF2 with Streebog', () => {
  // RFC 7836 appendix B.
  const key = Uint8Array.from({ length: 32 }, (_, i) => i);
  const data = fromHex('0126bdb87800af214341456563780100');

  it.each([
    ['256', streebog256, 'a1aa5f7de402d7b3d323f2991c8d4534013137010a83754fd0af6d7cd4922ed9'],
    [
      '512',
      streebog512,
      'a59bab22ecae19c65fbde6e5f4e9f5d8549d31f037f9df9b905500e171923a773d5f1530f2ed7e964cb2eedc29e9ad2f3afe93b2814f79f5000ffc0366c251e6',
    ],
  ])('make the MAC of RFC 7836, %s bits, any number of times', (_, kind, expected) => {
    const hmac = new GostHmac(kind, key);
    expect(toHex(hmac.mac(data))).toBe(expected);
    expect(toHex(hmac.mac(data))).toBe(expected);
  });

  it('shorten a key that is longer than a block (RFC 2104 §2)', () => {
    const long = new Uint8Array(65).fill(7);
    const short = gostDigest(streebog256, long);
    expect(new GostHmac(streebog256, long).mac(data)).toEqual(new GostHmac(streebog256, short).mac(data));
  });

  // RFC 9337 appendix B.
  it.each([
    [
      1,
      64,
      '64770af7f748c3b1c9ac831dbcfd85c26111b30a8a657ddc3056b80ca73e040d2854fd36811f6d825cc4ab66ec0a68a490a9e5cf5156b3a2b7eecddbf9a16b47',
    ],
    [
      2,
      64,
      '5a585bafdfbb6e8830d6d68aa3b43ac00d2e4aebce01c9b31c2caed56f0236d4d34b2b8fbd2c4e89d54d46f50e47d45bbac301571743119e8d3c42ba66d348de',
    ],
    [
      4096,
      64,
      'e52deb9a2d2aaff4e2ac9d47a41f34c20376591c67807f0477e32549dc341bc7867c09841b6d58e29d0347c996301d55df0d34e47cf68f4e3c2cdaf1d9ab86c3',
    ],
  ])('derive the keys of RFC 9337 from a password, %i iterations', async (iterations, length, expected) => {
    const derived = await gostPbkdf2(streebog512, Buffer.from('password'), {
      salt: Buffer.from('salt'),
      iterations,
      length,
    });
    expect(toHex(derived)).toBe(expected);
  });

  it('give the beginning of a longer key where a shorter one is wanted', async () => {
    const derive = (length: number) =>
      gostPbkdf2(streebog512, Buffer.from('password'), { salt: Buffer.from('salt'), iterations: 3, length });
    expect((await derive(96)).subarray(0, 32)).toEqual(await derive(32));
    expect((await derive(96)).subarray(64)).not.toEqual(await derive(32));
  });
});
