import { DerError } from '#main/pki/asn1.ts';
import type { CertificateInfo } from '#main/pki/certificate.ts';
import { crlAddresses, ocspAddresses } from '#main/pki/revocation/distribution-points.ts';
import type { RevocationRules } from './revocation-policy.ts';

export interface RevocationSources {
  readonly ocsp: readonly string[];
  readonly crls: readonly string[];
}

/**
 * Whom to ask about a certificate: those whom the bank's file names, and of those whom the certificate names the ones
 * at origins that the file allows. The bank's responder answers for customers; about a CA its lists are asked.
 */
export function revocationSources(certificate: CertificateInfo, policy: RevocationRules): RevocationSources {
  const isAuthority = certificate.basicConstraints?.ca ?? false;
  const own = policy.ocsp && !isAuthority ? [policy.ocsp.url] : [];
  return {
    ocsp: unique([...own, ...allowed(ocspAddresses, certificate, policy)]),
    crls: unique([...policy.crls, ...allowed(crlAddresses, certificate, policy)]),
  };
}

const mostFromCertificate = 4;

function allowed(
  read: (certificate: CertificateInfo) => readonly string[],
  certificate: CertificateInfo,
  { fromCertificates }: RevocationRules,
): readonly string[] {
  if (fromCertificates.length === 0) return [];
  let named: readonly string[];
  try {
    named = read(certificate);
  } catch (error) {
    if (error instanceof DerError) return [];
    throw error;
  }
  return named.filter((address) => isAt(address, fromCertificates)).slice(0, mostFromCertificate);
}

/** Equality of whole origins: scheme, host and port, and no name or password in front of the host. */
function isAt(address: string, origins: readonly string[]): boolean {
  if (!URL.canParse(address)) return false;
  const { origin, username, password } = new URL(address);
  return username === '' && password === '' && origins.includes(origin);
}

const unique = (addresses: readonly string[]): readonly string[] => [...new Set(addresses)];
