import { integer, sequence, utf8String } from '../asn1/der.ts';
import { certificateParts } from '../authority/certificate.ts';
import type { BankRecords } from '../records/bank-records.ts';
import { bodyType, type PkiMessage } from './pki-message.ts';
import { CmpRefusal } from './refusal.ts';
import { statusInfo, type AnswerBody } from './answer.ts';
import { namesRevoked, readRevocationRequest } from './revocation-request.ts';
import type { Sender } from './sender.ts';

const accepted = 0;
const rejection = 2;

const answer = (status: Uint8Array): AnswerBody => ({
  type: bodyType.rp,
  value: sequence(sequence(status)),
});

/**
 * `rr`: a customer revokes one of the certificates that this bank has issued to her, with the confirmed signature key,
 * be it the very one that is revoked (RFC 9483 §4.2). Written down before it is answered.
 *
 * @throws DerError
 */
export function revokeOnRequest(
  { records, now }: { readonly records: BankRecords; readonly now: () => Date },
  message: PkiMessage,
  sender: Sender,
): AnswerBody {
  try {
    if (sender.by !== 'signature' || records.enrolment(sender.enrolment)?.status !== 'confirmed') {
      throw new CmpRefusal('notAuthorized', 'a revocation needs the confirmed signature certificate');
    }
    const request = readRevocationRequest(message.body.value);
    const certificate = records
      .enrolmentsOf(sender.customer.userId)
      .flatMap((enrolment) => enrolment.certificate ?? [])
      .find((one) => namesRevoked(request, Buffer.from(one, 'base64')));
    if (certificate === undefined) {
      throw new CmpRefusal('badCertId', 'the sender has no such certificate');
    }
    const at = now().toISOString();
    const known = revocationOf(records, Buffer.from(certificate, 'base64'));
    if (request.reason === 'removeFromCRL') {
      if (known?.reason !== 'certificateHold') {
        throw new CmpRefusal('badRequest', 'the certificate is not suspended');
      }
      refuseRevokedSender(records, sender.certificate);
      records.record({ kind: 'certificate-reinstated', at, certificate });
    } else {
      if (known) throw new CmpRefusal('certRevoked', 'the certificate is revoked already');
      refuseRevokedSender(records, sender.certificate);
      records.record({ kind: 'certificate-revoked', at, certificate, reason: request.reason });
    }
    return answer(sequence(integer(accepted), sequence(utf8String('done'))));
  } catch (error) {
    if (!(error instanceof CmpRefusal)) throw error;
    return answer(statusInfo(rejection, error.message, error.failure));
  }
}

const revocationOf = (records: BankRecords, certificate: Uint8Array) =>
  records.revocationOf(certificateParts(certificate).serialNumber);

/** @throws CmpRefusal `signerNotTrusted` */
export function refuseRevokedSender(records: BankRecords, certificate: Uint8Array): void {
  if (revocationOf(records, certificate)) {
    throw new CmpRefusal('signerNotTrusted', 'certificate of the signer is revoked');
  }
}
