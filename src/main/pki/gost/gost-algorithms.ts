import type { AlgorithmFamily, GostSignatureAlgorithm } from '../algorithm-profile.ts';
import { oids } from '../oids.ts';
import { cryptoProA, tc26A256, tc26A512, type GostCurve } from './curves.ts';
import { gost341195 } from './gost341195.ts';
import type { GostHashKind } from './gost-hash.ts';
import type { SignatureLayout } from './signature-layout.ts';
import { streebog256, streebog512 } from './streebog.ts';

/** One signature algorithm of a GOST dialect, with the keys that go with it. */
export interface GostAlgorithm {
  readonly name: GostSignatureAlgorithm;
  readonly family: Exclude<AlgorithmFamily, 'RSA' | 'EC'>;
  readonly signatureOid: string;
  /** Whether the AlgorithmIdentifier of a signature has NULL for parameters, or none. Both are accepted. */
  readonly nullParameters: boolean;
  readonly keyOid: string;
  /**
   * Curves by the object identifier that the key's parameters begin with; one curve alone where the key's own
   * identifier names it.
   */
  readonly curves: Readonly<Record<string, GostCurve>> | GostCurve;
  /**
   * Form of a public key in SubjectPublicKeyInfo: x ‖ y little-endian inside an OCTET STRING (RFC 9215 §4.3), or behind
   * the header of a Microsoft key blob.
   */
  readonly publicKeyForm: 'octet-string' | 'key-blob';
  readonly hash: GostHashKind;
  /** Name of the hash where it stands by itself, as in CMS. */
  readonly hashOid: string;
  /** What its CA writes into certificates, and what its clients write into requests and documents. */
  readonly layouts: { readonly certificates: SignatureLayout; readonly documents: SignatureLayout };
}

const nca = { certificates: 'r-s-little-endian', documents: 'r-s-little-endian' } as const;
const kisc = { certificates: 'r-s-little-endian', documents: 's-r-big-endian' } as const;
const russian = { certificates: 's-r-big-endian', documents: 's-r-big-endian' } as const;

export const gostAlgorithms: readonly GostAlgorithm[] = [
  {
    name: 'kz-2015-512',
    family: 'KZ-2015',
    signatureOid: oids.gostKz2015Signature512,
    nullParameters: true,
    keyOid: oids.gostKz2015Key512,
    curves: { [oids.gostKz2015Key512A]: tc26A512 },
    publicKeyForm: 'octet-string',
    hash: streebog512,
    hashOid: oids.gostKz2015Hash512,
    layouts: nca,
  },
  {
    name: 'kz-2015-256',
    family: 'KZ-2015',
    signatureOid: oids.gostKz2015Signature256,
    nullParameters: true,
    keyOid: oids.gostKz2015Key256,
    curves: { [oids.gostKz2015Key256A]: tc26A256 },
    publicKeyForm: 'octet-string',
    hash: streebog256,
    hashOid: oids.gostKz2015Hash256,
    layouts: nca,
  },
  {
    name: 'kz-2004',
    family: 'KZ-2004',
    signatureOid: oids.gostKz2004Signature,
    nullParameters: true,
    keyOid: oids.gostKz2004Key,
    curves: { [oids.gostKz2004KeyA]: cryptoProA },
    publicKeyForm: 'octet-string',
    hash: gost341195,
    hashOid: oids.gostKz2004Hash,
    layouts: nca,
  },
  {
    name: 'gamma-2004',
    family: 'GAMMA-2004',
    signatureOid: oids.gostGammaSignature,
    nullParameters: true,
    keyOid: oids.gostGammaKeyA,
    curves: cryptoProA,
    publicKeyForm: 'key-blob',
    hash: gost341195,
    hashOid: oids.gostGammaHash,
    layouts: kisc,
  },
  {
    name: 'ru-2012-512',
    family: 'RU-2012',
    signatureOid: oids.gostRu2012Signature512,
    nullParameters: false,
    keyOid: oids.gostRu2012Key512,
    curves: { [oids.gostTc26Key512A]: tc26A512 },
    publicKeyForm: 'octet-string',
    hash: streebog512,
    hashOid: oids.streebog512,
    layouts: russian,
  },
  {
    name: 'ru-2012-256',
    family: 'RU-2012',
    signatureOid: oids.gostRu2012Signature256,
    nullParameters: false,
    keyOid: oids.gostRu2012Key256,
    curves: {
      [oids.gostTc26Key256A]: tc26A256,
      // Three names of one curve (RFC 7836 appendix A.2, RFC 4357 §8.4).
      [oids.gostTc26Key256B]: cryptoProA,
      [oids.gostCryptoProA]: cryptoProA,
      [oids.gostCryptoProXchA]: cryptoProA,
    },
    publicKeyForm: 'octet-string',
    hash: streebog256,
    hashOid: oids.streebog256,
    layouts: russian,
  },
];

export const gostAlgorithmOfKey = (keyOid: string): GostAlgorithm | undefined =>
  gostAlgorithms.find((algorithm) => algorithm.keyOid === keyOid);
