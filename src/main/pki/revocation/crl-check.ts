import type { CertificateInfo } from '../certificate.ts';
import { sameName } from '../distinguished-name.ts';
import type { GeneralName } from '../general-name.ts';
import { verifySignature } from '../signature.ts';
import type { Crl } from './crl.ts';
import { crlDistributionNames, type CrlScope } from './distribution-points.ts';
import type { RevocationReason } from './reason.ts';

/** Why a CRL tells nothing about a certificate. */
export type CrlFault =
  | 'malformed'
  /** It is another CA's list. */
  | 'other-issuer'
  | 'signature-invalid'
  | 'algorithm-unsupported'
  /** The issuer's keyUsage leaves cRLSign out. */
  | 'signer-not-entitled'
  | 'not-yet-valid'
  /** nextUpdate has passed, or there is none. */
  | 'stale'
  /** A delta CRL or an indirect one: neither is made use of. */
  | 'kind-unsupported'
  | 'critical-extension'
  /** The list is about other certificates or only some reasons (issuingDistributionPoint). */
  | 'out-of-scope';

export type CrlFinding =
  | { readonly state: 'good' }
  | { readonly state: 'revoked'; readonly since: Date; readonly reason: RevocationReason }
  | { readonly state: 'unusable'; readonly fault: CrlFault };

/** How far this computer's clock may be behind the CA's. */
const clockToleranceMs = 10 * 60_000;

/**
 * Whether a CRL is what a CA says at a moment (RFC 5280 §6.3.3): its name, signature, right to sign lists, dates.
 *
 * @param issuer a certificate that is trusted already
 */
export async function checkCrl(crl: Crl, issuer: CertificateInfo, at: Date): Promise<CrlFault | undefined> {
  if (!sameName(crl.issuerName, issuer.subjectName)) return 'other-issuer';
  if (crl.isDelta || crl.scope?.indirect) return 'kind-unsupported';
  if (crl.notUnderstood) return 'critical-extension';
  if (issuer.keyUsage && !issuer.keyUsage.includes('cRLSign')) return 'signer-not-entitled';
  if (crl.thisUpdate.getTime() > at.getTime() + clockToleranceMs) return 'not-yet-valid';
  if (!crl.nextUpdate || crl.nextUpdate < at) return 'stale';
  const signature = await verifySignature({
    algorithm: crl.signatureAlgorithm,
    publicKeyInfo: issuer.publicKeyInfo,
    data: crl.tbs,
    signature: crl.signature,
  });
  if (signature === 'valid') return undefined;
  return signature === 'invalid' ? 'signature-invalid' : 'algorithm-unsupported';
}

/**
 * What a checked CRL says about a certificate of its issuer.
 *
 * An entry that was taken off the list (`removeFromCRL`) is as good as none. Where the list is about some reasons only,
 * its silence proves nothing, but what it names is revoked.
 *
 * @throws DerError for an entry or distribution points that can not be read
 */
export function findInCrl(crl: Crl, certificate: CertificateInfo): CrlFinding {
  const { scope } = crl;
  if (scope && !covers(scope, certificate)) return { state: 'unusable', fault: 'out-of-scope' };
  const entry = crl.entryOf(certificate.serialNumber);
  if (entry && entry.reason !== 'removeFromCRL') {
    return { state: 'revoked', since: entry.revokedAt, reason: entry.reason };
  }
  return scope?.onlySomeReasons ? { state: 'unusable', fault: 'out-of-scope' } : { state: 'good' };
}

function covers(scope: CrlScope, certificate: CertificateInfo): boolean {
  const isAuthority = certificate.basicConstraints?.ca ?? false;
  if (scope.onlyAttributeCertificates) return false;
  if (isAuthority ? scope.onlyUserCertificates : scope.onlyAuthorityCertificates) return false;
  const { names } = scope;
  if (names === undefined) return true;
  if (names === 'unreadable') return false;
  // One of several lists of a CA: the certificate says which of them is about it (§6.3.3 (b)(2)(i)).
  return crlDistributionNames(certificate).some((name) =>
    names.some((other) => sameGeneralName(name, other)),
  );
}

const sameGeneralName = (a: GeneralName, b: GeneralName): boolean =>
  a.kind === 'uri'
    ? b.kind === 'uri' && a.text === b.text
    : a.kind === 'directory' && b.kind === 'directory' && sameName(a.name, b.name);
