import {
  contextTag,
  DerError,
  expectTag,
  bitStringBytes,
  insideOf,
  membersOf,
  readDer,
  sequence,
  smallInteger,
  tags,
  type DerValue,
} from '../asn1/der.ts';

/** Body choices of PKIBody that the bank speaks (RFC 9810 §5.1.2). */
export const bodyType = {
  ir: 0,
  ip: 1,
  cr: 2,
  cp: 3,
  kur: 7,
  kup: 8,
  rr: 11,
  rp: 12,
  pkiConf: 19,
  error: 23,
  certConf: 24,
  pollReq: 25,
  pollRep: 26,
} as const;

/** A received PKIMessage, with the bytes as they came. */
export interface PkiMessage {
  readonly version: number;
  /** Name, DER; undefined where the sender is no directory name. */
  readonly sender: DerValue | undefined;
  readonly senderWhole: Uint8Array;
  readonly recipient: DerValue | undefined;
  /** AlgorithmIdentifier. */
  readonly protectionAlgorithm: DerValue | undefined;
  readonly senderKeyId: Uint8Array | undefined;
  readonly transactionId: Uint8Array | undefined;
  readonly senderNonce: Uint8Array | undefined;
  readonly body: { readonly type: number; readonly value: DerValue };
  /** DER of ProtectedPart: what MAC or signature is over. */
  readonly protectedPart: Uint8Array;
  readonly protection: Uint8Array | undefined;
  readonly extraCertificates: readonly Uint8Array[];
}

const directoryName = (generalName: DerValue): DerValue | undefined =>
  generalName.tag === contextTag(4) ? insideOf(generalName) : undefined;

function tagged(members: readonly DerValue[], number: number): DerValue | undefined {
  const found = members.find((member) => member.tag === contextTag(number));
  return found && insideOf(found);
}

/** Reads a PKIMessage (RFC 9810 §5.1). @throws DerError when it is none */
export function readPkiMessage(bytes: Uint8Array): PkiMessage {
  const [header, body, ...rest] = membersOf(readDer(bytes), tags.sequence);
  if (!header || !body) throw new DerError('message without header or body');
  const [version, sender, recipient, ...options] = membersOf(header, tags.sequence);
  if (!sender || !recipient) throw new DerError('header without sender or recipient');
  const octets = (number: number) => {
    const value = tagged(options, number);
    return value && expectTag(value, tags.octetString).content;
  };
  const protection = tagged(rest, 0);
  const extraCertificates = tagged(rest, 1);
  if ((body.tag & 0xe0) !== 0xa0) throw new DerError('body is no context tag');
  return {
    version: smallInteger(version),
    sender: directoryName(sender),
    senderWhole: sender.whole,
    recipient: directoryName(recipient),
    protectionAlgorithm: tagged(options, 1),
    senderKeyId: octets(2),
    transactionId: octets(4),
    senderNonce: octets(5),
    body: { type: body.tag & 0x1f, value: insideOf(body) },
    protectedPart: sequence(header.whole, body.whole),
    protection: protection && bitStringBytes(protection),
    extraCertificates: extraCertificates
      ? membersOf(extraCertificates, tags.sequence).map((certificate) => certificate.whole)
      : [],
  };
}
