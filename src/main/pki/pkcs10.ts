import type { DerBytes } from '#shared/bytes.ts';
import { readAlgorithm } from './algorithm-identifier.ts';
import {
  bitString,
  DerReader,
  encode,
  integer,
  parseSequence,
  readWholeBytes,
  sequence,
  tag,
} from './asn1.ts';
import { nameText } from './distinguished-name.ts';
import { signatureIdentifier, verifySignature, type SignatureCheck } from './signature.ts';
import type { Signer } from './signer.ts';

/** CertificationRequest (RFC 2986 §4) with an empty attribute set, for CAs that take files instead of CMP. */
export async function buildCertificationRequest(subject: DerBytes, keyPair: Signer): Promise<DerBytes> {
  const version = integer(0);
  const info = sequence(version, subject, keyPair.publicKeyInfo, encode(tag.context(0)));
  return sequence(info, signatureIdentifier(keyPair.algorithm), bitString(await keyPair.sign(info)));
}

export interface CertificationRequest {
  readonly subject: string;
  readonly subjectName: DerBytes;
  readonly publicKeyInfo: DerBytes;
  /** Whether the request is signed with the key it holds. */
  readonly signature: SignatureCheck;
}

/** Reads a PKCS#10 request and checks its signature over the received bytes. @throws DerError */
export async function readCertificationRequest(der: Uint8Array): Promise<CertificationRequest> {
  const request = parseSequence(der);
  const info = request.next(tag.sequence);
  const algorithm = readAlgorithm(request.next(tag.sequence));
  const signature = readWholeBytes(request.next(tag.bitString));
  request.end();
  const fields = new DerReader(info.content);
  fields.next(tag.integer);
  const subjectName = fields.next(tag.sequence).der;
  const publicKeyInfo = fields.next(tag.sequence).der;
  fields.optional(tag.context(0));
  fields.end();
  return {
    subject: nameText(subjectName),
    subjectName,
    publicKeyInfo,
    signature: await verifySignature({ algorithm, publicKeyInfo, data: info.der, signature }),
  };
}
