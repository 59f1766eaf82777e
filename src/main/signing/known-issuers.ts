import { asDer, type DerBytes } from '#shared/bytes.ts';
import { DerError } from '#main/pki/asn1.ts';
import { parseCertificate, sameName, type CertificateInfo } from '#main/pki/x509.ts';

/** Issuers above a certificate. Real chains have one to three. */
const longestChain = 6;

/**
 * The intermediate authorities above a certificate, nearest first, so that whoever has the root alone can follow them.
 * Chosen by name: who checks the signature checks them too.
 */
export function intermediatesAbove(certificate: CertificateInfo, pool: readonly DerBytes[]): DerBytes[] {
  const known = pool.flatMap((der) => parsedOrNone(der));
  const chain: CertificateInfo[] = [];
  for (let current = certificate; chain.length < longestChain;) {
    const wanted = current.issuerName;
    const issuer = known.find(
      (one) => sameName(one.subjectName, wanted) && !sameName(one.subjectName, one.issuerName),
    );
    if (!issuer || chain.includes(issuer)) break;
    chain.push(issuer);
    current = issuer;
  }
  return chain.map(({ der }) => der);
}

export const certificateFromBase64 = (text: string): DerBytes =>
  asDer(new Uint8Array(Buffer.from(text, 'base64')));

function parsedOrNone(der: DerBytes): readonly CertificateInfo[] {
  try {
    return [parseCertificate(der)];
  } catch (error) {
    if (error instanceof DerError) return [];
    throw error;
  }
}
