import { createHash } from 'node:crypto';
import type { DerBytes } from '#shared/bytes.ts';
import { algorithmWithNull, readAlgorithm } from '../algorithm-identifier.ts';
import {
  DerReader,
  explicit,
  octetString,
  oid,
  parseSequence,
  sequence,
  tag,
  type DerValue,
} from '../asn1.ts';
import type { CertificateInfo } from '../certificate.ts';
import { oids } from '../oids.ts';

/** Hashes that a CertID may be made with, as `node:crypto` names them. */
const hashNames: ReadonlyMap<string, string> = new Map([
  [oids.sha256, 'sha256'],
  [oids.sha1, 'sha1'],
  [oids.sha384, 'sha384'],
  [oids.sha512, 'sha512'],
]);

/** `sha1` is what every responder knows (RFC 5019 §2.1.1); here it names a certificate and proves nothing. */
export type CertIdHash = 'sha256' | 'sha1';

/** The bits of a public key, without tag, length and number of unused bits. @throws DerError */
export const publicKeyBits = ({ publicKeyInfo }: CertificateInfo): Uint8Array => {
  const reader = parseSequence(publicKeyInfo);
  reader.next(tag.sequence);
  return reader.bits();
};

const hashed = (name: string, bytes: Uint8Array): Uint8Array => createHash(name).update(bytes).digest();

/** CertID (RFC 6960 §4.1.1). */
const certId = (certificate: CertificateInfo, issuer: CertificateInfo, hash: CertIdHash): DerBytes =>
  sequence(
    algorithmWithNull(oids[hash]),
    octetString(hashed(hash, certificate.issuerName)),
    octetString(hashed(hash, publicKeyBits(issuer))),
    certificate.serialNumberDer,
  );

/**
 * Whether a CertID names this certificate of this issuer, by whatever hash the responder chose.
 *
 * @throws DerError
 */
export function isCertIdOf(value: DerValue, certificate: CertificateInfo, issuer: CertificateInfo): boolean {
  const reader = new DerReader(value.content);
  const algorithm = readAlgorithm(reader.next(tag.sequence));
  const nameHash = reader.octets();
  const keyHash = reader.octets();
  const serialNumber = reader.next(tag.integer);
  reader.end();
  const hash = hashNames.get(algorithm.oid);
  return (
    hash !== undefined &&
    Buffer.compare(nameHash, hashed(hash, certificate.issuerName)) === 0 &&
    Buffer.compare(keyHash, hashed(hash, publicKeyBits(issuer))) === 0 &&
    Buffer.compare(serialNumber.der, certificate.serialNumberDer) === 0
  );
}

/** The nonce as the value of its extension (RFC 9654 §2.1). */
export const nonceValue = (nonce: Uint8Array): DerBytes => octetString(nonce);

/**
 * OCSPRequest about one certificate, unsigned (RFC 6960 §4.1.1, RFC 5019 §2.1).
 *
 * @param nonce 16 bytes: what every responder takes (RFC 8954 allows 1 to 32)
 * @throws DerError when the issuer's key can not be read
 */
export const buildOcspRequest = (question: {
  readonly certificate: CertificateInfo;
  readonly issuer: CertificateInfo;
  readonly hash: CertIdHash;
  readonly nonce: Uint8Array;
}): DerBytes =>
  sequence(
    sequence(
      sequence(sequence(certId(question.certificate, question.issuer, question.hash))),
      explicit(2, sequence(sequence(oid(oids.ocspNonce), octetString(nonceValue(question.nonce))))),
    ),
  );
