import { randomBytes } from 'node:crypto';

import { weierstrass, type WeierstrassPointCons } from '@noble/curves/abstract/weierstrass.js';

import { concatBytes } from '#shared/bytes.ts';

import { fromLittleEndian, littleEndian } from '../little-endian.ts';
import { gostBytes, type ParameterSet } from './parameter-sets.ts';

const COORDINATE_BYTES = gostBytes.publicKey / 2;

type Curve = WeierstrassPointCons<bigint>;
const curves = new Map<ParameterSet, Curve>();

/** The points of a set's curve. */
export function curveOf(set: ParameterSet): Curve {
  const known = curves.get(set);
  if (known !== undefined) return known;
  const { p, b, q, x, y } = set;
  const curve = weierstrass({ p, n: q, h: 1n, a: p - 3n, b, Gx: x, Gy: y });
  curves.set(set, curve);
  return curve;
}

/** Values of both key files (facts §3.5): `d`, and `X‖Y`; all little-endian. */
export interface GostKeyValues {
  readonly privateValue: Uint8Array;
  readonly publicValue: Uint8Array;
}

/** A new key pair. */
export function newGostKey(set: ParameterSet): GostKeyValues {
  const d = randomScalar(set);
  return {
    privateValue: littleEndian(d, gostBytes.privateKey),
    publicValue: publicValueOf(set, d),
  };
}

/** `X‖Y` of the public key that belongs to `d`. */
export function publicValueOf(set: ParameterSet, d: bigint): Uint8Array {
  const { x, y } = curveOf(set).BASE.multiply(d).toAffine();
  return concatBytes(littleEndian(x, COORDINATE_BYTES), littleEndian(y, COORDINATE_BYTES));
}

/** True when the bytes are a `d` with 0 < d < q (GOST R 34.10-2001 §5.2). */
export function isPrivateValue(set: ParameterSet, value: Uint8Array): boolean {
  const d = fromLittleEndian(value);
  return value.length === gostBytes.privateKey && d > 0n && d < set.q;
}

/** True when the bytes are a point of the curve. */
export function isPublicValue(set: ParameterSet, value: Uint8Array): boolean {
  if (value.length !== gostBytes.publicKey) return false;
  const x = fromLittleEndian(value.subarray(0, COORDINATE_BYTES));
  const y = fromLittleEndian(value.subarray(COORDINATE_BYTES));
  try {
    curveOf(set).fromAffine({ x, y }).assertValidity();
    return true;
  } catch {
    return false;
  }
}

/**
 * Signs (GOST R 34.10-2001 §6.1): `r` is the first coordinate of kP, `s` = rd + ke mod q, for a new random k.
 *
 * @param hash the number that the hash stands for; taken modulo q, and 0 as 1 (step 2)
 */
export function signHash(
  set: ParameterSet,
  privateValue: Uint8Array,
  hash: bigint,
): { readonly r: bigint; readonly s: bigint } {
  const { q } = set;
  const d = fromLittleEndian(privateValue);
  const e = hash % q || 1n;
  for (;;) {
    const k = randomScalar(set);
    const r = curveOf(set).BASE.multiply(k).toAffine().x % q;
    const s = (r * d + k * e) % q;
    if (r !== 0n && s !== 0n) return { r, s };
  }
}

/** Evenly distributed in 1 … q − 1. */
function randomScalar({ q }: ParameterSet): bigint {
  for (;;) {
    const number = fromLittleEndian(randomBytes(gostBytes.privateKey));
    if (number > 0n && number < q) return number;
  }
}
