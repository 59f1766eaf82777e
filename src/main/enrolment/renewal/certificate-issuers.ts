import type { DerBytes } from '#shared/bytes.ts';
import { sameName } from '#main/pki/distinguished-name.ts';
import { certificatesFromPem, parseCertificate } from '#main/pki/x509.ts';
import type { BankSystem } from '../bank-system.ts';

/** A path longer than any that is used. */
const longestPath = 4;

/** Issuers of a customer's certificate that the bank's file knows, nearest first, without the root. */
export function issuersOf(certificate: DerBytes, bank: BankSystem): readonly DerBytes[] {
  const pool = (bank.revocation?.authorities ?? []).flatMap(certificatesFromPem).map(parseCertificate);
  const found: DerBytes[] = [];
  let { issuerName } = parseCertificate(certificate);
  while (found.length < longestPath) {
    const issuer = pool.find(
      ({ subjectName, der }) => sameName(subjectName, issuerName) && !found.includes(der),
    );
    if (!issuer) break;
    found.push(issuer.der);
    issuerName = issuer.issuerName;
  }
  return found;
}
