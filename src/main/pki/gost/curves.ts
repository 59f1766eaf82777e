import {
  weierstrass,
  type WeierstrassPoint,
  type WeierstrassPointCons,
} from '@noble/curves/abstract/weierstrass.js';

/** A curve y² = x³ + ax + b of GOST R 34.10-2012 with its base point (x, y) of order q. */
export interface GostCurve {
  readonly name: string;
  /** Of a coordinate, of a private key, and of either half of a signature. */
  readonly bytes: 32 | 64;
  readonly p: bigint;
  readonly a: bigint;
  readonly b: bigint;
  readonly q: bigint;
  /** Points of the curve for every one of the group in use. */
  readonly cofactor: bigint;
  readonly x: bigint;
  readonly y: bigint;
}

export type GostPoint = WeierstrassPoint<bigint>;

const p256 = 2n ** 256n - 617n;
/** RFC 4357 §11.4, id-GostR3410-2001-CryptoPro-A-ParamSet; in Kazakhstan PKIGOVKZ-A, at Gamma EC256_512G_A. */
export const cryptoProA: GostCurve = {
  name: 'CryptoPro-A',
  bytes: 32,
  p: p256,
  a: p256 - 3n,
  b: 166n,
  q: 0xffffffffffffffffffffffffffffffff6c611070995ad10045841b09b761b893n,
  cofactor: 1n,
  x: 1n,
  y: 0x8d91e471e0989cda27df505a453f2b7635294f2ddf23e3b122acc99c9e9f1e14n,
};

/** RFC 7836 appendix A.2, id-tc26-gost-3410-2012-256-paramSetA: an Edwards curve, hence the cofactor. */
export const tc26A256: GostCurve = {
  name: 'tc26-256-A',
  bytes: 32,
  p: p256,
  a: 0xc2173f1513981673af4892c23035a27ce25e2013bf95aa33b22c656f277e7335n,
  b: 0x295f9bae7428ed9ccc20e7c359a9d41a22fccd9108e17bf7ba9337a6f8ae9513n,
  q: 0x400000000000000000000000000000000fd8cddfc87b6635c115af556c360c67n,
  cofactor: 4n,
  x: 0x91e38443a5e82c0d880923425712b2bb658b9196932e02c78b2582fe742daa28n,
  y: 0x32879423ab1a0375895786c4bb46e9565fde0b5344766740af268adb32322e5cn,
};

const p512 = 2n ** 512n - 569n;
/** RFC 7836 appendix A.1, id-tc26-gost-3410-12-512-paramSetA. */
export const tc26A512: GostCurve = {
  name: 'tc26-512-A',
  bytes: 64,
  p: p512,
  a: p512 - 3n,
  b: BigInt(
    '0xe8c2505dedfc86ddc1bd0b2b6667f1da34b82574761cb0e879bd081cfd0b6265' +
      'ee3cb090f30d27614cb4574010da90dd862ef9d4ebee4761503190785a71c760',
  ),
  q: BigInt('0x' + 'f'.repeat(64) + '27e69532f48d89116ff22b8d4e0560609b4b38abfad2b85dcacdb1411f10b275'),
  cofactor: 1n,
  x: 3n,
  y: BigInt(
    '0x7503cfe87a836ae3a61b8816e25450e6ce5e1c93acf1abc1778064fdcbefa921' +
      'df1626be4fd036e93d75e6a50e3a41e98028fe5fc235f5b889a589cb5215f2a4',
  ),
};

const groups = new Map<GostCurve, WeierstrassPointCons<bigint>>();

/** The points of a curve. */
export function pointsOf(curve: GostCurve): WeierstrassPointCons<bigint> {
  const known = groups.get(curve);
  if (known) return known;
  const { p, q, cofactor, a, b, x, y } = curve;
  const points = weierstrass({ p, n: q, h: cofactor, a, b, Gx: x, Gy: y });
  groups.set(curve, points);
  return points;
}

/** The point with these coordinates, if it is one of the group in use and not zero. */
export function pointAt(curve: GostCurve, x: bigint, y: bigint): GostPoint | undefined {
  try {
    const point = pointsOf(curve).fromAffine({ x, y });
    // That it is on the curve, in the group of order q, and not its zero.
    point.assertValidity();
    return point;
  } catch {
    return undefined;
  }
}
