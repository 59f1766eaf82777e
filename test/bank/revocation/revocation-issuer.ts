import { sign } from 'node:crypto';
import type { IssuingKey } from '#test/virtual-token/national/issuing-key.ts';
import { nullValue, oid, sequence } from '../asn1/der.ts';
import { oids } from '../asn1/oids.ts';
import type { BankKey } from '../authority/authority.ts';
import { certificateParts, type CertificateParts } from '../authority/certificate.ts';

/** A CA that says which of its certificates it has revoked, and signs that with the key that it issues with. */
export interface RevocationIssuer extends Pick<CertificateParts, 'subject' | 'publicKey' | 'keyIdentifier'> {
  /** AlgorithmIdentifier of its signatures, DER. */
  readonly algorithm: Uint8Array;
  sign(content: Uint8Array): Uint8Array;
}

/** A CA of the bank's: sha256WithRSAEncryption. */
export const bankIssuer = ({ parts, privateKey }: BankKey): RevocationIssuer => ({
  ...parts,
  algorithm: sequence(oid(oids.sha256WithRsa), nullValue()),
  sign: (content) => sign('sha256', content, privateKey),
});

/** A CA of the demo national authority: RSA or GOST. */
export const nationalIssuer = ({
  certificate,
  key,
}: {
  readonly certificate: Uint8Array;
  readonly key: IssuingKey;
}): RevocationIssuer => ({
  ...certificateParts(certificate),
  algorithm: key.algorithm,
  sign: (content) => key.sign(content),
});
