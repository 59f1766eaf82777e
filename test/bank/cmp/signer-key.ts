import { createPublicKey, X509Certificate } from 'node:crypto';
import type { Authority } from '../authority/authority.ts';
import { bitStringBytes, expectTag, membersOf, oidText, readDer, tags, type DerValue } from '../asn1/der.ts';
import { certificateParts } from '../authority/certificate.ts';
import { dialectOfSignature, rulesOf } from '../gost/dialects.ts';
import { gostSignatureFits } from '../gost/key-pair.ts';
import { signatureFits } from './protection.ts';

/** What a certificate in hand lets the bank check about its holder. */
export interface SignerKey {
  /** Whether the bank's CA of the same kind has signed the certificate. */
  issuedHere(): boolean;
  /** @throws CmpRefusal `badAlg` */
  signed(algorithm: DerValue, data: Uint8Array, signature: Uint8Array): boolean;
}

const algorithmOid = (algorithm: DerValue | undefined): string =>
  oidText(membersOf(expectTag(algorithm, tags.sequence))[0]);

/** @throws DerError */
export function signerKey(authority: Authority, certificate: Uint8Array): SignerKey {
  const [content, algorithm, signature] = membersOf(readDer(certificate), tags.sequence);
  const { publicKey } = certificateParts(certificate);
  const dialect = dialectOfSignature(algorithmOid(algorithm));
  if (!dialect) {
    return {
      issuedHere: () => new X509Certificate(certificate).verify(authority.issuing.publicKey),
      signed: (algorithmOfMessage, data, bytes) => {
        const key = createPublicKey({ key: Buffer.from(publicKey), format: 'der', type: 'spki' });
        return signatureFits(algorithmOfMessage, key, data, bytes);
      },
    };
  }
  const { certificates, messages } = rulesOf(dialect);
  return {
    issuedHere() {
      const issuing = authority.gost.knownChain(dialect)?.issuing;
      if (!content || !issuing) return false;
      const signer = {
        dialect,
        direction: certificates,
        publicKey: certificateParts(issuing.certificate).publicKey,
      };
      return gostSignatureFits(signer, content.whole, bitStringBytes(signature));
    },
    signed: (algorithmOfMessage, data, bytes) =>
      dialectOfSignature(algorithmOid(algorithmOfMessage)) === dialect &&
      gostSignatureFits({ dialect, direction: messages, publicKey }, data, bytes),
  };
}
