import type { SubstitutionBox } from '#main/pki/gost/gost28147.ts';

/**
 * Substitution of id-GostR3411-94-CryptoProParamSet (RFC 4357 §11.2). Kilt has no use for it, but OpenSSL's GOST engine
 * knows no other, and so it is the only one with which the two can be compared.
 */
export const cryptoProHash: SubstitutionBox = [
  'a4568137dce092bf',
  '5f402db91763cea8',
  '7fce94103b526a8d',
  '4a7c0f28e165db93',
  '764b9c2a180efd35',
  '7624d9f0a15b8ec3',
  'de41705a3c8f629b',
  '13a95b4f867ed02c',
];
