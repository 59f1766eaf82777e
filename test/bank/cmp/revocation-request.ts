import {
  contextTag,
  expectTag,
  insideOf,
  membersOf,
  oidText,
  readDer,
  tags,
  type DerValue,
} from '../asn1/der.ts';
import { oids } from '../asn1/oids.ts';
import { certificateParts } from '../authority/certificate.ts';
import type { RevocationReason } from '../records/bank-event.ts';
import { reasonCodes } from '../revocation/revocation-list.ts';
import { sameName } from './name.ts';
import { CmpRefusal } from './refusal.ts';

/** The one RevDetails of an `rr` (RFC 9483 §4.2). */
export interface RevocationRequest {
  /** Name, DER. */
  readonly issuer: DerValue;
  /** INTEGER, content alone. */
  readonly serialNumber: Uint8Array;
  /** `removeFromCRL` lifts a suspension. */
  readonly reason: RevocationReason | 'removeFromCRL';
}

const enumeratedTag = 0x0a;
const removeFromCrl = 8;

/**
 * Reads RevReqContent that names exactly one certificate, by issuer and serial number, and says why.
 *
 * @throws DerError where the structure is broken, CmpRefusal where it asks for what this CA does not do
 */
export function readRevocationRequest(body: DerValue): RevocationRequest {
  const [details, ...others] = membersOf(body, tags.sequence);
  if (!details || others.length > 0) throw new CmpRefusal('badRequest', 'one certificate a message');
  const [template, extensions] = membersOf(details, tags.sequence);
  const fields = membersOf(expectTag(template, tags.sequence));
  // CertTemplate: [1] serialNumber IMPLICIT INTEGER, [3] issuer (a CHOICE, hence explicit).
  const serialNumber = fields.find(({ tag }) => tag === 0x81);
  const issuer = fields.find(({ tag }) => tag === contextTag(3));
  if (!serialNumber || !issuer) {
    throw new CmpRefusal('badCertTemplate', 'issuer and serial number of the certificate expected');
  }
  return { issuer: insideOf(issuer), serialNumber: serialNumber.content, reason: reasonIn(extensions) };
}

function reasonIn(extensions: DerValue | undefined): RevocationRequest['reason'] {
  for (const extension of extensions ? membersOf(extensions, tags.sequence) : []) {
    const [type, ...rest] = membersOf(extension, tags.sequence);
    if (oidText(type) !== oids.reasonCode) continue;
    const code = expectTag(readDer(expectTag(rest.at(-1), tags.octetString).content), enumeratedTag)
      .content[0];
    if (code === removeFromCrl) return 'removeFromCRL';
    for (const [reason, number] of Object.entries(reasonCodes)) {
      if (number === code) return reason as RevocationReason;
    }
    throw new CmpRefusal('badRequest', 'this reason is not known here');
  }
  throw new CmpRefusal('badRequest', 'a reason for the revocation is missing');
}

/** Whether a request names this certificate. */
export function namesRevoked(request: RevocationRequest, certificate: Uint8Array): boolean {
  const { issuer, serialNumber } = certificateParts(certificate);
  return (
    sameName(request.issuer, readDer(issuer)) &&
    Buffer.from(readDer(serialNumber).content).equals(request.serialNumber)
  );
}
