import type { DerBytes } from '#shared/bytes.ts';
import { readAlgorithm, type AlgorithmIdentifier } from '../algorithm-identifier.ts';
import { DerError, DerReader, members, retag, tag, type DerValue } from '../asn1.ts';

/** Values by the object identifier of their attribute. */
export type Attributes = ReadonlyMap<string, readonly DerValue[]>;

/** SignerInfo (RFC 5652 §5.3) as it was received. */
export interface SignerInfo {
  readonly signer:
    | {
        readonly kind: 'issuer-and-serial';
        readonly issuerName: DerBytes;
        readonly serialNumberDer: DerBytes;
      }
    | { readonly kind: 'key-identifier'; readonly identifier: Uint8Array };
  readonly digestAlgorithm: AlgorithmIdentifier;
  readonly signedAttributes: Attributes | undefined;
  /** What the signature is over: the attributes as SET OF (RFC 5652 §5.4), in the bytes received. */
  readonly signedBytes: DerBytes | undefined;
  readonly signatureAlgorithm: AlgorithmIdentifier;
  readonly signature: Uint8Array;
  readonly unsignedAttributes: Attributes;
}

function readAttributes(value: DerValue, repeated: 'refused' | 'joined'): Attributes {
  const attributes = new Map<string, readonly DerValue[]>();
  for (const { content } of members(value, tag.sequence)) {
    const reader = new DerReader(content);
    const type = reader.oid();
    const values = members(reader.next(tag.set));
    reader.end();
    const before = attributes.get(type) ?? [];
    // Two of a kind let two readers see two things (RFC 5652 §5.3); of countersignatures there may be several (§11.4).
    if (before.length > 0 && repeated === 'refused') throw new DerError('an attribute stands twice');
    attributes.set(type, [...before, ...values]);
  }
  return attributes;
}

function readSignerIdentifier(value: DerValue): SignerInfo['signer'] {
  if (value.tag === tag.contextPrimitive(0)) return { kind: 'key-identifier', identifier: value.content };
  if (value.tag !== tag.sequence) throw new DerError('not a SignerIdentifier');
  const reader = new DerReader(value.content);
  const issuerName = reader.next(tag.sequence).der;
  const serialNumberDer = reader.next(tag.integer).der;
  reader.end();
  return { kind: 'issuer-and-serial', issuerName, serialNumberDer };
}

/** @throws DerError */
export function readSignerInfo({ content }: DerValue): SignerInfo {
  const fields = new DerReader(content);
  fields.next(tag.integer);
  const signer = readSignerIdentifier(fields.any());
  const digestAlgorithm = readAlgorithm(fields.next(tag.sequence));
  const signed = fields.optional(tag.context(0));
  const signatureAlgorithm = readAlgorithm(fields.next(tag.sequence));
  const signature = fields.octets();
  const unsigned = fields.optional(tag.context(1));
  fields.end();
  return {
    signer,
    digestAlgorithm,
    signedAttributes: signed && readAttributes(signed, 'refused'),
    signedBytes: signed && retag(tag.set, signed),
    signatureAlgorithm,
    signature,
    unsignedAttributes: unsigned
      ? readAttributes(unsigned, 'joined')
      : new Map<string, readonly DerValue[]>(),
  };
}
