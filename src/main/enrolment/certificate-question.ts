import type { DerBytes } from '#shared/bytes.ts';
import { KiltError } from '#shared/errors.ts';
import { certificatesFromPem } from '#main/pki/x509.ts';
import type { TrustQuestion, TrustVerdict } from '#main/trust/verdict.ts';
import type { BankSystem } from './bank-system.ts';

/**
 * Asks `CertificateTrust` about a certificate under a bank's roots, as the bank's file wants it asked.
 *
 * @param intermediates what came with the certificate; CAs that the file knows are added
 */
export const underBank = (
  bank: BankSystem,
  certificate: DerBytes,
  intermediates: readonly DerBytes[] = [],
): TrustQuestion => ({
  certificate,
  intermediates: [...intermediates, ...(bank.revocation?.authorities ?? []).flatMap(certificatesFromPem)],
  anchors: bank.ca.anchors.flatMap(certificatesFromPem),
  policy: bank.revocation,
  tlsAnchors: bank.api.tlsAnchors,
});

/** The same about a NUC signature, under the national authority's certificates that the bank goes by. */
export const underNationalAuthority = (bank: BankSystem, certificate: DerBytes): TrustQuestion => {
  const anchors = (bank.national?.anchors ?? []).flatMap(certificatesFromPem);
  const authorities = bank.national?.revocation?.authorities ?? [];
  return {
    certificate,
    intermediates: [...anchors, ...authorities.flatMap(certificatesFromPem)],
    anchors,
    policy: bank.national?.revocation,
    tlsAnchors: bank.api.tlsAnchors,
  };
};

/**
 * What a verdict about revocation means for the user: `certificate-revoked` or `certificate-suspended` {since, reason},
 * `revocation-unknown` {reason, host}. Nothing where the certificate may be used, or where it fails for another reason,
 * which is for the caller to tell.
 */
export function revocationError(verdict: TrustVerdict): KiltError | undefined {
  if (verdict.trusted) return undefined;
  const { reason, revocation } = verdict;
  if (revocation.state === 'revoked' || revocation.state === 'suspended') {
    return new KiltError(`certificate-${revocation.state}`, {
      since: revocation.since.toISOString(),
      reason: revocation.reason,
    });
  }
  if (reason !== 'revocation-unknown' || revocation.state !== 'unknown') return undefined;
  const { why, fault, url } = revocation;
  return new KiltError('revocation-unknown', {
    reason: fault === undefined ? why : `${why} (${fault})`,
    ...(url === undefined ? {} : { host: new URL(url).host }),
  });
}
