import { registrationSteps, type RegistrationView } from '#shared/views.ts';
import { doneSteps, type JournalledRegistration } from '#main/store/registration-journal.ts';
import type { ProfileRecord } from './profile-record.ts';

/** The CA has the ПИН, and the NUC signature on the token proves the rest. */
const goesOnByItself = ({ facts }: JournalledRegistration): boolean =>
  facts.nationalCertificate !== undefined && facts.signatureTransaction !== undefined;

/**
 * A registration as the page shows it.
 *
 * @param pinOnToken from the token's own record; without it the journal's last word counts
 */
export function registrationView(
  registration: JournalledRegistration,
  pinOnToken?: ProfileRecord['pin'],
): RegistrationView {
  const done = doneSteps(registration);
  const current = registrationSteps.find((step) => !done.has(step));
  const last = registration.lines.at(-1);
  const begun = registration.lines.findLast(({ step, phase }) => step === current && phase === 'begun');
  const finished = registration.state === 'finished' || registration.state === 'abandoned';
  return {
    journalId: registration.id,
    bankId: registration.bankId,
    userId: registration.userId,
    label: registration.label,
    tokenSerial: registration.tokenSerial,
    startedAt: registration.startedAt,
    state: registration.state,
    done: registrationSteps.filter((step) => done.has(step)),
    ...(current && !finished ? { current } : {}),
    ...(begun && !finished ? { currentSince: begun.at } : {}),
    ...(registration.facts.waitingUntil !== undefined && registration.state === 'running'
      ? { waitingUntil: registration.facts.waitingUntil }
      : {}),
    ...(last?.phase === 'failed' && last.error && registration.state === 'interrupted'
      ? { error: last.error }
      : {}),
    needs: {
      tokenPin: true,
      registrationData: !done.has('signature-certificate-confirmed') && !goesOnByItself(registration),
      pinOnToken: pinOnToken ?? (done.has('pin-set') ? 'new' : 'old'),
    },
  };
}
