import { randomBytes } from 'node:crypto';
import {
  bitString,
  context,
  der,
  generalizedTime,
  integer,
  namedBits,
  nullValue,
  octetString,
  sequence,
  tags,
  utf8String,
} from '../asn1/der.ts';
import { bodyType } from './pki-message.ts';
import type { AnswerProtection } from './protection.ts';
import { failure, type FailureName } from './refusal.ts';

/** PKIStatus (RFC 9810 §5.2.3). */
const status = { grantedWithMods: 1, rejection: 2, waiting: 3 } as const;

export interface AnswerBody {
  readonly type: number;
  readonly value: Uint8Array;
}

export function statusInfo(number: number, text?: string, reason?: FailureName): Uint8Array {
  const parts = [integer(number)];
  if (text !== undefined) parts.push(sequence(utf8String(text)));
  if (reason !== undefined) parts.push(namedBits(failure[reason]));
  return sequence(...parts);
}

export type RequestType = typeof bodyType.ir | typeof bodyType.cr | typeof bodyType.kur;
export type CertificateAnswer = typeof bodyType.ip | typeof bodyType.cp | typeof bodyType.kup;

/** Which answer belongs to which request. */
export const answerTo = {
  [bodyType.ir]: bodyType.ip,
  [bodyType.cr]: bodyType.cp,
  [bodyType.kur]: bodyType.kup,
} as const satisfies Record<RequestType, CertificateAnswer>;

/**
 * CertRepMessage with a certificate. The status is always `grantedWithMods`: the subject is the one of the bank's
 * records, whatever was asked for.
 */
export function certificateBody(
  type: CertificateAnswer,
  requestId: number,
  certificate: Uint8Array,
  caCertificates: readonly Uint8Array[],
): AnswerBody {
  const response = sequence(
    integer(requestId),
    statusInfo(status.grantedWithMods),
    sequence(context(0, certificate)),
  );
  const caPubs = caCertificates.length > 0 ? [context(1, sequence(...caCertificates))] : [];
  return { type, value: sequence(...caPubs, sequence(response)) };
}

export const waitingBody = (type: CertificateAnswer, requestId: number): AnswerBody => ({
  type,
  value: sequence(
    sequence(sequence(integer(requestId), statusInfo(status.waiting, 'waiting for the bank to approve'))),
  ),
});

export const rejectionBody = (
  type: CertificateAnswer,
  requestId: number,
  text: string,
  reason: FailureName,
): AnswerBody => ({
  type,
  value: sequence(sequence(sequence(integer(requestId), statusInfo(status.rejection, text, reason)))),
});

export const pollBody = (requestId: number, checkAfterSeconds: number): AnswerBody => ({
  type: bodyType.pollRep,
  value: sequence(sequence(integer(requestId), integer(checkAfterSeconds))),
});

export const confirmedBody: AnswerBody = { type: bodyType.pkiConf, value: nullValue() };

export const errorBody = (text: string, reason: FailureName): AnswerBody => ({
  type: bodyType.error,
  value: sequence(statusInfo(status.rejection, text, reason)),
});

export interface AnswerHeader {
  /** Name, DER. */
  readonly sender: Uint8Array;
  /** GeneralName, DER: the sender of the request. */
  readonly recipient: Uint8Array;
  readonly senderKeyId: Uint8Array;
  readonly transactionId: Uint8Array | undefined;
  readonly recipientNonce: Uint8Array | undefined;
  readonly at: Date;
}

/** Encodes and protects an answer (RFC 9810 §5.1.1). pvno is 2, as nothing of version 3 is used. */
export function encodeAnswer(
  header: AnswerHeader,
  body: AnswerBody,
  protection: AnswerProtection,
  extraCertificates: readonly Uint8Array[],
): Uint8Array {
  const octets = (number: number, bytes: Uint8Array | undefined) =>
    bytes ? [context(number, octetString(bytes))] : [];
  const headerDer = sequence(
    integer(2),
    context(4, header.sender),
    header.recipient,
    context(0, generalizedTime(header.at)),
    context(1, protection.algorithm),
    ...octets(2, header.senderKeyId),
    ...octets(4, header.transactionId),
    ...octets(5, randomBytes(16)),
    ...octets(6, header.recipientNonce),
  );
  const bodyDer = context(body.type, body.value);
  return der(
    tags.sequence,
    headerDer,
    bodyDer,
    context(0, bitString(protection.protect(sequence(headerDer, bodyDer)))),
    ...(extraCertificates.length > 0 ? [context(1, sequence(...extraCertificates))] : []),
  );
}
