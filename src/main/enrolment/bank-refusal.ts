import type { z } from 'zod';
import { KiltError, type ErrorId } from '#shared/errors.ts';
import type { bankFailure } from './bank-protocol.ts';

/** What was asked of the bank, by the id of its plain refusal. */
type Refusal = 'bank-refused' | 'sign-in-refused';

/** Reasons of a bank's API after which the user does something else than call the bank. */
const meanings: Readonly<Partial<Record<string, ErrorId | Partial<Record<Refusal, ErrorId>>>>> = {
  'challenge-expired': { 'sign-in-refused': 'sign-in-late' },
  'certificate-expired': { 'sign-in-refused': 'sign-in-certificate-ended' },
  'certificate-revoked': 'certificate-revoked',
  'request-stale': 'clock-differs',
  'too-many-requests': 'server-failed',
};

/**
 * What the bank's refusal means to the user.
 *
 * @returns KiltError with `reason` (the bank's words) and `httpStatus`: `sign-in-late`, `sign-in-certificate-ended`, `certificate-revoked`,
 *   `clock-differs`, `server-failed`, or `refusal` for every reason that is not known
 */
export function bankRefusal(
  { error, message }: z.infer<typeof bankFailure>,
  httpStatus: number,
  refusal: Refusal,
): KiltError {
  const meaning = Object.hasOwn(meanings, error) ? meanings[error] : undefined;
  const id = typeof meaning === 'object' ? meaning[refusal] : meaning;
  return new KiltError(id ?? refusal, { reason: message ?? error, httpStatus });
}
