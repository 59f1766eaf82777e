import { createPublicKey, verify } from 'node:crypto';
import { equalBytes } from '#shared/bytes.ts';
import { certificateParts } from '../authority/certificate.ts';
import {
  bitStringBytes,
  contextTag,
  DerError,
  expectTag,
  insideOf,
  membersOf,
  oidText,
  readDer,
  sequence,
  smallInteger,
  tags,
  utf8Text,
  type DerValue,
} from '../asn1/der.ts';
import { oids } from '../asn1/oids.ts';
import { nameValue, sameName } from './name.ts';
import { CmpRefusal } from './refusal.ts';
import { signatureHash } from './protection.ts';

/** The one CertReqMsg of an `ir`, `cr` or `kur` (RFC 4211 §3). */
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
  /** Value of the oldCertId control (RFC 4211 §6.5): CertId of the certificate to replace. */
  readonly oldCertificateId: DerValue | undefined;
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
    registrationToken: utf8TextOf(controlIn(controls, oids.registrationToken)),
    oldCertificateId: controlIn(controls, oids.oldCertificateId),
    proof,
  };
}

const utf8TextOf = (value: DerValue | undefined): string | undefined => value && utf8Text(value);

function controlIn(controls: DerValue | undefined, wanted: string): DerValue | undefined {
  for (const control of controls ? membersOf(controls, tags.sequence) : []) {
    const [type, value] = membersOf(control, tags.sequence);
    if (oidText(type) === wanted) return value;
  }
  return undefined;
}

/** Whether a CertId (RFC 4211 §6.5: issuer as GeneralName, serial number) names this certificate. */
export function namesCertificate(certificateId: DerValue, certificate: Uint8Array): boolean {
  const { issuer, serialNumber } = certificateParts(certificate);
  const [name, number] = membersOf(certificateId, tags.sequence);
  return (
    name?.tag === contextTag(4) &&
    sameName(insideOf(name), readDer(issuer)) &&
    number !== undefined &&
    equalBytes(number.whole, serialNumber)
  );
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
