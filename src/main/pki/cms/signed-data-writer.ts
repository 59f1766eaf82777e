import { createHash } from 'node:crypto';
import { concatBytes, type DerBytes } from '#shared/bytes.ts';
import {
  certificateTime,
  encode,
  encodeHeader,
  explicit,
  implicit,
  integer,
  octetString,
  oid,
  sequence,
  setOf,
  tag,
} from '../asn1.ts';
import { parseCertificate } from '../certificate.ts';
import { digestOfSigner } from '../digest-algorithms.ts';
import { oids } from '../oids.ts';
import { signatureIdentifier } from '../signature.ts';
import type { CertifiedSigner } from '../signer.ts';

/**
 * What a signature on a document is over: CAdES-BES (RFC 5126 §4.3.1) in the form that Kazakhstan's NCA writes, which is
 * three attributes and signingCertificateV2 with SHA-256, whatever the key. What KISC's clients write has no such
 * reference to the certificate, and a Gamma key signs in their form.
 *
 * @param digest of the document, by the hash that goes with the signer
 * @returns DER of the SET OF, its members in the order of their encodings
 */
export function signedAttributes(
  { algorithm, certificate }: Pick<CertifiedSigner, 'algorithm' | 'certificate'>,
  digest: Uint8Array,
  signingTime: Date,
): DerBytes {
  const attribute = (type: string, value: Uint8Array): DerBytes => sequence(oid(type), setOf(value));
  const certificateHash = createHash('sha256').update(certificate).digest();
  // SigningCertificateV2 { ESSCertIDv2 { hash } }: SHA-256 is the default and issuerSerial optional (RFC 5035 §3).
  const reference = sequence(sequence(sequence(octetString(certificateHash))));
  return setOf(
    attribute(oids.contentType, oid(oids.data)),
    attribute(oids.signingTime, certificateTime(signingTime)),
    attribute(oids.messageDigest, octetString(digest)),
    ...(algorithm === 'gamma-2004' ? [] : [attribute(oids.signingCertificateV2, reference)]),
  );
}

export interface MadeSignature {
  readonly algorithm: CertifiedSigner['algorithm'];
  readonly certificate: DerBytes;
  /** Of intermediate authorities, for whoever has the root alone; may be empty, as in what the NCA's clients write. */
  readonly chain: readonly DerBytes[];
  /** As {@link signedAttributes} wrote them. */
  readonly attributes: DerBytes;
  readonly signature: Uint8Array;
  /** Of a time-stamping authority, over {@link signature}. */
  readonly timestampToken?: DerBytes | undefined;
}

/** A signed document around its content: `head`, the document's own bytes if attached, `tail`. */
export interface SignedDataFrame {
  readonly head: Uint8Array;
  readonly tail: Uint8Array;
}

/**
 * SignedData (RFC 5652 §5.1) with one signer, in DER whatever the size: all lengths are known before the document is
 * read again.
 *
 * @param attachedBytes size of the document that goes between; undefined for a signature that stands apart
 */
export function signedDataFrame(made: MadeSignature, attachedBytes: number | undefined): SignedDataFrame {
  const digest = digestOfSigner(made.algorithm).identifier;
  const before = concatBytes(integer(1), setOf(digest));
  const tail = concatBytes(
    encode(tag.context(0), made.certificate, ...made.chain),
    setOf(signerInfo(made, digest)),
  );
  const contentType = oid(oids.data);
  const size = attachedBytes ?? 0;
  const octets = attachedBytes === undefined ? undefined : encodeHeader(tag.octetString, size);
  const wrapper = octets && encodeHeader(tag.context(0), octets.length + size);
  const contentHead = concatBytes(...[wrapper, octets].filter((part) => part !== undefined));
  const encapsulated = concatBytes(
    encodeHeader(tag.sequence, contentType.length + contentHead.length + size),
    contentType,
    contentHead,
  );
  const fields = before.length + encapsulated.length + size + tail.length;
  const signedData = encodeHeader(tag.sequence, fields);
  const content = encodeHeader(tag.context(0), signedData.length + fields);
  const type = oid(oids.signedData);
  const info = encodeHeader(tag.sequence, type.length + content.length + signedData.length + fields);
  return { head: concatBytes(info, type, content, signedData, before, encapsulated), tail };
}

function signerInfo(made: MadeSignature, digest: DerBytes): DerBytes {
  const { issuerName, serialNumberDer } = parseCertificate(made.certificate);
  const token = made.timestampToken;
  return sequence(
    integer(1),
    sequence(issuerName, serialNumberDer),
    digest,
    implicit(0, made.attributes),
    signatureIdentifier(made.algorithm),
    octetString(made.signature),
    token && explicit(1, sequence(oid(oids.signatureTimeStampToken), setOf(token))),
  );
}
