import type { BankRecords } from '../records/bank-records.ts';
import { namesCertificate, type CertificateRequest } from './certificate-request.ts';
import { bodyType, type PkiMessage } from './pki-message.ts';
import { CmpRefusal } from './refusal.ts';
import { checkRegistrationToken, type Sender } from './sender.ts';

/**
 * Whether this sender may ask for this certificate: a first one with initial key or ПИН, a further one and an update
 * with the confirmed signature certificate, which an update replaces (RFC 9483 §4.1.1–3).
 *
 * @throws CmpRefusal
 */
export function checkRight(
  desk: Parameters<typeof checkRegistrationToken>[0],
  message: PkiMessage,
  sender: Sender,
  request: CertificateRequest,
): void {
  if (request.userId !== undefined && request.userId !== sender.customer.userId) {
    // Typically the key file of somebody else: a matter of the registration data, not of the template.
    throw new CmpRefusal('notAuthorized', 'user ID is not that of the sender');
  }
  if (message.body.type !== bodyType.ir) {
    checkSigner(desk.records, sender, request);
  } else if (sender.by === 'initial-key' || sender.by === 'national-signature') {
    const transactionId = message.transactionId ?? new Uint8Array();
    checkRegistrationToken(desk, sender.customer, transactionId, request.registrationToken);
  } else if (sender.by !== 'pin') {
    throw new CmpRefusal(
      'notAuthorized',
      'a first certificate needs the initial key, a NUC signature or the registration pin',
    );
  }
}

function checkSigner(records: BankRecords, sender: Sender, { oldCertificateId }: CertificateRequest): void {
  if (sender.by !== 'signature' || records.enrolment(sender.enrolment)?.status !== 'confirmed') {
    throw new CmpRefusal('notAuthorized', 'a further certificate needs the confirmed signature certificate');
  }
  if (oldCertificateId && !namesCertificate(oldCertificateId, sender.certificate)) {
    throw new CmpRefusal('badCertId', 'the certificate to replace is not the one that signed the request');
  }
}
