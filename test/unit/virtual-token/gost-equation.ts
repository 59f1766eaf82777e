import type { ParameterSet } from '#test/virtual-token/gost/parameter-sets.ts';

/** A point in affine coordinates; `null` is the zero of the group. */
type Point = { readonly x: bigint; readonly y: bigint } | null;

const mod = (number: bigint, modulus: bigint): bigint => ((number % modulus) + modulus) % modulus;

/** By Fermat: `p` is a prime in all that is asked here. */
function inverse(number: bigint, p: bigint): bigint {
  let [result, base] = [1n, mod(number, p)];
  for (let exponent = p - 2n; exponent > 0n; exponent >>= 1n) {
    if (exponent & 1n) result = (result * base) % p;
    base = (base * base) % p;
  }
  return result;
}

function add({ p }: ParameterSet, one: Point, other: Point): Point {
  if (one === null) return other;
  if (other === null) return one;
  if (one.x === other.x && mod(one.y + other.y, p) === 0n) return null;
  const slope =
    one.x === other.x
      ? (3n * one.x * one.x + (p - 3n)) * inverse(2n * one.y, p)
      : (other.y - one.y) * inverse(other.x - one.x, p);
  const x = mod(slope * slope - one.x - other.x, p);
  return { x, y: mod(slope * (one.x - x) - one.y, p) };
}

function times(set: ParameterSet, factor: bigint, point: Point): Point {
  let sum: Point = null;
  for (let bits = factor, power = point; bits > 0n; bits >>= 1n, power = add(set, power, power))
    if (bits & 1n) sum = add(set, sum, power);
  return sum;
}

/** d·P. */
export function publicPointOf(set: ParameterSet, d: bigint): { readonly x: bigint; readonly y: bigint } {
  const point = times(set, d, { x: set.x, y: set.y });
  if (point === null) throw new RangeError('d is a multiple of q');
  return point;
}

export const isOnCurve = ({ p, b }: ParameterSet, { x, y }: { x: bigint; y: bigint }): boolean =>
  mod(y * y - (x * x * x + (p - 3n) * x + b), p) === 0n;

/**
 * The verification equation of GOST R 34.10-2001 §6.2, in schoolbook arithmetic and with nothing of the token's own
 * code: v = e⁻¹, C = (s·v)·P + (−r·v)·Q, and C's first coordinate modulo q is r.
 */
export function isGostSignature(
  set: ParameterSet,
  publicPoint: { readonly x: bigint; readonly y: bigint },
  hash: bigint,
  { r, s }: { readonly r: bigint; readonly s: bigint },
): boolean {
  const { q } = set;
  if (r <= 0n || r >= q || s <= 0n || s >= q) return false;
  const v = inverse(hash % q || 1n, q);
  const sum = add(
    set,
    times(set, mod(s * v, q), { x: set.x, y: set.y }),
    times(set, mod(-r * v, q), publicPoint),
  );
  return sum !== null && mod(sum.x, q) === r;
}
