import { createPublicKey, verify } from 'node:crypto';
import {
  bitStringBytes,
  contextTag,
  DerError,
  expectTag,
  insideOf,
  membersOf,
  oidText,
  sequence,
  smallInteger,
  tags,
  utf8Text,
  type DerValue,
} from '../asn1/der.ts';
import { oids } from '../asn1/oids.ts';
import { nameValue } from './name.ts';
import { CmpRefusal } from './refusal.ts';
import { signatureHash } from './protection.ts';

/** The one CertReqMsg of an `ir` or `cr` (RFC 4211 §3). */
export interface CertificateRequest {
  /** CertRequest as received: what the proof of possession is over. */
  readonly whole: Uint8Array;
  readonly id: number;
  /** UID of the subject asked for, if there is one. */
  readonly userId: string | undefined;
  /** Subject name asked for, DER. */
  readonly subject: Uint8Array | undefined;
  /** SubjectPublicKeyInfo, DER. */
  readonly publicKey: Uint8Array;
  /** Value of the regToken control (RFC 4211 §6.1): the ПИН. */
  readonly registrationToken: string | undefined;
  readonly proof: DerValue | undefined;
}

/**
 * Reads CertReqMessages that hold exactly one request, as the Lightweight Profile has it (RFC 9483 §4.1.1).
 *
 * @throws DerError where the structure is broken, CmpRefusal where it is sound but asks for what this CA does not do
 */
export function readCertificateRequest(body: DerValue): CertificateRequest {
  const [message, ...others] = membersOf(body, tags.sequence);
  if (!message || others.length > 0) throw new CmpRefusal('badRequest', 'one certificate request a message');
  const [request, proof] = membersOf(message, tags.sequence);
  if (!request) throw new DerError('request message without request');
  const [id, template, controls] = membersOf(request, tags.sequence);
  const fields = membersOf(expectTag(template, tags.sequence));
  // CertTemplate: [5] subject (a CHOICE, hence explicit), [6] publicKey IMPLICIT SubjectPublicKeyInfo.
  const subjectField = fields.find((field) => field.tag === contextTag(5));
  const keyField = fields.find((field) => field.tag === contextTag(6));
  if (!keyField) throw new CmpRefusal('badCertTemplate', 'request without public key');
  const subject = subjectField && insideOf(subjectField);
  return {
    whole: request.whole,
    id: smallInteger(id),
    userId: subject && nameValue(subject, oids.userId),
    subject: subject?.whole,
    publicKey: sequence(keyField.content),
    registrationToken: controls && registrationTokenIn(controls),
    proof,
  };
}

function registrationTokenIn(controls: DerValue): string | undefined {
  for (const control of membersOf(controls, tags.sequence)) {
    const [type, value] = membersOf(control, tags.sequence);
    if (oidText(type) === oids.registrationToken) return utf8Text(value);
  }
  return undefined;
}

/**
 * Checks the key and that the sender holds its private half (RFC 4211 §4.1): an RSA key of 2048–4096 bits, and a
 * signature over the request made with it.
 *
 * @throws CmpRefusal `badCertTemplate`, `badPop`, `badAlg`
 */
export function checkPossession(request: CertificateRequest): void {
  const key = rsaKey(request.publicKey);
  // ProofOfPossession: [1] POPOSigningKey { poposkInput [0] OPTIONAL, algorithmIdentifier, signature }
  if (request.proof?.tag !== contextTag(1)) throw new CmpRefusal('badPop', 'proof of possession is missing');
  const members = membersOf(request.proof);
  if (members[0]?.tag === contextTag(0)) {
    throw new CmpRefusal('badPop', 'proof must be over the request itself');
  }
  const [algorithm, signature] = members;
  const hash = signatureHash(algorithm);
  if (!verify(hash, request.whole, key, bitStringBytes(signature))) {
    throw new CmpRefusal('badPop', 'proof of possession is wrong');
  }
}

function rsaKey(publicKey: Uint8Array) {
  let key;
  try {
    key = createPublicKey({ key: Buffer.from(publicKey), format: 'der', type: 'spki' });
  } catch {
    throw new CmpRefusal('badCertTemplate', 'public key is unreadable');
  }
  const bits = key.asymmetricKeyDetails?.modulusLength ?? 0;
  const exponent = key.asymmetricKeyDetails?.publicExponent ?? 0n;
  if (key.asymmetricKeyType !== 'rsa' || bits < 2048 || bits > 4096 || exponent < 65537n) {
    throw new CmpRefusal('badCertTemplate', 'RSA key of 2048 to 4096 bits expected');
  }
  return key;
}
