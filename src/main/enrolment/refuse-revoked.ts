import { isKiltError } from '#shared/errors.ts';
import type { CmpOutcome, CmpProtection } from '#main/pki/cmp/client.ts';
import { revocationError, underBank } from './certificate-question.ts';
import type { EnrolmentContext } from './enrolment-context.ts';

/**
 * A certificate that is revoked already is never stored, and the CA is told that it is not taken. One that can not be
 * checked although the bank wants it is asked for again later: the CA recognises the transaction.
 *
 * @throws KiltError `certificate-revoked`, `certificate-suspended`, `revocation-unknown`
 */
export async function refuseRevoked(
  context: EnrolmentContext,
  { certificate, chain, state }: Extract<CmpOutcome, { status: 'issued' }>,
  protection: CmpProtection,
): Promise<void> {
  const error = revocationError(
    await context.services.trust.judge(underBank(context.bank, certificate, chain)),
  );
  if (error && !isKiltError(error, 'revocation-unknown')) {
    // Whether the CA hears of it changes nothing for the user.
    await context.cmp.confirm(state, protection, { accept: false, reason: 'revoked' }).catch(() => undefined);
  }
  if (error) throw error;
}
