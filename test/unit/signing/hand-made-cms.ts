import { createHash, createPrivateKey, sign } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { concatBytes, type DerBytes } from '#shared/bytes.ts';
import { algorithmWithNull } from '#main/pki/algorithm-identifier.ts';
import {
  certificateTime,
  encode,
  explicit,
  integer,
  octetString,
  oid,
  sequence,
  tag,
} from '#main/pki/asn1.ts';
import { oids } from '#main/pki/oids.ts';
import { parseCertificate } from '#main/pki/x509.ts';
import type { SigningDesk } from './signing-desk.ts';

/** All that a signature is made of, each part to be forged by itself. */
export interface CmsParts {
  readonly contentType: string;
  readonly content: Uint8Array | undefined;
  readonly digests: readonly string[];
  readonly certificates: readonly DerBytes[];
  readonly signerId: DerBytes;
  readonly digest: string;
  /** Each as SEQUENCE { type, SET OF value }; undefined: none at all. */
  readonly attributes: readonly DerBytes[] | undefined;
  readonly signatureAlgorithm: string;
  readonly signature: Uint8Array;
  readonly signers: 'one' | 'none';
}

export const attribute = (type: string, ...values: readonly Uint8Array[]): DerBytes =>
  sequence(oid(type), encode(tag.set, ...values));

export const signerIdOf = (certificate: DerBytes): DerBytes => {
  const { issuerName, serialNumberDer } = parseCertificate(certificate);
  return sequence(issuerName, serialNumberDer);
};

const hashOf = (bytes: Uint8Array): Uint8Array => createHash('sha256').update(bytes).digest();

/** Attributes of a good signature of `certificate` on `document`, in the order of DER. */
export const goodAttributes = (document: Uint8Array, certificate: DerBytes): readonly DerBytes[] => [
  attribute(oids.contentType, oid(oids.data)),
  attribute(oids.signingTime, certificateTime(new Date('2026-11-20T10:00:00Z'))),
  attribute(oids.messageDigest, octetString(hashOf(document))),
  attribute(oids.signingCertificateV2, sequence(sequence(sequence(octetString(hashOf(certificate)))))),
];

/** Signs with the key of that name whatever it is given. */
export const rsaSignature = (desk: SigningDesk, who: string, data: Uint8Array): Uint8Array =>
  sign('sha256', data, createPrivateKey(readFileSync(desk.path(`${who}.key`))));

/** A signature in order, before it is forged. */
export function goodParts(desk: SigningDesk, document: Uint8Array, who = 'aigul'): CmsParts {
  const certificate = desk.openssl.der(who);
  const attributes = goodAttributes(document, certificate);
  return {
    contentType: oids.data,
    content: undefined,
    digests: [oids.sha256],
    certificates: [certificate],
    signerId: signerIdOf(certificate),
    digest: oids.sha256,
    attributes,
    signatureAlgorithm: oids.sha256WithRSA,
    signature: rsaSignature(desk, who, encode(tag.set, ...attributes)),
    signers: 'one',
  };
}

export function cms(parts: CmsParts): Uint8Array {
  const { attributes, certificates, content } = parts;
  const signer = sequence(
    integer(1),
    parts.signerId,
    algorithmWithNull(parts.digest),
    attributes && encode(tag.context(0), ...attributes),
    algorithmWithNull(parts.signatureAlgorithm),
    octetString(parts.signature),
  );
  const signedData = sequence(
    integer(1),
    encode(tag.set, ...parts.digests.map(algorithmWithNull)),
    sequence(oid(parts.contentType), content && explicit(0, octetString(content))),
    encode(tag.context(0), ...certificates),
    encode(tag.set, ...(parts.signers === 'one' ? [signer] : [])),
  );
  return sequence(oid(oids.signedData), explicit(0, signedData));
}

export const flipped = (bytes: Uint8Array, at: number): Uint8Array => {
  const changed = Uint8Array.from(bytes);
  const place = at < 0 ? bytes.length + at : at;
  changed[place] = (changed[place] ?? 0) ^ 1;
  return changed;
};

export const followedBy = (bytes: Uint8Array, more: string): Uint8Array =>
  concatBytes(bytes, new TextEncoder().encode(more));
