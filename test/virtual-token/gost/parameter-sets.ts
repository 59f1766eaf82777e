/**
 * Curves of GOST R 34.10-2001 that the token knows (RFC 4357 §11.4, there id-GostR3410-2001-CryptoPro-…-ParamSet).
 * `a` is p − 3 in each of them, and the group has no cofactor.
 */
export interface ParameterSet {
  readonly name: 'A' | 'B' | 'C';
  /** FCP tag 85 byte 1 of both key files (facts §3.1). */
  readonly propertyByte: number;
  readonly oid: string;
  readonly p: bigint;
  readonly b: bigint;
  /** Order of the base point. */
  readonly q: bigint;
  readonly x: bigint;
  readonly y: bigint;
}

export const parameterSets: readonly ParameterSet[] = [
  {
    name: 'A',
    propertyByte: 0x20,
    oid: '1.2.643.2.2.35.1',
    p: 0xfffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffd97n,
    b: 0xa6n,
    q: 0xffffffffffffffffffffffffffffffff6c611070995ad10045841b09b761b893n,
    x: 1n,
    y: 0x8d91e471e0989cda27df505a453f2b7635294f2ddf23e3b122acc99c9e9f1e14n,
  },
  {
    name: 'B',
    propertyByte: 0x30,
    oid: '1.2.643.2.2.35.2',
    p: 0x8000000000000000000000000000000000000000000000000000000000000c99n,
    b: 0x3e1af419a269a5f866a7d3c25c3df80ae979259373ff2b182f49d4ce7e1bbc8bn,
    q: 0x800000000000000000000000000000015f700cfff1a624e5e497161bcc8a198fn,
    x: 1n,
    y: 0x3fa8124359f96680b83d1c3eb2c070e5c545c9858d03ecfb744bf8d717717efcn,
  },
  {
    name: 'C',
    propertyByte: 0x40,
    oid: '1.2.643.2.2.35.3',
    p: 0x9b9f605f5a858107ab1ec85e6b41c8aacf846e86789051d37998f7b9022d759bn,
    b: 0x805an,
    q: 0x9b9f605f5a858107ab1ec85e6b41c8aa582ca3511eddfb74f02f3a6598980bb9n,
    x: 0n,
    y: 0x41ece55743711a8c3cbf3783cd08c0ee4d4dc440d4641a8f366e550dfdb3bb67n,
  },
];

/** The set that byte 1 of a GOST key file's property names, if it names one. */
export const parameterSetOf = (property: Uint8Array): ParameterSet | undefined =>
  parameterSets.find(({ propertyByte }) => propertyByte === property[1]);

/** Sizes of key files and of what PSO takes and gives (facts §2 no. 25, §3.5). */
export const gostBytes = { privateKey: 32, publicKey: 64, hash: 32, signature: 64 } as const;
