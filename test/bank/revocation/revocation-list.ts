import { bitString, context, der, integer, octetString, oid, sequence } from '../asn1/der.ts';
import { oids } from '../asn1/oids.ts';
import type { Revocation, RevocationReason } from '../records/bank-event.ts';
import type { RevocationIssuer } from './revocation-issuer.ts';

/** CRLReason (RFC 5280 §5.3.1). */
export const reasonCodes: Readonly<Record<RevocationReason, number>> = {
  unspecified: 0,
  keyCompromise: 1,
  affiliationChanged: 3,
  superseded: 4,
  cessationOfOperation: 5,
  certificateHold: 6,
};
const utcTimeTag = 0x17;
const enumeratedTag = 0x0a;

export const enumerated = (number: number) => der(enumeratedTag, Uint8Array.of(number));
const utcTime = (at: Date) =>
  der(
    utcTimeTag,
    Buffer.from(
      at
        .toISOString()
        .replace(/[-:T]|\.\d+/g, '')
        .slice(2),
    ),
  );
const extension = (id: string, value: Uint8Array) => sequence(oid(id), octetString(value));

const entry = ({ serialNumber, since, reason }: Revocation): Uint8Array =>
  sequence(
    serialNumber,
    utcTime(new Date(since)),
    // RFC 5280 §5.3.1: an unspecified reason is left out.
    ...(reason === 'unspecified'
      ? []
      : [sequence(extension(oids.reasonCode, enumerated(reasonCodes[reason])))]),
  );

/** A complete CRL of one CA, version 2. Returns its DER. */
export function revocationList(
  issuer: RevocationIssuer,
  revocations: readonly Revocation[],
  { thisUpdate, nextUpdate }: { thisUpdate: Date; nextUpdate: Date },
): Uint8Array {
  const tbs = sequence(
    integer(1),
    issuer.algorithm,
    issuer.subject,
    utcTime(thisUpdate),
    utcTime(nextUpdate),
    // An empty list is absent, not empty (RFC 5280 §5.1.2.6).
    ...(revocations.length === 0 ? [] : [sequence(...revocations.map(entry))]),
    context(
      0,
      sequence(
        extension(oids.authorityKeyIdentifier, sequence(der(0x80, issuer.keyIdentifier))),
        extension(oids.crlNumber, integer(Math.floor(thisUpdate.getTime() / 1000))),
      ),
    ),
  );
  return sequence(tbs, issuer.algorithm, bitString(issuer.sign(tbs)));
}
