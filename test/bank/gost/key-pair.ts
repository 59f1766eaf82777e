import { randomBytes } from 'node:crypto';
import { pointAt, pointsOf, type GostPoint } from '#main/pki/gost/curves.ts';
import {
  bitString,
  bitStringBytes,
  expectTag,
  integer,
  membersOf,
  octetString,
  readDer,
  sequence,
  tags,
} from '../asn1/der.ts';
import { rulesOf, type DialectRules, type Direction, type GostDialect } from './dialects.ts';

/** A private key as the bank keeps it: the number, big-endian hexadecimal. */
export interface GostKeyPair {
  readonly dialect: GostDialect;
  readonly secret: string;
}

/** What stands before the numbers of a key of Gamma Technologies. */
const keyBlobHeader = Buffer.from('060200003aaa00000045433100020000', 'hex');

const hexOf = (number: bigint, bytes: number): string => number.toString(16).padStart(2 * bytes, '0');
const lowestFirst = (number: bigint, bytes: number): Buffer =>
  Buffer.from(hexOf(number, bytes), 'hex').reverse();
const fromLowestFirst = (bytes: Uint8Array): bigint =>
  BigInt(`0x${Buffer.from(bytes).reverse().toString('hex')}`);

function randomNumber({ curve }: DialectRules): bigint {
  for (;;) {
    const number = BigInt(`0x${randomBytes(curve.bytes).toString('hex')}`);
    if (number > 0n && number < curve.q) return number;
  }
}

export function newGostKey(dialect: GostDialect): GostKeyPair {
  const rules = rulesOf(dialect);
  return { dialect, secret: hexOf(randomNumber(rules), rules.curve.bytes) };
}

const secretNumber = ({ secret }: GostKeyPair): bigint => BigInt(`0x${secret}`);

/** SubjectPublicKeyInfo, DER. */
export function publicKeyInfo(key: GostKeyPair): Uint8Array {
  const { curve, keyAlgorithm, keyBlob } = rulesOf(key.dialect);
  const { x, y } = pointsOf(curve).BASE.multiply(secretNumber(key)).toAffine();
  const numbers = Buffer.concat([lowestFirst(x, curve.bytes), lowestFirst(y, curve.bytes)]);
  const bits = keyBlob ? Buffer.concat([keyBlobHeader, numbers]) : octetString(numbers);
  return sequence(keyAlgorithm, bitString(bits));
}

/**
 * PrivateKeyInfo (PKCS#8). NCA wraps the number twice, OpenSSL once; how Gamma writes it is not known, so here it is a
 * blob like its public keys.
 */
export function privateKeyInfo(key: GostKeyPair): Uint8Array {
  const { curve, keyAlgorithm, keyBlob } = rulesOf(key.dialect);
  const number = lowestFirst(secretNumber(key), curve.bytes);
  const value = keyBlob
    ? Buffer.concat([keyBlobHeader, number])
    : key.dialect.startsWith('kz-')
      ? octetString(number)
      : number;
  return sequence(integer(0), keyAlgorithm, octetString(value));
}

/** {@link privateKeyInfo} as PEM. */
export const privateKeyPem = (key: GostKeyPair): string => pem('PRIVATE KEY', privateKeyInfo(key));

/** PEM text (RFC 7468). */
export function pem(label: string, content: Uint8Array): string {
  const lines =
    Buffer.from(content)
      .toString('base64')
      .match(/.{1,64}/g) ?? [];
  return [`-----BEGIN ${label}-----`, ...lines, `-----END ${label}-----`, ''].join('\n');
}

/** GOST R 34.10-2012 §6.1. */
export function signGost(key: GostKeyPair, direction: Direction, data: Uint8Array): Uint8Array {
  const rules = rulesOf(key.dialect);
  const { curve } = rules;
  const d = secretNumber(key);
  const e = fromLowestFirst(rules.hash().update(data).digest()) % curve.q || 1n;
  for (;;) {
    const k = randomNumber(rules);
    const r = pointsOf(curve).BASE.multiply(k).toAffine().x % curve.q;
    const s = (r * d + k * e) % curve.q;
    if (r === 0n || s === 0n) continue;
    const forwards = Buffer.concat([lowestFirst(r, curve.bytes), lowestFirst(s, curve.bytes)]);
    return direction === 'forwards' ? forwards : forwards.reverse();
  }
}

/** The point of a SubjectPublicKeyInfo of a dialect. @throws DerError */
function pointOf({ curve, keyBlob }: DialectRules, info: Uint8Array): GostPoint | undefined {
  const [, bits] = membersOf(readDer(info), tags.sequence);
  const bytes = bitStringBytes(bits);
  const numbers = keyBlob
    ? bytes.subarray(keyBlobHeader.length)
    : expectTag(readDer(bytes), tags.octetString).content;
  const [x, y] = [numbers.subarray(0, curve.bytes), numbers.subarray(curve.bytes)];
  return y.length === curve.bytes ? pointAt(curve, fromLowestFirst(x), fromLowestFirst(y)) : undefined;
}

/** GOST R 34.10-2012 §6.2, in one direction only: the bank holds its customers to the dialect. @throws DerError */
export function gostSignatureFits(
  signed: { readonly dialect: GostDialect; readonly publicKey: Uint8Array; readonly direction: Direction },
  data: Uint8Array,
  signature: Uint8Array,
): boolean {
  const rules = rulesOf(signed.dialect);
  const { curve } = rules;
  const key = pointOf(rules, signed.publicKey);
  if (!key || signature.length !== 2 * curve.bytes) return false;
  const forwards = signed.direction === 'forwards' ? signature : Buffer.from(signature).reverse();
  const r = fromLowestFirst(forwards.subarray(0, curve.bytes));
  const s = fromLowestFirst(forwards.subarray(curve.bytes));
  if (r === 0n || r >= curve.q || s === 0n || s >= curve.q) return false;
  const e = fromLowestFirst(rules.hash().update(data).digest()) % curve.q || 1n;
  // Without division: s·P = r·Q + e·C, so C = kP is found by solving for it with e⁻¹ = e^(q−2).
  const inverse = power(e, curve.q - 2n, curve.q);
  const point = pointsOf(curve)
    .BASE.multiplyUnsafe((s * inverse) % curve.q)
    .add(key.multiplyUnsafe(curve.q - ((r * inverse) % curve.q)));
  return !point.is0() && point.toAffine().x % curve.q === r;
}

function power(base: bigint, exponent: bigint, modulus: bigint): bigint {
  let [result, square] = [1n, base % modulus];
  for (let rest = exponent; rest > 0n; rest >>= 1n) {
    if (rest & 1n) result = (result * square) % modulus;
    square = (square * square) % modulus;
  }
  return result;
}
