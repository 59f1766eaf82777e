import { isKiltError, KiltError } from '#shared/errors.ts';
import type { CmpProtection } from '#main/pki/cmp/client.ts';
import type { RegistrationFacts } from '#main/store/registration-journal.ts';
import { goOnOrAsk, subjectFor } from './certificate-requests.ts';
import { toBase64, transactionIdBytes } from './enrolment-context.ts';
import type { RegistrationContext } from './registration-context.ts';
import { credentialsOf, keepCredentials } from './registration-credentials.ts';
import { waitForIssue } from './wait-for-issue.ts';

/** The steps of a registration that talk to the certification authority (CMP) in a way of their own. */

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
