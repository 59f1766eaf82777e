import { isKiltError, type ErrorId, type KiltError } from '#shared/errors.ts';
import { escapeAttributeValue } from '#main/pki/distinguished-name.ts';
import type { CmpOutcome, CmpProtection } from '#main/pki/cmp/client.ts';
import type { EnrolmentFacts } from '#main/store/enrolment-facts.ts';
import { toBase64, transactionIdBytes, type EnrolmentContext } from './enrolment-context.ts';
import { newTransaction, type WhichTransaction } from './enrolment-transactions.ts';
import { pollWhenDue, waitForIssue } from './wait-for-issue.ts';

/**
 * What registration and renewal ask the certification authority alike (CMP). A transaction's identifier is in the journal
 * before its first request leaves, so that a repeated request is recognised and no second certificate is issued.
 */

export const subjectFor = ({ bank, work }: EnrolmentContext): string =>
  bank.subject.replaceAll('{userId}', () => escapeAttributeValue(work.userId));

/** `cr`: the second certificate, for the sign-in key, asked for with the first one (RFC 9483 §4.1.2). */
export async function receiveSignInCertificate(context: EnrolmentContext): Promise<Partial<EnrolmentFacts>> {
  const protection = firstCertificateProtection(context);
  const ask = async () =>
    context.cmp.requestCertificate({
      kind: 'cr',
      subject: subjectFor(context),
      keyPair: await context.tokenSigner(context.facts.signInKeyId),
      protection,
      transactionId: transactionIdBytes(context.facts.signInTransactionId),
    });
  const first = await goOnOrAsk(context, 'signIn', protection, ask);
  const issued = await waitForIssue(context, first, protection, 'signInTransaction');
  return { signInTransaction: issued.state, signInCertificate: toBase64(issued.certificate) };
}

export async function confirmSignInCertificate(context: EnrolmentContext): Promise<void> {
  await context.cmp.confirm(context.facts.signInTransaction, firstCertificateProtection(context));
}

const firstCertificateProtection = (context: EnrolmentContext): CmpProtection => ({
  type: 'signature',
  signer: context.signatureSigner(),
});

/**
 * Goes on with the transaction that the journal knows, or begins one.
 *
 * A CA may mind that we do not know the nonce of its last message: the answer that held it was lost on the way, or was
 * given to another computer. Or it has lost the transaction itself. The same key is asked for in a new one then.
 */
export async function goOnOrAsk(
  context: EnrolmentContext,
  which: WhichTransaction,
  protection: CmpProtection,
  ask: () => Promise<CmpOutcome>,
): Promise<CmpOutcome> {
  const begun = context.facts[`${which}Transaction`];
  if (!begun) return ask();
  try {
    return await pollWhenDue(context, begun, protection);
  } catch (error) {
    if (!isKiltError(error) || !isLost(error)) throw error;
    context.learn(newTransaction(which));
    return ask();
  }
}

/** The CA does not know a transaction that it was asked about, or its nonces. */
export const isLost = (error: KiltError): boolean =>
  (isKiltError(error, 'ca-refused') && failuresOf(error).includes('badRecipientNonce')) ||
  (isKiltError(error, 'ca-request-not-understood') && failuresOf(error).includes('badRequest'));

const failuresOf = ({ data }: KiltError): readonly string[] => String(data['failure']).split(',');

/** Refusals that end a CMP transaction; what is asked next must be a new one. */
const endsTransaction: readonly ErrorId[] = [
  'registration-data-refused',
  'national-registration-refused',
  'registration-pin-locked',
  'ca-refused',
  'ca-signer-revoked',
  'ca-request-not-understood',
  'ca-certificate-wrong',
  'renewal-other-name',
  'certificate-revoked',
  'certificate-suspended',
];

/** The CA did not like our time. Where it is its own that we do not believe, the transaction is as good as before. */
const isRefusalOfOurTime = ({ id, data }: KiltError): boolean =>
  id === 'clock-differs' && data['failure'] !== undefined;

/** @param onRefused when the CA has refused, with the journal ready for a new transaction; the error goes on all the same */
export async function withFreshTransactionAfterRefusal<Context extends EnrolmentContext, Learnt>(
  context: Context,
  receive: (context: Context) => Promise<Learnt>,
  which: WhichTransaction,
  onRefused: (error: KiltError) => Promise<void> = () => Promise.resolve(),
): Promise<Learnt> {
  try {
    return await receive(context);
  } catch (error) {
    if (isKiltError(error) && (endsTransaction.includes(error.id) || isRefusalOfOurTime(error))) {
      context.learn(newTransaction(which));
      await onRefused(error);
    }
    throw error;
  }
}
