import { describe, expect, it } from 'vitest';
import fc from 'fast-check';
import { fromHex } from '#shared/bytes.ts';
import { cryptoProA, pointAt, pointsOf, tc26A256, tc26A512, type GostCurve } from '#main/pki/gost/curves.ts';
import { signDigest, verifyDigest } from '#main/pki/gost/gost3410.ts';
import { bigEndian, fromBigEndian, fromLittleEndian, littleEndian } from '#main/pki/gost/little-endian.ts';
import { decodeSignature, encodeSignature } from '#main/pki/gost/signature-layout.ts';

const curves = [cryptoProA, tc26A256, tc26A512] as const;

describe('the curves', () => {
  it.each(curves.map((curve) => [curve.name, curve] as const))(
    'of %s: the base point has the order that is said',
    (_, curve) => {
      const { BASE } = pointsOf(curve);
      BASE.assertValidity();
      expect(
        BASE.multiplyUnsafe(curve.q - 1n)
          .add(BASE)
          .is0(),
      ).toBe(true);
      expect(pointAt(curve, curve.x, curve.y)?.equals(BASE)).toBe(true);
      expect(pointAt(curve, curve.x, curve.y + 1n)).toBeUndefined();
    },
  );

  it('a point of tc26-256-A outside the group of order q is no public key', () => {
    // x³ + ax + b = 0: the point of order two, which every Edwards curve has (t in RFC 7836 appendix A.2).
    const { p, a, b } = tc26A256;
    const root = 0x100fe73f595ff158e974b44d478d9588744fe5c192ac47ea63075dce7a14aaan;
    expect((root ** 3n + a * root + b) % p).toBe(0n);
    expect(pointAt(tc26A256, root, 0n)).toBeUndefined();
  });
});

/** Curve of the example in RFC 7091 §7.1, which nobody uses. */
const exampleCurve: GostCurve = {
  name: 'RFC 7091 §7.1',
  bytes: 32,
  p: 0x8000000000000000000000000000000000000000000000000000000000000431n,
  a: 7n,
  b: 0x5fbff498aa938ce739b8e022fbafef40563f6e6a3472fc2a514c0ce9dae23b7en,
  q: 0x8000000000000000000000000000000150fe8a1892976154c59cfc193accf5b3n,
  cofactor: 1n,
  x: 2n,
  y: 0x8e2a8a0e65147d4bd6316030e16d19c85c97f0a9ca267122b96abbcea7e8fc8n,
};
const example = {
  d: 0x7a929ade789bb9be10ed359dd39a72c11b60961f49397eee1d19ce9891ec3b28n,
  digest: littleEndian(0x2dfbc1b372d89a1188c09c52e0eec61fce52032ab1022e8e67ece6672b043ee5n, 32),
  r: 0x41aa28d2f1ab148280cd9ed56feda41974053554a42767b83ad043fd39dc0493n,
  s: 0x1456c64ba4642a1653c235a98a60249bcd6d3f746b631df928014f6c5bf9c40n,
  x: 0x7f2b49e270db6d90d8595bec458b50c58585ba1d4e9b788f6689dbd8e56fd80bn,
  y: 0x26f1b489d6701dd185c8413a977b3cbbaf64d1c593d26627dffb101a87ff77dan,
};

