import { issueCertificate, type IssuerKey } from '../authority/certificate.ts';
import { strangerKeys } from '../authority/stranger.ts';
import type { FaultKind } from '../faults.ts';
import type { Customer, Enrolment } from '../records/entries.ts';

const day = 24 * 3600 * 1000;

/** What a customer's certificate lives where the bank was not told otherwise. */
export const usualCertificateDays = 365;

/** Issues what a customer asked for: the subject is that of the bank's records, from now for `days`. Returns DER. */
export function customerCertificate(
  enrolment: Enrolment,
  customer: Customer,
  issuer: IssuerKey,
  { now, days = usualCertificateDays }: { readonly now: Date; readonly days?: number },
  publicKey: Uint8Array = new Uint8Array(Buffer.from(enrolment.publicKey, 'base64')),
): Uint8Array {
  return issueCertificate(
    {
      kind: enrolment.purpose,
      subject: {
        country: 'KZ',
        organisation: customer.organisation,
        commonName: customer.name,
        userId: customer.userId,
        serialNumber: `IIN${customer.iin}`,
      },
      publicKey,
      // Customers' clocks run behind: a certificate that begins this minute would often "not yet be valid".
      notBefore: new Date(now.getTime() - day / 24),
      notAfter: new Date(now.getTime() + days * day),
    },
    issuer,
  );
}

/** What a fault sends instead: sound in all but the one thing that the client must notice. */
export function decoyCertificate(
  fault: FaultKind,
  enrolment: Enrolment,
  customer: Customer,
  issuer: IssuerKey,
  now: Date,
): Uint8Array {
  const stranger = strangerKeys();
  switch (fault) {
    case 'foreign-chain':
      return customerCertificate(enrolment, customer, stranger.issuing, { now });
    case 'certificate-for-another-holder':
      return customerCertificate(enrolment, { ...customer, userId: 'zz000000_demo' }, issuer, { now });
    default:
      return customerCertificate(enrolment, customer, issuer, { now }, stranger.publicKey);
  }
}
