import { createHash } from 'node:crypto';
import { equalBytes, type DerBytes } from '#shared/bytes.ts';
import { DerError, members, parseDer } from '../asn1.ts';
import { parseCertificate, type CertificateInfo } from '../certificate.ts';
import { verifyPath, type PathFailure } from '../certificate-path.ts';
import { isNameOf, sameName } from '../distinguished-name.ts';
import { hashOfSignature } from '../signature.ts';

export type IssuedCertificateAnswer =
  | {
      readonly usable: true;
      /** Issuers, nearest first, without the anchor. */
      readonly chain: readonly DerBytes[];
    }
  | { readonly usable: false; readonly reason: 'another-key' | 'another-name' | PathFailure };

/**
 * How far the customer's clock may be behind the CA's. Without it every second computer would refuse a certificate that
 * is a minute old.
 */
const clockToleranceMs = 10 * 60_000;

/**
 * Whether an issued certificate is for our key and name, leads to the bank's anchors, is valid now and may sign.
 *
 * A CA that makes another subject of it says so (`grantedWithMods`, RFC 9810 §5.2.3); one that does not must mean the
 * person that was asked for. Nobody is given a CA's certificate, nor its issuer's name.
 */
export async function checkIssuedCertificate(issued: {
  readonly certificate: DerBytes;
  readonly publicKeyInfo: Uint8Array;
  /** DER Name that was asked for. */
  readonly subject: Uint8Array;
  /** The CA says that it has changed what was asked for. */
  readonly modified: boolean;
  readonly intermediates: readonly DerBytes[];
  readonly anchors: readonly DerBytes[];
  readonly now: Date;
}): Promise<IssuedCertificateAnswer> {
  let certificate: CertificateInfo;
  try {
    certificate = parseCertificate(issued.certificate);
  } catch (error) {
    if (error instanceof DerError) return { usable: false, reason: 'malformed' };
    throw error;
  }
  if (!equalBytes(certificate.publicKeyInfo, issued.publicKeyInfo)) {
    return { usable: false, reason: 'another-key' };
  }
  if (certificate.basicConstraints?.ca) return { usable: false, reason: 'usage' };
  if (!isNameFor(certificate, issued)) return { usable: false, reason: 'another-name' };
  const ahead = certificate.notBefore.getTime() - issued.now.getTime();
  const path = await verifyPath({
    leaf: issued.certificate,
    intermediates: issued.intermediates,
    anchors: issued.anchors,
    at: ahead > 0 && ahead <= clockToleranceMs ? certificate.notBefore : issued.now,
    usage: { keyUsage: ['digitalSignature', 'nonRepudiation'] },
  });
  if (!path.trusted) return { usable: false, reason: path.reason };
  return { usable: true, chain: path.path.slice(1, -1).map(({ der }) => der) };
}

function isNameFor(
  { subjectName, issuerName }: CertificateInfo,
  issued: { readonly subject: Uint8Array; readonly modified: boolean },
): boolean {
  if (members(parseDer(subjectName)).length === 0 || sameName(subjectName, issuerName)) return false;
  return issued.modified || isNameOf(subjectName, issued.subject);
}

/**
 * certHash of a CertStatus: by the hash of the certificate's signature algorithm (RFC 4210 §5.3.18); SHA-256 where that
 * one is unknown, which only a certificate about to be rejected can have.
 */
export function certificateHash(certificate: DerBytes): Uint8Array {
  let hash: ReturnType<typeof hashOfSignature>;
  try {
    hash = hashOfSignature(parseCertificate(certificate).signatureAlgorithm);
  } catch (error) {
    if (!(error instanceof DerError)) throw error;
  }
  return hash ? hash(certificate) : createHash('sha256').update(certificate).digest();
}
