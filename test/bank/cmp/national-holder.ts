import { createPublicKey, X509Certificate } from 'node:crypto';
import { bitStringBytes, membersOf, oidText, readDer, tags, type DerValue } from '../asn1/der.ts';
import { oids } from '../asn1/oids.ts';
import { certificateParts } from '../authority/certificate.ts';
import { dialectOfSignature, rulesOf } from '../gost/dialects.ts';
import { gostSignatureFits } from '../gost/key-pair.ts';
import { nameValue, sameName } from './name.ts';
import { signatureFits } from './protection.ts';

/** Who holds a NUC signature, once the authority's own signature under it has been checked. */
export interface NationalHolder {
  /** Individual identification number: of the person, or of whoever acts for the organisation. */
  readonly iin: string;
  /** @throws CmpRefusal `badAlg` */
  signed(algorithm: DerValue, data: Uint8Array, signature: Uint8Array): boolean;
}

const algorithmOid = (algorithm: DerValue | undefined): string =>
  algorithm ? oidText(membersOf(algorithm, tags.sequence)[0]) : '';

/**
 * @param issuers certificates of the national authority that the bank goes by, DER
 * @returns undefined for certificates of anybody else
 * @throws DerError
 */
export function nationalHolder(
  issuers: readonly Uint8Array[],
  certificate: Uint8Array,
): NationalHolder | undefined {
  const { subject, issuer, publicKey } = certificateParts(certificate);
  const [, iin] = /^IIN(\d{12})$/.exec(nameValue(readDer(subject), oids.serialNumber) ?? '') ?? [];
  const issued = issuers.some(
    (candidate) =>
      sameName(readDer(certificateParts(candidate).subject), readDer(issuer)) &&
      hasSigned(candidate, certificate),
  );
  if (iin === undefined || !issued) return undefined;
  return {
    iin,
    signed(algorithm, data, bytes) {
      const dialect = dialectOfSignature(algorithmOid(algorithm));
      if (dialect) {
        const { messages } = rulesOf(dialect);
        return gostSignatureFits({ dialect, direction: messages, publicKey }, data, bytes);
      }
      const key = createPublicKey({ key: Buffer.from(publicKey), format: 'der', type: 'spki' });
      return signatureFits(algorithm, key, data, bytes);
    },
  };
}

function hasSigned(issuer: Uint8Array, certificate: Uint8Array): boolean {
  const [content, algorithm, signature] = membersOf(readDer(certificate), tags.sequence);
  const dialect = dialectOfSignature(algorithmOid(algorithm));
  if (!dialect) return new X509Certificate(certificate).verify(new X509Certificate(issuer).publicKey);
  if (!content) return false;
  const { publicKey } = certificateParts(issuer);
  const signer = { dialect, direction: rulesOf(dialect).certificates, publicKey };
  return gostSignatureFits(signer, content.whole, bitStringBytes(signature));
}
