import { equalBytes } from '#shared/bytes.ts';
import type { CertificateInfo } from '#main/pki/certificate.ts';
import { sameName, verifySignature } from '#main/pki/x509.ts';

export interface PoolCertificate {
  readonly certificate: CertificateInfo;
  readonly from: 'token' | 'bank';
}

/** Issuers above a certificate. Real chains have one to three. */
const longestChain = 6;

/**
 * The issuers of a certificate, from its own up, for showing. What may be trusted is decided elsewhere, by
 * `verifyPath`; here a certificate that has run out still has its place.
 *
 * @returns `complete` when the last one is its own issuer, or an anchor of a bank
 */
export async function chainOf(
  certificate: CertificateInfo,
  pool: readonly PoolCertificate[],
): Promise<{ readonly chain: readonly PoolCertificate[]; readonly complete: boolean }> {
  const chain: PoolCertificate[] = [];
  for (let current = certificate; ;) {
    const last = chain.at(-1);
    if (last?.from === 'bank' || sameName(current.subjectName, current.issuerName)) {
      return { chain, complete: true };
    }
    const issuer = chain.length < longestChain ? await issuerOf(current, pool, chain) : undefined;
    if (!issuer) return { chain, complete: false };
    chain.push(issuer);
    current = issuer.certificate;
  }
}

async function issuerOf(
  subject: CertificateInfo,
  pool: readonly PoolCertificate[],
  chain: readonly PoolCertificate[],
): Promise<PoolCertificate | undefined> {
  const candidates = pool.filter(
    ({ certificate }) =>
      sameName(certificate.subjectName, subject.issuerName) &&
      !chain.some((one) => equalBytes(one.certificate.der, certificate.der)),
  );
  for (const candidate of candidates) if (await hasSigned(candidate.certificate, subject)) return candidate;
  return undefined;
}

async function hasSigned(issuer: CertificateInfo, subject: CertificateInfo): Promise<boolean> {
  const signature = await verifySignature({
    algorithm: subject.signatureAlgorithm,
    publicKeyInfo: issuer.publicKeyInfo,
    data: subject.tbs,
    signature: subject.signature,
  });
  if (signature !== 'unsupported') return signature === 'valid';
  // GOST can not be computed here: the key identifiers have to do (RFC 5280 §4.2.1.1).
  const [authority, key] = [subject.authorityKeyIdentifier, issuer.subjectKeyIdentifier];
  return authority === undefined || key === undefined || equalBytes(authority, key);
}
