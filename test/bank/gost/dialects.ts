import { z } from 'zod';
import { cryptoProA, tc26A256, tc26A512, type GostCurve } from '#main/pki/gost/curves.ts';
import { gost341195 } from '#main/pki/gost/gost341195.ts';
import type { GostHashKind } from '#main/pki/gost/gost-hash.ts';
import { streebog256, streebog512 } from '#main/pki/gost/streebog.ts';
import { nullValue, oid, sequence } from '../asn1/der.ts';

/**
 * The dialects of GOST in which the bank hands out initial keys. Hashes and curves are Kilt's, which published vectors
 * and OpenSSL have checked; how numbers become bytes, and all that is made of them, is the bank's own.
 */
export const gostDialect = z.enum([
  'kz-2015-512',
  'kz-2015-256',
  'kz-2004',
  'gamma-2004',
  'ru-2012-512',
  'ru-2012-256',
]);
export type GostDialect = z.infer<typeof gostDialect>;

/** `forwards`: r ‖ s, lowest byte first. `backwards`: the same bytes from the last to the first. */
export type Direction = 'forwards' | 'backwards';

export interface DialectRules {
  readonly curve: GostCurve;
  readonly hash: GostHashKind;
  /** AlgorithmIdentifier of a key. */
  readonly keyAlgorithm: Uint8Array;
  readonly signatureOid: string;
  /** AlgorithmIdentifier of a signature. */
  readonly signatureAlgorithm: Uint8Array;
  /** As Gamma writes keys: a header of 16 bytes, and no OCTET STRING. */
  readonly keyBlob: boolean;
  readonly certificates: Direction;
  /** What the bank takes from its customers, and nothing else. */
  readonly messages: Direction;
}

/** NULL for parameters everywhere but in Russia. */
const rules = (
  curve: GostCurve,
  hash: GostHashKind,
  oids: { readonly key: string; readonly parameters: readonly string[]; readonly signature: string },
  directions: { readonly certificates: Direction; readonly messages: Direction },
): DialectRules => ({
  curve,
  hash,
  keyAlgorithm: sequence(
    oid(oids.key),
    oids.parameters.length > 0 ? sequence(...oids.parameters.map(oid)) : nullValue(),
  ),
  signatureOid: oids.signature,
  signatureAlgorithm: oids.signature.startsWith('1.2.643.')
    ? sequence(oid(oids.signature))
    : sequence(oid(oids.signature), nullValue()),
  keyBlob: oids.parameters.length === 0,
  ...directions,
});

const nca = { certificates: 'forwards', messages: 'forwards' } as const;
const kisc = { certificates: 'forwards', messages: 'backwards' } as const;
const russia = { certificates: 'backwards', messages: 'backwards' } as const;

const dialects: Readonly<Record<GostDialect, DialectRules>> = {
  'kz-2015-512': rules(
    tc26A512,
    streebog512,
    {
      key: '1.2.398.3.10.1.1.2.2',
      parameters: ['1.2.398.3.10.1.1.2.2.1', '1.2.398.3.10.1.3.3'],
      signature: '1.2.398.3.10.1.1.2.3.2',
    },
    nca,
  ),
  'kz-2015-256': rules(
    tc26A256,
    streebog256,
    {
      key: '1.2.398.3.10.1.1.2.1',
      parameters: ['1.2.398.3.10.1.1.2.1.1', '1.2.398.3.10.1.3.2'],
      signature: '1.2.398.3.10.1.1.2.3.1',
    },
    nca,
  ),
  'kz-2004': rules(
    cryptoProA,
    gost341195,
    {
      key: '1.2.398.3.10.1.1.1.1',
      parameters: ['1.2.398.3.10.1.1.1.1.1', '1.2.398.3.10.1.3.1.1.0'],
      signature: '1.2.398.3.10.1.1.1.2',
    },
    nca,
  ),
  'gamma-2004': rules(
    cryptoProA,
    gost341195,
    { key: '1.3.6.1.4.1.6801.1.5.8', parameters: [], signature: '1.3.6.1.4.1.6801.1.2.2' },
    kisc,
  ),
  'ru-2012-512': rules(
    tc26A512,
    streebog512,
    {
      key: '1.2.643.7.1.1.1.2',
      parameters: ['1.2.643.7.1.2.1.2.1', '1.2.643.7.1.1.2.3'],
      signature: '1.2.643.7.1.1.3.3',
    },
    russia,
  ),
  'ru-2012-256': rules(
    cryptoProA,
    streebog256,
    {
      key: '1.2.643.7.1.1.1.1',
      parameters: ['1.2.643.2.2.35.1', '1.2.643.7.1.1.2.2'],
      signature: '1.2.643.7.1.1.3.2',
    },
    russia,
  ),
};

export const rulesOf = (dialect: GostDialect): DialectRules => dialects[dialect];

/** The dialect whose signatures have this object identifier. */
export const dialectOfSignature = (signatureOid: string): GostDialect | undefined =>
  gostDialect.options.find((dialect) => dialects[dialect].signatureOid === signatureOid);
