import type { ErrorId } from '#shared/errors.ts';
import { renewalSteps, type RenewalView } from '#shared/renewal-views.ts';
import type { JournalledRenewal } from '#main/store/renewal-journal.ts';
import { doneSteps } from '#main/store/step-journal.ts';

/** The CA has the request, or has had it: a step of the journal, or what it has learnt. */
export const isSent = ({ facts, lines }: Pick<JournalledRenewal, 'facts' | 'lines'>): boolean =>
  facts.signatureTransaction !== undefined || doneSteps({ lines }).has('new-signature-certificate-received');

/** The request is at the CA, which has not decided as far as this computer has heard. */
export const isWaiting = (renewal: JournalledRenewal): boolean =>
  isSent(renewal) &&
  renewal.facts.refusal === undefined &&
  !doneSteps(renewal).has('new-signature-certificate-received');

/** The CA has issued: the user decides when the certificate is taken. */
export function isReadyToTake(renewal: JournalledRenewal): boolean {
  if (renewal.facts.refusal) return false;
  const done = doneSteps(renewal);
  if (done.has('new-signature-certificate-stored')) return false;
  return (
    done.has('new-signature-certificate-received') ||
    (isSent(renewal) && renewal.facts.said?.state === 'issued')
  );
}

/** The refusal, by the CA itself or as the bank says without a PIN. */
export const isRefused = ({ facts }: JournalledRenewal): boolean =>
  facts.refusal !== undefined || facts.said?.state === 'refused';

/** While the bank decides it is no news that Kilt was ended, the PIN forgotten or the token taken out. */
const passing: readonly ErrorId[] = ['operation-cancelled', 'pin-needed', 'token-removed'];

/** A renewal as the page shows it. */
export function renewalView(renewal: JournalledRenewal): RenewalView {
  const done = doneSteps(renewal);
  const { facts, state } = renewal;
  const current = renewalSteps.find((step) => !done.has(step));
  const begun = renewal.lines.findLast(({ step, phase }) => step === current && phase === 'begun');
  const last = renewal.lines.at(-1);
  const ended = state === 'finished' || state === 'abandoned';
  const running = state === 'running';
  const waiting = facts.waitingUntil !== undefined && !ended && !isRefused(renewal);
  const failed = last?.phase === 'failed' && state === 'interrupted' ? last.error : undefined;
  const isNews = !(waiting && failed && passing.includes(failed.id));
  const error = failed && isNews ? failed : undefined;
  return {
    journalId: renewal.id,
    startedAt: renewal.startedAt,
    state,
    done: renewalSteps.filter((step) => done.has(step)),
    ...(current && !ended ? { current } : {}),
    ...(begun && !ended ? { currentSince: begun.at } : {}),
    ...(waiting && facts.waitingUntil !== undefined ? { waitingUntil: facts.waitingUntil } : {}),
    ...(waiting && running && facts.waitingTrouble ? { waitingTrouble: facts.waitingTrouble } : {}),
    ...(facts.expectedAt !== undefined && isWaiting(renewal) ? { expectedAt: facts.expectedAt } : {}),
    readyToTake: !ended && isReadyToTake(renewal),
    ...(facts.refusal ? { error: facts.refusal } : error ? { error } : {}),
    needs: {
      tokenPin: !ended && facts.undone !== true,
      registrationPin:
        !ended &&
        facts.undone !== true &&
        facts.refusal === undefined &&
        facts.authentication === 'id-and-pin' &&
        !done.has('new-signature-certificate-confirmed'),
    },
  };
}
