import { DerReader, members, parseDer, parseSequence, readBoolean, tag, type DerValue } from '../asn1.ts';
import type { CertificateInfo } from '../certificate.ts';
import { readGeneralName, readGeneralNames, type GeneralName } from '../general-name.ts';
import { oids } from '../oids.ts';

/**
 * Where a certificate says that its revocation can be asked for. Nobody has checked these addresses: whoever made the
 * certificate chose them.
 */

/** DistributionPointName: a CHOICE, hence explicit; `undefined` for the form relative to the issuer. */
const fullName = (wrapper: DerValue): readonly GeneralName[] | undefined => {
  const choice = parseDer(wrapper.content);
  return choice.tag === tag.context(0) ? readGeneralNames(choice) : undefined;
};

/** cRLDistributionPoints (RFC 5280 §4.2.1.13): the names of each point that holds all reasons. @throws DerError */
export function crlDistributionNames(certificate: CertificateInfo): readonly GeneralName[] {
  const extension = certificate.extensions.get(oids.cRLDistributionPoints);
  if (!extension) return [];
  return members(parseDer(extension.value), tag.sequence).flatMap((point) => {
    const reader = new DerReader(point.content);
    const name = reader.optional(tag.context(0));
    const onlySomeReasons = reader.optional(tag.contextPrimitive(1));
    const anotherIssuer = reader.optional(tag.context(2));
    reader.end();
    return name && !onlySomeReasons && !anotherIssuer ? (fullName(name) ?? []) : [];
  });
}

/** Addresses of CRLs in a certificate. @throws DerError */
export const crlAddresses = (certificate: CertificateInfo): readonly string[] =>
  crlDistributionNames(certificate).flatMap((name) => (name.kind === 'uri' ? name.text : []));

/** Addresses of OCSP responders in a certificate: authorityInfoAccess (RFC 5280 §4.2.2.1). @throws DerError */
export function ocspAddresses(certificate: CertificateInfo): readonly string[] {
  const extension = certificate.extensions.get(oids.authorityInfoAccess);
  if (!extension) return [];
  return members(parseDer(extension.value), tag.sequence).flatMap((description) => {
    const reader = new DerReader(description.content);
    const method = reader.oid();
    const location = readGeneralName(reader.any());
    reader.end();
    return method === oids.ocspAccess && location.kind === 'uri' ? location.text : [];
  });
}

/** issuingDistributionPoint of a CRL (RFC 5280 §5.2.5): what the list is about. */
export interface CrlScope {
  /** `unreadable`: a name relative to the issuer, which nothing here compares. */
  readonly names: readonly GeneralName[] | 'unreadable' | undefined;
  readonly onlyUserCertificates: boolean;
  readonly onlyAuthorityCertificates: boolean;
  readonly onlyAttributeCertificates: boolean;
  readonly onlySomeReasons: boolean;
  readonly indirect: boolean;
}

/** @throws DerError */
export function readCrlScope(value: Uint8Array): CrlScope {
  const reader = parseSequence(value);
  const name = reader.optional(tag.context(0));
  const flag = (n: number): boolean => {
    const found = reader.optional(tag.contextPrimitive(n));
    return found !== undefined && readBoolean(found);
  };
  const scope = {
    names: name && (fullName(name) ?? ('unreadable' as const)),
    onlyUserCertificates: flag(1),
    onlyAuthorityCertificates: flag(2),
    onlySomeReasons: reader.optional(tag.contextPrimitive(3)) !== undefined,
    indirect: flag(4),
    onlyAttributeCertificates: flag(5),
  };
  reader.end();
  return scope;
}
