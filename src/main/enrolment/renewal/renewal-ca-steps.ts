import { errorViewOf } from '#shared/error-view.ts';
import { isKiltError, KiltError, type ErrorId } from '#shared/errors.ts';
import type { CmpProtection } from '#main/pki/cmp/client.ts';
import type { CertifiedSigner } from '#main/pki/signer.ts';
import type { RenewalFacts } from '#main/store/renewal-journal.ts';
import {
  goOnOrAsk,
  isLost,
  receiveSignInCertificate,
  subjectFor,
  withFreshTransactionAfterRefusal,
} from '../certificate-requests.ts';
import { fromBase64, toBase64, transactionIdBytes } from '../enrolment-context.ts';
import { newTransaction } from '../enrolment-transactions.ts';
import { waitForIssue } from '../wait-for-issue.ts';
import { isSameHolder } from './certificate-holder.ts';
import { issuersOf } from './certificate-issuers.ts';
import type { RenewalContext } from './renewal-context.ts';
import { undoRenewal } from './renewal-token-steps.ts';

/** What ends a renewal: the CA has decided, or takes nothing signed with the old key any more. */
const final: readonly ErrorId[] = ['ca-refused', 'ca-signer-revoked'];
/** How often in one run a CA may lose the request before the user is told. */
const mostLosses = 2;

/**
 * `kur` signed with the old signature key, or `ir` by ID and the new ПИН. A refusal ends the renewal: what was made on the
 * token is taken off, and the old keys stay in use.
 *
 * @throws KiltError `renewal-refused` {reason, failure}, `renewal-forgotten`, `renewal-other-name`, and the CMP client's
 */
export async function receiveNewSignatureCertificate(
  context: RenewalContext,
): Promise<Partial<RenewalFacts>> {
  const { refusal, undone } = context.facts;
  if (refusal) {
    if (undone !== true) await undoRenewal(context);
    throw new KiltError(refusal.id, refusal.data);
  }
  return withFreshTransactionAfterRefusal(context, receive, 'signature').catch(async (error: unknown) => {
    if (!isKiltError(error) || !final.includes(error.id)) throw error;
    const refused = new KiltError('renewal-refused', error.data, { cause: error });
    context.learn({ refusal: errorViewOf(refused) });
    await undoRenewal(context);
    throw refused;
  });
}

async function receive(context: RenewalContext): Promise<Partial<RenewalFacts>> {
  const protection = protectionOf(context);
  const old = fromBase64(context.facts.oldSignatureCertificate);
  const ask = async () =>
    context.cmp.requestCertificate({
      kind: context.facts.authentication === 'old-key' ? 'kur' : 'ir',
      subject: subjectFor(context),
      keyPair: await context.tokenSigner(context.facts.signatureKeyId),
      protection,
      transactionId: transactionIdBytes(context.facts.signatureTransactionId),
    });
  for (let losses = 0; ; losses += 1) {
    try {
      const first = await goOnOrAsk(context, 'signature', protection, ask);
      const issued = await waitForIssue(context, first, protection, 'signatureTransaction', () =>
        askExpected(context),
      );
      if (!isSameHolder(old, issued.certificate)) {
        const reject = { accept: false, reason: 'other-holder' } as const;
        await context.cmp.confirm(issued.state, protection, reject).catch(() => undefined);
        throw new KiltError('renewal-other-name');
      }
      return {
        signatureTransaction: issued.state,
        signatureCertificate: toBase64(issued.certificate),
        signatureChain: issued.chain.map(toBase64),
        said: undefined,
      };
    } catch (error) {
      // Before the CA has taken it, it is refused, not lost.
      const wasTaken = context.facts.signatureTransaction !== undefined;
      if (!isKiltError(error) || !isLost(error) || !wasTaken) throw error;
      context.learn({ ...newTransaction('signature'), said: undefined });
      if (losses >= mostLosses) throw new KiltError('renewal-forgotten', error.data, { cause: error });
    }
  }
}

export async function confirmNewSignatureCertificate(context: RenewalContext): Promise<void> {
  if (context.facts.signatureConfirmed === true) return;
  await context.cmp.confirm(context.facts.signatureTransaction, protectionOf(context));
}

export const receiveNewSignInCertificate = (context: RenewalContext): Promise<Partial<RenewalFacts>> =>
  withFreshTransactionAfterRefusal(context, receiveSignInCertificate, 'signIn');

/** @throws KiltError `input-invalid` {field: `registrationPin`} when the ПИН has to be typed */
function protectionOf(context: RenewalContext): CmpProtection {
  const { work, facts, secrets } = context;
  if (facts.authentication === 'old-key') {
    return { type: 'signature', signer: oldSignatureSigner(context) };
  }
  if (!secrets.registrationPin) throw new KiltError('input-invalid', { field: 'registrationPin' });
  return { type: 'mac', reference: work.userId, secret: secrets.registrationPin };
}

export function oldSignatureSigner(context: RenewalContext): CertifiedSigner {
  const { oldSignatureKeyId, oldSignatureCertificate } = context.facts;
  const certificate = fromBase64(oldSignatureCertificate);
  return context.certifiedTokenSigner(oldSignatureKeyId, certificate, issuersOf(certificate, context.bank));
}

/** «Расчетное время», where the bank tells it. What it does not tell is not worth a word. */
async function askExpected(context: RenewalContext): Promise<void> {
  const { bank, facts, bankClient } = context;
  if (bank.renewal?.status !== true) return;
  try {
    const { expectedAt } = await bankClient.renewalStatus(facts.signatureTransactionId);
    if (expectedAt !== facts.expectedAt) context.learn({ expectedAt });
  } catch (error) {
    if (!isKiltError(error)) throw error;
  }
}
