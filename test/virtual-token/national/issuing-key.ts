import { createPrivateKey, createPublicKey, sign } from 'node:crypto';

import { concatBytes, fromHex } from '#shared/bytes.ts';
import { bitString, nullValue, octetString, oid, sequence } from '#test/bank/asn1/der.ts';

import { publicValueOf, signHash } from '../gost/gost-key.ts';
import { parameterSets, type ParameterSet } from '../gost/parameter-sets.ts';
import { fromLittleEndian, littleEndian } from '../little-endian.ts';
import { gostHash } from './gost-hash.ts';
import { oids } from './oids.ts';

/** A key that signs certificates. */
export interface IssuingKey {
  /** AlgorithmIdentifier of its signatures, DER. */
  readonly algorithm: Uint8Array;
  /** SubjectPublicKeyInfo, DER. */
  readonly publicKey: Uint8Array;
  /** The signature as it stands in a certificate. */
  sign(content: Uint8Array): Uint8Array;
}

/** GOST 34.310-2004 with set A is GOST R 34.10-2001 with CryptoPro-A under a Kazakh name. */
export const gostSet = parameterSets[0] as ParameterSet;

/** SubjectPublicKeyInfo of a GOST key: X‖Y, little-endian, in an OCTET STRING inside the BIT STRING. */
export const gostPublicKeyInfo = (point: Uint8Array): Uint8Array =>
  sequence(
    sequence(oid(oids.gost34310), sequence(oid(oids.gost34310SetA), oid(oids.gost34311Parameters))),
    bitString(octetString(point)),
  );

/** @param pem PKCS#8 */
export function issuingRsaKey(pem: string): IssuingKey {
  const privateKey = createPrivateKey(pem);
  const publicKey = createPublicKey(privateKey).export({ format: 'der', type: 'spki' });
  return {
    algorithm: sequence(oid(oids.sha256WithRsa), nullValue()),
    publicKey: new Uint8Array(publicKey),
    sign: (content) => new Uint8Array(sign('sha256', content, privateKey)),
  };
}

/**
 * Signatures are r‖s, each little-endian, over a hash read little-endian: so in the national authority's certificates.
 *
 * @param hex `d`, little-endian
 */
export function issuingGostKey(hex: string): IssuingKey {
  const privateValue = fromHex(hex);
  return {
    algorithm: sequence(oid(oids.gost34310WithGost34311), nullValue()),
    publicKey: gostPublicKeyInfo(publicValueOf(gostSet, fromLittleEndian(privateValue))),
    sign: (content) => {
      const { r, s } = signHash(gostSet, privateValue, fromLittleEndian(gostHash(content)));
      return concatBytes(littleEndian(r, 32), littleEndian(s, 32));
    },
  };
}
