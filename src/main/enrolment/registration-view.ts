import { registrationSteps, type RegistrationView } from '#shared/views.ts';
import { doneSteps, type JournalledRegistration } from '#main/store/registration-journal.ts';
import type { ProfileRecord } from './profile-record.ts';

/** What the token itself says of a registration. */
export interface SaidByToken {
  readonly record: ProfileRecord | undefined;
  /** Holds what is needed to ask the CA again. */
  readonly keepsCredentials: boolean;
}

/**
 * A registration as the page shows it.
 *
 * @param token absent while it is in no reader: then the journal's last word counts
 */
export function registrationView(
  registration: JournalledRegistration,
  token?: SaidByToken,
): RegistrationView {
  const done = doneSteps(registration);
  const current = registrationSteps.find((step) => !done.has(step));
  const last = registration.lines.at(-1);
  const begun = registration.lines.findLast(({ step, phase }) => step === current && phase === 'begun');
  const finished = registration.state === 'finished' || registration.state === 'abandoned';
  const running = registration.state === 'running';
  const { waitingUntil, waitingTrouble } = registration.facts;
  const waiting = waitingUntil !== undefined && !finished;
  const error = last?.phase === 'failed' && registration.state === 'interrupted' ? last.error : undefined;
  return {
    journalId: registration.id,
    bankId: registration.bankId,
    userId: registration.userId,
    label: registration.label,
    tokenSerial: registration.tokenSerial,
    ...(registration.facts.keepsPin === true ? { keepsPin: true } : {}),
    startedAt: registration.startedAt,
    state: registration.state,
    done: registrationSteps.filter((step) => done.has(step)),
    ...(current && !finished ? { current } : {}),
    ...(begun && !finished ? { currentSince: begun.at } : {}),
    ...(waiting ? { waitingUntil } : {}),
    ...(waiting && running && waitingTrouble ? { waitingTrouble } : {}),
    // That Kilt was ended while the bank decides is no news.
    ...(error && !(waiting && error.id === 'operation-cancelled') ? { error } : {}),
    needs: {
      tokenPin: true,
      registrationData:
        !done.has('signature-certificate-confirmed') && !goesOnWithoutData(registration, token),
      pinOnToken:
        token?.record?.pin ?? (done.has('pin-set') || registration.facts.keepsPin === true ? 'new' : 'old'),
    },
  };
}

/** What proves to the CA who asks is on the token, or is not asked for any more. */
function goesOnWithoutData({ facts }: JournalledRegistration, token: SaidByToken | undefined): boolean {
  if (facts.signatureConfirmed === true) return true;
  // The CA has the ПИН, and the NUC signature on the token proves the rest.
  if (facts.nationalCertificate !== undefined && facts.signatureTransaction !== undefined) return true;
  // The CA has refused what is still there.
  if (facts.credentialsOnToken === 'removing') return false;
  return token?.keepsCredentials ?? facts.credentialsOnToken === 'kept';
}