describe('signatures', () => {
  it('the example of RFC 7091 §7.1 is valid, and its numbers changed is not', () => {
    const { d, digest, r, s, x, y } = example;
    const publicKey = pointAt(exampleCurve, x, y);
    if (!publicKey) throw new Error('not a point');
    expect(pointsOf(exampleCurve).BASE.multiply(d).equals(publicKey)).toBe(true);
    expect(verifyDigest(exampleCurve, publicKey, digest, { r, s })).toBe(true);
    expect(verifyDigest(exampleCurve, publicKey, digest, { r: s, s: r })).toBe(false);
    expect(
      verifyDigest(
        exampleCurve,
        publicKey,
        digest.map((byte, i) => (i === 5 ? byte ^ 1 : byte)),
        { r, s },
      ),
    ).toBe(false);
  });

  it.each(curves.map((curve) => [curve.name, curve] as const))(
    'over %s: what one key signs only its point accepts, also where the hash is a multiple of q',
    (_, curve) => {
      const points = pointsOf(curve);
      const scalar = fc.bigInt({ min: 1n, max: curve.q - 1n });
      const digest = fc.oneof(
        fc.uint8Array({ minLength: curve.bytes, maxLength: curve.bytes }),
        fc.constantFrom(new Uint8Array(curve.bytes), littleEndian(curve.q, curve.bytes)),
      );
      fc.assert(
        fc.property(scalar, digest, (d, hash) => {
          const numbers = signDigest(curve, d, hash);
          expect(verifyDigest(curve, points.BASE.multiply(d), hash, numbers)).toBe(true);
          expect(verifyDigest(curve, points.BASE.multiply((d % (curve.q - 1n)) + 1n), hash, numbers)).toBe(
            false,
          );
        }),
        { numRuns: 8 },
      );
    },
  );

  it.each([
    ['0', 0n],
    ['q', cryptoProA.q],
    ['beyond q', 2n ** 256n - 1n],
  ])('a half that is %s is refused', (_, half) => {
    const hash = new Uint8Array(32).fill(1);
    const { r, s } = signDigest(cryptoProA, 5n, hash);
    const key = pointsOf(cryptoProA).BASE.multiply(5n);
    expect(verifyDigest(cryptoProA, key, hash, { r: half, s })).toBe(false);
    expect(verifyDigest(cryptoProA, key, hash, { r, s: half })).toBe(false);
  });

  it('a half that is another number of the same remainder is refused', () => {
    // The order of tc26-256-A leaves room for q more: else every signature could be written in several ways.
    const { q } = tc26A256;
    const hash = new Uint8Array(32).fill(1);
    const { r, s } = signDigest(tc26A256, 5n, hash);
    const key = pointsOf(tc26A256).BASE.multiply(5n);
    expect(verifyDigest(tc26A256, key, hash, { r, s: s + q })).toBe(false);
    expect(verifyDigest(tc26A256, key, hash, { r: r + q, s })).toBe(false);
  });

  it('one key signs one thing differently every time', () => {
    const hash = new Uint8Array(32).fill(1);
    const made = Array.from({ length: 8 }, () => signDigest(cryptoProA, 5n, hash).r);
    expect(new Set(made).size).toBe(made.length);
  });
});

describe('byte orders', () => {
  it('numbers come back as they went, in either order', () => {
    fc.assert(
      fc.property(fc.constantFrom(32, 64), fc.bigInt({ min: 0n, max: 2n ** 256n - 1n }), (length, number) => {
        expect(fromLittleEndian(littleEndian(number, length))).toBe(number);
        expect(fromBigEndian(bigEndian(number, length))).toBe(number);
        expect(bigEndian(number, length)).toEqual(littleEndian(number, length).reverse());
      }),
    );
    expect(littleEndian(0x0102n, 4)).toEqual(Uint8Array.of(2, 1, 0, 0));
    expect(() => littleEndian(256n, 1)).toThrow(RangeError);
  });

  it('reading a number leaves a Buffer as it is', () => {
    const buffer = Buffer.from('0102', 'hex');
    expect([fromBigEndian(buffer), fromLittleEndian(buffer), buffer.toString('hex')]).toEqual([
      0x0102n,
      0x0201n,
      '0102',
    ]);
  });

  it('signatures come back as they went, and each layout is the other one backwards', () => {
    const half = fc.bigInt({ min: 0n, max: 2n ** 256n - 1n });
    fc.assert(
      fc.property(half, half, fc.constantFrom(32, 64), (r, s, bytes) => {
        const forwards = encodeSignature('r-s-little-endian', { r, s }, bytes);
        const backwards = encodeSignature('s-r-big-endian', { r, s }, bytes);
        expect(backwards).toEqual(forwards.slice().reverse());
        expect(decodeSignature('r-s-little-endian', forwards, bytes)).toEqual({ r, s });
        expect(decodeSignature('s-r-big-endian', backwards, bytes)).toEqual({ r, s });
      }),
    );
    expect(encodeSignature('r-s-little-endian', { r: 1n, s: 2n }, 2)).toEqual(Uint8Array.of(1, 0, 2, 0));
    expect(encodeSignature('s-r-big-endian', { r: 1n, s: 2n }, 2)).toEqual(Uint8Array.of(0, 2, 0, 1));
  });

  it('bytes of another length are no signature', () => {
    expect(decodeSignature('r-s-little-endian', fromHex('00'.repeat(63)), 32)).toBeUndefined();
    expect(decodeSignature('s-r-big-endian', fromHex('00'.repeat(64)), 64)).toBeUndefined();
  });
});
