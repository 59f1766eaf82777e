import { KiltError, type ErrorId } from '#shared/errors.ts';
import type { FailureName, StatusInfo } from './status.ts';

/** Status text by which a CA of ours says that the ПИН of a registration has been tried too often. */
export const registrationPinLocked = 'registration pin locked';

/**
 * What each bit of PKIFailureInfo (RFC 9810 §5.2.3) means to the user, in the order in which a refusal with several is
 * judged. `credentials`: the CA did not believe who is asking.
 */
const meanings: Readonly<Record<FailureName, ErrorId | 'credentials'>> = {
  badMessageCheck: 'credentials',
  signerNotTrusted: 'credentials',
  notAuthorized: 'credentials',

  systemUnavail: 'server-failed',
  systemFailure: 'server-failed',
  timeNotAvailable: 'server-failed',
  addInfoNotAvailable: 'server-failed',

  badTime: 'clock-differs',
  certRevoked: 'ca-signer-revoked',

  // The bank decides about these: its rules, its records, its view of this customer.
  incorrectData: 'ca-refused',
  badCertTemplate: 'ca-refused',
  badCertId: 'ca-refused',
  certConfirmed: 'ca-refused',
  transactionIdInUse: 'ca-refused',
  duplicateCertReq: 'ca-refused',
  badPOP: 'ca-refused',
  wrongAuthority: 'ca-refused',
  // The transaction is out of step: it can be begun anew.
  badRecipientNonce: 'ca-refused',
  badSenderNonce: 'ca-refused',

  // Two programs that do not understand each other; nothing that the customer typed is the reason.
  badAlg: 'ca-request-not-understood',
  badRequest: 'ca-request-not-understood',
  badDataFormat: 'ca-request-not-understood',
  missingTimeStamp: 'ca-request-not-understood',
  wrongIntegrity: 'ca-request-not-understood',
  unacceptedPolicy: 'ca-request-not-understood',
  unacceptedExtension: 'ca-request-not-understood',
  unsupportedVersion: 'ca-request-not-understood',
};

const longestReason = 300;

/** The CA's words in a form that can stand in a message or a log: one line, bounded. */
const spoken = (text: readonly string[]): string =>
  text
    .join('; ')
    .replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]+/gu, ' ')
    .slice(0, longestReason)
    .trim();

/**
 * What an authenticated refusal means to the user.
 *
 * @param byRegistrationData whether the request stood on the customer's registration data, so that these may be wrong
 * @param accepted the CA had taken the request to decide about it, and so has understood it: the refusal is its decision
 * @returns KiltError `registration-pin-locked`, `registration-data-refused`, `server-failed`, `clock-differs`,
 *   `ca-signer-revoked`, `ca-request-not-understood` or `ca-refused`, each with `reason` (the CA's words) and `failure`
 *   (PKIFailureInfo names)
 */
export function refusalError(status: StatusInfo, byRegistrationData: boolean, accepted = false): KiltError {
  const reason = spoken(status.text);
  const data = { reason, failure: status.failures.join(',') };
  if (byRegistrationData && reason.toLowerCase().includes(registrationPinLocked)) {
    return new KiltError('registration-pin-locked', data);
  }
  const [failure] = Object.keys(meanings).filter((name) => status.failures.some((told) => told === name));
  const meaning = failure === undefined ? 'ca-refused' : meanings[failure as FailureName];
  if (accepted && meaning === 'ca-request-not-understood') return new KiltError('ca-refused', data);
  if (meaning !== 'credentials') return new KiltError(meaning, data);
  return new KiltError(byRegistrationData ? 'registration-data-refused' : 'ca-refused', data);
}
