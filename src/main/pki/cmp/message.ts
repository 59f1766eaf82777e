import { randomBytes } from 'node:crypto';
import { wipe, type DerBytes } from '#shared/bytes.ts';
import { readAlgorithm, type AlgorithmIdentifier } from '../algorithm-identifier.ts';
import {
  bitString,
  DerError,
  DerReader,
  encode,
  explicit,
  generalizedTime,
  integer,
  members,
  octetString,
  oid,
  parseDer,
  parseSequence,
  readSmallInteger,
  readTime,
  readWholeBytes,
  sequence,
  tag,
  type DerValue,
} from '../asn1.ts';
import { readBody, type PkiBody } from './body.ts';

/** PKIMessage (RFC 4210 §5.1, RFC 9483 §3.1). Bodies are in `body.ts`, protection in `protection.ts`. */

export interface PkiHeader {
  /** 2: cmp2000, 3: cmp2021. */
  readonly pvno: number;
  /** DER Names; undefined where the field holds another kind of GeneralName. An empty Name is the NULL-DN. */
  readonly sender: DerBytes | undefined;
  readonly recipient: DerBytes | undefined;
  readonly messageTime?: Date | undefined;
  readonly protectionAlgorithm?: AlgorithmIdentifier | undefined;
  /** Reference of the shared secret, or key identifier of the signer. */
  readonly senderKeyId?: Uint8Array | undefined;
  readonly recipientKeyId?: Uint8Array | undefined;
  readonly transactionId?: Uint8Array | undefined;
  readonly senderNonce?: Uint8Array | undefined;
  readonly recipientNonce?: Uint8Array | undefined;
  /** Object identifiers in generalInfo, for example implicitConfirm. */
  readonly generalInfo: readonly string[];
}

/** A PKIMessage as received. Nothing in it is proven until its protection has been checked. */
export interface PkiMessage {
  readonly header: PkiHeader;
  readonly body: PkiBody;
  /** ProtectedPart: header and body in the bytes that arrived (RFC 4210 §5.1.3). */
  readonly protectedPart: DerBytes;
  readonly protection: Uint8Array | undefined;
  readonly extraCerts: readonly DerBytes[];
}

/** Bytes of a transaction ID or nonce (RFC 4210 §5.1.1: 128 bits). */
export const nonceLength = 16;

/** What the writer of a message says in the header. */
export interface HeaderFields {
  readonly sender: DerBytes;
  readonly recipient: DerBytes;
  readonly transactionId: Uint8Array;
  readonly senderNonce: Uint8Array;
  readonly recipientNonce?: Uint8Array | undefined;
  readonly messageTime: Date;
  readonly senderKeyId?: Uint8Array | undefined;
  /** Object identifiers to announce with NULL as value, for example implicitConfirm. */
  readonly generalInfo?: readonly string[] | undefined;
}

/** Makes the protection of one message; see `protection.ts`. */
export interface MessageProtector {
  readonly algorithm: DerBytes;
  protect(protectedPart: Uint8Array): Promise<Uint8Array>;
}

/** The empty Name, for a sender that has none. */
export const nullName: DerBytes = sequence();

const nullValue = encode(tag.null);

function encodeHeader(fields: HeaderFields, protectionAlgorithm: DerBytes | undefined): DerBytes {
  const pvno = 2;
  const tagged = (n: number, bytes: Uint8Array | undefined) => bytes && explicit(n, octetString(bytes));
  const info = fields.generalInfo ?? [];
  return sequence(
    integer(pvno),
    // GeneralName directoryName [4]
    explicit(4, fields.sender),
    explicit(4, fields.recipient),
    explicit(0, generalizedTime(fields.messageTime)),
    protectionAlgorithm && explicit(1, protectionAlgorithm),
    tagged(2, fields.senderKeyId),
    tagged(4, fields.transactionId),
    tagged(5, fields.senderNonce),
    tagged(6, fields.recipientNonce),
    info.length > 0
      ? explicit(8, sequence(...info.map((type) => sequence(oid(type), nullValue))))
      : undefined,
  );
}

/**
 * A complete PKIMessage in DER.
 *
 * @param message.body from a builder of `body.ts`
 * @param message.protector without one the message goes unprotected
 * @returns a buffer of its own; the intermediate copies are wiped, since a body may hold a registration token
 */
export async function buildMessage(message: {
  readonly header: HeaderFields;
  readonly body: DerBytes;
  readonly protector?: MessageProtector | undefined;
  readonly extraCerts?: readonly DerBytes[] | undefined;
}): Promise<DerBytes> {
  const { body, protector, extraCerts = [] } = message;
  const header = encodeHeader(message.header, protector?.algorithm);
  const protectedPart = sequence(header, body);
  try {
    const protection = protector && bitString(await protector.protect(protectedPart));
    return sequence(
      header,
      body,
      protection && explicit(0, protection),
      extraCerts.length > 0 ? explicit(1, sequence(...extraCerts)) : undefined,
    );
  } finally {
    wipe(protectedPart);
  }
}

const directoryName = (value: DerValue): DerBytes | undefined =>
  value.tag === tag.context(4) ? parseDer(value.content).der : undefined;

function readHeader(value: DerValue): PkiHeader {
  const reader = new DerReader(value.content);
  const pvno = readSmallInteger(reader.next(tag.integer));
  const sender = directoryName(reader.any());
  const recipient = directoryName(reader.any());
  const octetsOf = (n: number): Uint8Array | undefined => {
    const octets = reader.optionalExplicit(n);
    if (octets && octets.tag !== tag.octetString) throw new DerError('not an OCTET STRING');
    return octets?.content;
  };
  const messageTime = reader.optionalExplicit(0);
  const algorithm = reader.optionalExplicit(1);
  const header = {
    pvno,
    sender,
    recipient,
    messageTime: messageTime && readTime(messageTime),
    protectionAlgorithm: algorithm && readAlgorithm(algorithm),
    senderKeyId: octetsOf(2),
    recipientKeyId: octetsOf(3),
    transactionId: octetsOf(4),
    senderNonce: octetsOf(5),
    recipientNonce: octetsOf(6),
  };
  reader.optional(tag.context(7)); // freeText: no machine acts on it and no person sees it
  const info = reader.optionalExplicit(8);
  reader.end();
  const generalInfo = info
    ? members(info, tag.sequence).map(({ content }) => new DerReader(content).oid())
    : [];
  return { ...header, generalInfo };
}

/** Far beyond any message with a few certificates. */
const largestMessage = 1024 * 1024;

/** Reads a PKIMessage. @throws DerError */
export function parseMessage(der: Uint8Array): PkiMessage {
  if (der.length > largestMessage) throw new DerError('larger than any CMP message');
  const reader = parseSequence(der);
  const header = reader.next(tag.sequence);
  const body = reader.any();
  const protection = reader.optionalExplicit(0);
  const extraCerts = reader.optionalExplicit(1);
  reader.end();
  if (protection && protection.tag !== tag.bitString) throw new DerError('not a protection');
  return {
    header: readHeader(header),
    body: readBody(body),
    protectedPart: sequence(header.der, body.der),
    protection: protection && readWholeBytes(protection),
    extraCerts: extraCerts ? members(extraCerts, tag.sequence).map((certificate) => certificate.der) : [],
  };
}

export const freshNonce = (): Uint8Array => new Uint8Array(randomBytes(nonceLength));
