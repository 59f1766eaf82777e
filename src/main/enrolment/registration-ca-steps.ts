import { isKiltError, KiltError } from '#shared/errors.ts';
import { escapeAttributeValue } from '#main/pki/distinguished-name.ts';
import type { CmpOutcome, CmpProtection } from '#main/pki/cmp/client.ts';
import type { RegistrationFacts } from '#main/store/registration-journal.ts';
import { toBase64, transactionIdBytes, type RegistrationContext } from './registration-context.ts';
import { waitUntil } from './wait-until.ts';

/**
 * The steps that talk to the certification authority (CMP). The transaction's identifier is in the journal before the
 * first request leaves, so that a repeated request is recognised and no second certificate is issued.
 */

/** `ir`: the first certificate, for the signature key, by initial key, by NUC signature or by ID + ПИН. */
export async function receiveSignatureCertificate(
  context: RegistrationContext,
): Promise<Partial<RegistrationFacts>> {
  try {
    return await receiveFirstCertificate(context);
  } catch (error) {
    if (context.bank.authentication !== 'national-signature') throw error;
    if (!isKiltError(error, 'registration-data-refused')) throw error;
    // Whose signature it is may be what the CA does not like, and that is nothing one types.
    throw new KiltError('national-registration-refused', error.data, { cause: error });
  }
}

async function receiveFirstCertificate(context: RegistrationContext): Promise<Partial<RegistrationFacts>> {
  const { facts, bank, secrets } = context;
  const protection = await credentialsProtection(context);
  const begun = facts.signatureTransaction;
  const first: CmpOutcome = begun
    ? await context.cmp.poll(begun, protection)
    : await context.cmp.requestCertificate({
        kind: 'ir',
        subject: subjectFor(context),
        keyPair: await context.tokenSigner(facts.signatureKeyId),
        protection,
        transactionId: transactionIdBytes(facts.signatureTransactionId),
        ...(bank.ca.registrationToken && bank.authentication !== 'id-and-pin' && secrets.credentials
          ? { registrationToken: secrets.credentials.registrationPin }
          : {}),
      });
  const issued = await waitForIssue(context, first, protection, 'signatureTransaction');
  return {
    signatureTransaction: issued.state,
    signatureCertificate: toBase64(issued.certificate),
    signatureChain: issued.chain.map(toBase64),
  };
}

export async function confirmSignatureCertificate(context: RegistrationContext): Promise<void> {
  await context.cmp.confirm(context.facts.signatureTransaction, await credentialsProtection(context));
}

/** `cr`: the second certificate, for the sign-in key, asked for with the first one (RFC 9483 §4.1.2). */
export async function receiveSignInCertificate(
  context: RegistrationContext,
): Promise<Partial<RegistrationFacts>> {
  const { facts } = context;
  const protection = firstCertificateProtection(context);
  const begun = facts.signInTransaction;
  const first: CmpOutcome = begun
    ? await context.cmp.poll(begun, protection)
    : await context.cmp.requestCertificate({
        kind: 'cr',
        subject: subjectFor(context),
        keyPair: await context.tokenSigner(facts.signInKeyId),
        protection,
        transactionId: transactionIdBytes(facts.signInTransactionId),
      });
  const issued = await waitForIssue(context, first, protection, 'signInTransaction');
  return { signInTransaction: issued.state, signInCertificate: toBase64(issued.certificate) };
}

export async function confirmSignInCertificate(context: RegistrationContext): Promise<void> {
  await context.cmp.confirm(context.facts.signInTransaction, firstCertificateProtection(context));
}

const subjectFor = ({ bank, registration }: RegistrationContext): string =>
  bank.subject.replaceAll('{userId}', () => escapeAttributeValue(registration.userId));

/** «Принят банком»: asks again whenever the CA said to, until it has decided. */
async function waitForIssue(
  context: RegistrationContext,
  first: CmpOutcome,
  protection: CmpProtection,
  fact: 'signatureTransaction' | 'signInTransaction',
): Promise<Extract<CmpOutcome, { status: 'issued' }>> {
  let outcome = first;
  while (outcome.status === 'waiting') {
    const again = new Date(context.services.now().getTime() + outcome.checkAfter * 1000);
    context.learn({ [fact]: outcome.state, waitingUntil: again.toISOString() });
    await waitUntil(again, context.services.now, context.signal);
    outcome = await context.cmp.poll(outcome.state, protection);
  }
  return outcome;
}

async function credentialsProtection(context: RegistrationContext): Promise<CmpProtection> {
  const { bank, facts, secrets, registration } = context;
  const credentials = secrets.credentials;
  // A NUC signature goes on without the ПИН once the CA has taken the request that carried it.
  const isKnownToCa =
    bank.authentication === 'national-signature' && facts.signatureTransaction !== undefined;
  if (!credentials && !isKnownToCa)
    throw new KiltError('registration-unfinished', { reason: 'registration data must be typed again' });
  if (bank.authentication === 'national-signature')
    return { type: 'signature', signer: await context.nationalSigner() };
  if (bank.authentication === 'id-and-pin' && credentials) {
    return { type: 'mac', reference: registration.userId, secret: credentials.registrationPin };
  }
  if (!credentials?.initialKey) throw new KiltError('key-container-wrong', { likelyCause: 'missing' });
  return { type: 'signature', signer: credentials.initialKey };
}

function firstCertificateProtection(context: RegistrationContext): CmpProtection {
  const { certificate, chain } = context.signatureCertificate();
  return {
    type: 'signature',
    signer: context.certifiedTokenSigner(context.facts.signatureKeyId, certificate, chain),
  };
}
