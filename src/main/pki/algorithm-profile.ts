import type { DerBytes } from '#shared/bytes.ts';
import type { AlgorithmIdentifier } from './algorithm-identifier.ts';

/** Families of signature algorithms that this program can tell apart; GOST in each of its four dialects. */
export type AlgorithmFamily = 'RSA' | 'EC' | 'KZ-2015' | 'KZ-2004' | 'GAMMA-2004' | 'RU-2012';

/** What this program can sign with, as {@link Signer} names it. */
export type SignatureAlgorithm = 'rsa-sha256' | GostSignatureAlgorithm;
export type GostSignatureAlgorithm =
  'kz-2015-512' | 'kz-2015-256' | 'kz-2004' | 'gamma-2004' | 'ru-2012-512' | 'ru-2012-256';

export type SignatureCheck = 'valid' | 'invalid' | 'unsupported';

export interface SignedData {
  readonly algorithm: AlgorithmIdentifier;
  /** SubjectPublicKeyInfo of whoever is said to have signed. */
  readonly publicKeyInfo: Uint8Array;
  readonly data: Uint8Array;
  readonly signature: Uint8Array;
}

/** What is peculiar to a family of signature algorithms. */
export interface AlgorithmProfile {
  readonly family: AlgorithmFamily;
  /** Hashes of its signature algorithms, by their object identifiers. */
  readonly hashes: Readonly<Record<string, (data: Uint8Array) => Uint8Array>>;
  /** AlgorithmIdentifiers of those that this program signs with. */
  readonly identifiers: Readonly<Partial<Record<SignatureAlgorithm, DerBytes>>>;
  /** Never throws: whatever is wrong with key or parameters is `unsupported`. */
  verify(signed: SignedData): Promise<SignatureCheck>;
}
