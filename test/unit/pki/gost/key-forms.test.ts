import { describe, expect, it } from 'vitest';
import fc from 'fast-check';
import { asDer, concatBytes, fromHex } from '#shared/bytes.ts';
import { integer, octetString, oid, sequence } from '#main/pki/asn1.ts';
import { cryptoProA, pointsOf, tc26A256, tc26A512, type GostCurve } from '#main/pki/gost/curves.ts';
import { gostAlgorithms } from '#main/pki/gost/gost-algorithms.ts';
import { littleEndian } from '#main/pki/gost/little-endian.ts';
import { matchPrivateKey, readPrivateKeyInfo } from '#main/pki/gost/private-key.ts';
import { readGostPublicKey, type GostPublicKey } from '#main/pki/gost/public-key.ts';
import { gostDialect } from '#test/bank/gost/dialects.ts';
import { newGostKey, publicKeyInfo } from '#test/bank/gost/key-pair.ts';

const curves = [cryptoProA, tc26A256, tc26A512];
const algorithm = gostAlgorithms[0] as (typeof gostAlgorithms)[number];
const publicKey = (curve: GostCurve, d: bigint): GostPublicKey => ({
  algorithm,
  curve,
  point: pointsOf(curve).BASE.multiply(d),
});

function inverse(number: bigint, modulus: bigint): bigint {
  let result = 1n;
  let square = number % modulus;
  for (let rest = modulus - 2n; rest > 0n; rest >>= 1n) {
    if (rest & 1n) result = (result * square) % modulus;
    square = (square * square) % modulus;
  }
  return result;
}

const blobHeader = fromHex('070200003aaa00000045433200020000');

/** Ways of writing a private key, of which any may turn up. */
const forms: Readonly<Record<string, (d: bigint, curve: GostCurve) => Uint8Array>> = {
  'an OCTET STRING of the number, lowest byte first (NCA)': (d, { bytes }) =>
    octetString(littleEndian(d, bytes)),
  'the number alone, lowest byte first (OpenSSL)': (d, { bytes }) => littleEndian(d, bytes),
  'the number alone, highest byte first': (d, { bytes }) => littleEndian(d, bytes).reverse(),
  'an INTEGER': (d) => integer(d),
  'a key blob': (d, { bytes }) => concatBytes(blobHeader, littleEndian(d, bytes)),
  'a key blob in an OCTET STRING': (d, { bytes }) =>
    octetString(concatBytes(blobHeader, littleEndian(d, bytes))),
  'a product with a mask (R 50.1.112)': (d, { bytes, q }) => {
    const mask = q - 12345n;
    return concatBytes(littleEndian((d * inverse(mask, q)) % q, bytes), littleEndian(mask, bytes));
  },
};

describe('a private key is found by the public key it belongs to', () => {
  it.each(Object.keys(forms))('written as %s', (name) => {
    fc.assert(
      fc.property(fc.constantFrom(...curves), fc.bigInt({ min: 1n, max: 2n ** 250n }), (curve, seed) => {
        const d = (seed * 0x9e3779b97f4a7c15n ** 8n) % curve.q || 1n;
        const mine = publicKey(curve, d);
        const others = [publicKey(curve, (d % (curve.q - 1n)) + 1n), publicKey(tc26A512, 77n)];
        const match = matchPrivateKey(forms[name]?.(d, curve) ?? new Uint8Array(), [...others, mine]);
        expect(match?.d).toBe(d);
        expect(match?.publicKey).toBe(mine);
      }),
      { numRuns: 6 },
    );
  });

  it('and is not found among those of others', () => {
    const value = littleEndian(99n, 32);
    expect(matchPrivateKey(value, [publicKey(cryptoProA, 98n), publicKey(tc26A256, 98n)])).toBeUndefined();
    expect(matchPrivateKey(value, [])).toBeUndefined();
  });

  it('bytes of any kind are a key of nobody’s, and no error', () => {
    // Of full length: one byte could well be the number 98.
    const somebodys = publicKey(cryptoProA, 2n ** 251n + 98n);
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 140 }), (value) => {
        expect(matchPrivateKey(value, [somebodys])).toBeUndefined();
      }),
      { numRuns: 40 },
    );
  });

  it('zero is no key, in any form', () => {
    for (const form of Object.values(forms)) {
      expect(matchPrivateKey(form(0n, cryptoProA), [publicKey(cryptoProA, 1n)])).toBeUndefined();
    }
  });
});

describe('a public key', () => {
  it.each(gostDialect.options)('of %s is read from what the bank writes', (dialect) => {
    const key = readGostPublicKey(publicKeyInfo(newGostKey(dialect)));
    expect(key?.algorithm.name).toBe(dialect);
  });

  it.each(gostDialect.options)('of %s with a coordinate changed is none', (dialect) => {
    const info = publicKeyInfo(newGostKey(dialect));
    const changed = info.map((byte, at) => (at === info.length - 1 ? byte ^ 1 : byte));
    expect(readGostPublicKey(changed)).toBeUndefined();
  });

  it('of an unknown curve is none', () => {
    const info = publicKeyInfo(newGostKey('kz-2015-512'));
    const curveA = Buffer.from(oid('1.2.398.3.10.1.1.2.2.1'));
    const changed = Buffer.from(info);
    changed[changed.indexOf(curveA) + curveA.length - 1] = 9;
    expect(readGostPublicKey(changed)).toBeUndefined();
  });

  it('behind a header that is no key blob’s is none', () => {
    const info = Buffer.from(publicKeyInfo(newGostKey('gamma-2004')));
    info.write('RSA1', info.indexOf('\0EC1'));
    expect(readGostPublicKey(info)).toBeUndefined();
  });

  it('of any other bytes is none, and no error', () => {
    const whole = publicKeyInfo(newGostKey('gamma-2004'));
    const cut = fc.nat(whole.length - 1).map((length) => whole.slice(0, length));
    fc.assert(
      fc.property(fc.oneof(fc.uint8Array({ maxLength: 120 }), cut), (info) => {
        expect(readGostPublicKey(info)).toBeUndefined();
      }),
    );
  });
});

it('PKCS#8 is read whatever stands behind the key', () => {
  const value = fromHex('0102');
  const gost = sequence(oid('1.2.398.3.10.1.1.2.2'), sequence(oid('1.2.398.3.10.1.1.2.2.1')));
  const attributes = asDer(fromHex('a000'));
  const read = readPrivateKeyInfo(sequence(integer(0), gost, octetString(value), attributes));
  expect(read.value).toEqual(value);
  expect(read.algorithm.oid).toBe('1.2.398.3.10.1.1.2.2');
});
