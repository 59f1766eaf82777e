import { createHash } from 'node:crypto';
import {
  bitString,
  bitStringBytes,
  context,
  contextTag,
  DerError,
  der,
  expectTag,
  generalizedTime,
  insideOf,
  membersOf,
  octetString,
  oid,
  oidText,
  readDer,
  sequence,
  tags,
  type DerValue,
} from '../asn1/der.ts';
import { oids } from '../asn1/oids.ts';
import type { Revocation } from '../records/bank-event.ts';
import type { RevocationIssuer } from './revocation-issuer.ts';
import { enumerated, reasonCodes } from './revocation-list.ts';

/** What the responder knows of a serial number (INTEGER, DER). */
export type Standing = 'good' | 'unknown' | Revocation;

const malformedRequest = () => sequence(enumerated(1));

/**
 * Answers an OCSPRequest (RFC 6960) in the name of the CA that is asked about, and with its key. Repeats the nonce. There is
 * no nextUpdate: what the officers decide is known at once.
 *
 * @param issuers CAs that are answered for, the usual one first
 * @param standing of a certificate of that CA
 */
export function answerOcsp(
  request: Uint8Array,
  issuers: readonly [RevocationIssuer, ...RevocationIssuer[]],
  standing: (serialNumber: Uint8Array) => Standing,
  thisUpdate: Date,
): Uint8Array {
  let asked: Asked;
  try {
    asked = readRequest(request);
  } catch (error) {
    if (error instanceof DerError) return malformedRequest();
    throw error;
  }
  // One answer has one signer: the CA of the first certificate that is asked about.
  const [first] = asked.certIds;
  const issuer = issuers.find((one) => first && serialOfIssuer(first, one)) ?? issuers[0];
  const responses = asked.certIds.map((certId) => {
    const serialNumber = serialOfIssuer(certId, issuer);
    return sequence(
      certId.whole,
      statusOf(serialNumber ? standing(serialNumber) : 'unknown'),
      generalizedTime(thisUpdate),
    );
  });
  const tbs = sequence(
    context(1, issuer.subject),
    generalizedTime(thisUpdate),
    sequence(...responses),
    ...(asked.nonce ? [context(1, sequence(asked.nonce))] : []),
  );
  const basic = sequence(tbs, issuer.algorithm, bitString(issuer.sign(tbs)));
  return sequence(enumerated(0), context(0, sequence(oid(oids.ocspBasic), octetString(basic))));
}

function statusOf(standing: Standing): Uint8Array {
  if (standing === 'good') return der(0x80);
  if (standing === 'unknown') return der(0x82);
  const { since, reason } = standing;
  return context(1, generalizedTime(new Date(since)), context(0, enumerated(reasonCodes[reason])));
}

interface Asked {
  readonly certIds: readonly DerValue[];
  /** The extension as it came. */
  readonly nonce: Uint8Array | undefined;
}

function readRequest(request: Uint8Array): Asked {
  const [tbs] = membersOf(readDer(request), tags.sequence);
  const fields = membersOf(expectTag(tbs, tags.sequence));
  const list = fields.find(({ tag }) => tag === tags.sequence);
  const extensions = fields.find(({ tag }) => tag === contextTag(2));
  const certIds = membersOf(expectTag(list, tags.sequence), tags.sequence).map((one) =>
    expectTag(membersOf(one)[0], tags.sequence),
  );
  const nonce = (extensions ? membersOf(insideOf(extensions), tags.sequence) : []).find(
    (one) => oidText(membersOf(one)[0]) === oids.ocspNonce,
  );
  return { certIds, nonce: nonce?.whole };
}

/** The serial number in a CertID of this issuer; undefined for another issuer's. */
function serialOfIssuer(certId: DerValue, issuer: RevocationIssuer): Uint8Array | undefined {
  const [algorithm, nameHash, keyHash, serialNumber] = membersOf(certId);
  const type = oidText(membersOf(expectTag(algorithm, tags.sequence))[0]);
  const hash = { [oids.sha1]: 'sha1', [oids.sha256]: 'sha256' }[type];
  if (hash === undefined) return undefined;
  const key = bitStringBytes(membersOf(readDer(issuer.publicKey))[1]);
  const is = (value: DerValue | undefined, bytes: Uint8Array) =>
    createHash(hash).update(bytes).digest().equals(expectTag(value, tags.octetString).content);
  const ours = is(nameHash, issuer.subject) && is(keyHash, key);
  return ours ? expectTag(serialNumber, tags.integer).whole : undefined;
}
