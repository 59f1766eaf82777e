import { isKiltError, KiltError } from '#shared/errors.ts';
import { escapeAttributeValue } from '#main/pki/distinguished-name.ts';
import type { CmpOutcome, CmpProtection } from '#main/pki/cmp/client.ts';
import type { RegistrationFacts } from '#main/store/registration-journal.ts';
import { toBase64, transactionIdBytes, type RegistrationContext } from './registration-context.ts';
import { credentialsOf, keepCredentials } from './registration-credentials.ts';
import { newTransaction } from './registration-transactions.ts';
import { pollWhenDue, waitForIssue } from './wait-for-issue.ts';

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
  const { bank } = context;
  const protection = await credentialsProtection(context);
  const ask = async () => {
    const { registrationPin } = await credentialsOf(context);
    return context.cmp.requestCertificate({
      kind: 'ir',
      subject: subjectFor(context),
      keyPair: await context.tokenSigner(context.facts.signatureKeyId),
      protection,
      transactionId: transactionIdBytes(context.facts.signatureTransactionId),
      ...(bank.ca.registrationToken && bank.authentication !== 'id-and-pin'
        ? { registrationToken: registrationPin }
        : {}),
    });
  };
  const first = await goOnOrAsk(context, 'signature', protection, ask);
  const issued = await waitForIssue(context, first, protection, 'signatureTransaction', (transaction) =>
    keepCredentials(context, transaction),
  );
  return {
    signatureTransaction: issued.state,
    signatureCertificate: toBase64(issued.certificate),
    signatureChain: issued.chain.map(toBase64),
  };
}

export async function confirmSignatureCertificate(context: RegistrationContext): Promise<void> {
  const protection = await credentialsProtection(context);
  await context.cmp.confirm(context.facts.signatureTransaction, protection);
}

/** `cr`: the second certificate, for the sign-in key, asked for with the first one (RFC 9483 §4.1.2). */
export async function receiveSignInCertificate(
  context: RegistrationContext,
): Promise<Partial<RegistrationFacts>> {
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

export async function confirmSignInCertificate(context: RegistrationContext): Promise<void> {
  await context.cmp.confirm(context.facts.signInTransaction, firstCertificateProtection(context));
}

const subjectFor = ({ bank, registration }: RegistrationContext): string =>
  bank.subject.replaceAll('{userId}', () => escapeAttributeValue(registration.userId));

/**
 * Goes on with the transaction that the journal knows, or begins one.
 *
 * A CA may mind that we do not know the nonce of its last message: the answer that held it was lost on the way, or was
 * given to another computer. That transaction is lost then, and the same key is asked for in a new one.
 */
async function goOnOrAsk(
  context: RegistrationContext,
  which: 'signature' | 'signIn',
  protection: CmpProtection,
  ask: () => Promise<CmpOutcome>,
): Promise<CmpOutcome> {
  const begun = context.facts[`${which}Transaction`];
  if (!begun) return ask();
  try {
    return await pollWhenDue(context, begun, protection);
  } catch (error) {
    if (!isKiltError(error, 'ca-refused') || !isAboutNonce(error)) throw error;
    context.learn(newTransaction(which));
    return ask();
  }
}

const isAboutNonce = ({ data }: KiltError): boolean =>
  String(data['failure']).split(',').includes('badRecipientNonce');

async function credentialsProtection(context: RegistrationContext): Promise<CmpProtection> {
  const { bank, facts, registration } = context;
  if (bank.authentication === 'national-signature') {
    // A NUC signature goes on without the ПИН once the CA has taken the request that carried it.
    if (facts.signatureTransaction === undefined) await credentialsOf(context);
    return { type: 'signature', signer: await context.nationalSigner() };
  }
  const credentials = await credentialsOf(context);
  if (bank.authentication === 'id-and-pin') {
    return { type: 'mac', reference: registration.userId, secret: credentials.registrationPin };
  }
  if (!credentials.initialKey) throw new KiltError('key-container-wrong', { likelyCause: 'missing' });
  return { type: 'signature', signer: credentials.initialKey };
}

function firstCertificateProtection(context: RegistrationContext): CmpProtection {
  const { certificate, chain } = context.signatureCertificate();
  return {
    type: 'signature',
    signer: context.certifiedTokenSigner(context.facts.signatureKeyId, certificate, chain),
  };
}
