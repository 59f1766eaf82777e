import { X509Certificate } from 'node:crypto';
import type { Authority } from '../authority/authority.ts';
import { certificateParts } from '../authority/certificate.ts';
import type { Purpose } from '../records/bank-event.ts';
import type { BankRecords } from '../records/bank-records.ts';
import type { Customer } from '../records/entries.ts';
import { ApiRefusal } from './api-refusal.ts';

export interface ApiSettings {
  readonly records: BankRecords;
  readonly authority: Authority;
  /** Origin of the bank, as in the `BankSystem` file. */
  readonly origin: () => string;
  readonly now: () => Date;
  /** What becomes of requests about which no officer has said anything. */
  readonly approval: 'auto' | 'manual';
}

/**
 * The customer to whom this bank issued a certificate for a purpose, confirmed by the client and valid today.
 *
 * @throws ApiRefusal `certificate-unknown`, `certificate-unconfirmed`, `certificate-revoked`, `certificate-expired`
 */
export function holderOf(
  { records, authority, now }: ApiSettings,
  certificate: Uint8Array,
  purpose: Purpose,
): Customer {
  const known = records.certificate(certificate);
  const customer = known && records.customer(known.userId);
  if (!known || !customer || known.role !== purpose || known.status === 'withdrawn') {
    throw new ApiRefusal(403, 'certificate-unknown');
  }
  if (known.status === 'unconfirmed') throw new ApiRefusal(403, 'certificate-unconfirmed');
  if (records.revocationOf(certificateParts(certificate).serialNumber)) {
    throw new ApiRefusal(403, 'certificate-revoked');
  }
  const x509 = new X509Certificate(certificate);
  if (!x509.verify(authority.issuing.publicKey)) throw new ApiRefusal(403, 'certificate-unknown');
  const today = now().getTime();
  if (today < Date.parse(x509.validFrom) || today > Date.parse(x509.validTo)) {
    throw new ApiRefusal(403, 'certificate-expired');
  }
  return customer;
}
