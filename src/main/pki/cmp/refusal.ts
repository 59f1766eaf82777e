import { KiltError } from '#shared/errors.ts';
import type { FailureName, StatusInfo } from './status.ts';

/** Status text by which a CA of ours says that the ПИН of a registration has been tried too often. */
export const registrationPinLocked = 'registration pin locked';

/** The CA did not believe who is asking. */
const credentialFailures: readonly FailureName[] = ['badMessageCheck', 'signerNotTrusted', 'notAuthorized'];
const serverFailures: readonly FailureName[] = ['systemUnavail', 'systemFailure'];

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
 * @returns KiltError `registration-pin-locked`, `registration-data-refused`, `server-failed` or `ca-refused`, each with
 *   `reason` (the CA's words) and `failure` (PKIFailureInfo names)
 */
export function refusalError(status: StatusInfo, byRegistrationData: boolean): KiltError {
  const reason = spoken(status.text);
  const data = { reason, failure: status.failures.join(',') };
  const among = (names: readonly FailureName[]) => status.failures.some((name) => names.includes(name));
  if (byRegistrationData && reason.toLowerCase().includes(registrationPinLocked)) {
    return new KiltError('registration-pin-locked', data);
  }
  if (byRegistrationData && among(credentialFailures))
    return new KiltError('registration-data-refused', data);
  if (among(serverFailures)) return new KiltError('server-failed', data);
  return new KiltError('ca-refused', data);
}
