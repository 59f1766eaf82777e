import { randomUUID } from 'node:crypto';
import { KiltError } from '#shared/errors.ts';
import { renewalSteps, type RenewalStep } from '#shared/renewal-views.ts';
import type { JournalledRenewal, RenewalFacts, RenewalJournal } from '#main/store/renewal-journal.ts';
import { doneSteps } from '#main/store/step-journal.ts';
import type { TokenObjects } from '#main/token/token-session.ts';
import { toBase64 } from '../enrolment-context.ts';
import { newTransactions } from '../enrolment-transactions.ts';
import { freeKeyIds, usedKeyIds } from '../registration-opening.ts';
import type { ProfileRecord } from '../profile-record.ts';

/** How a renewal comes into this computer's journal. Nothing here touches a token or is sent anywhere. */

interface OnToken {
  readonly record: ProfileRecord;
  readonly objects: TokenObjects;
  readonly tokenSerial: string;
  readonly label: string;
}

/** @throws KiltError `key-not-found` when the token has no signature certificate, `token-memory-full` */
export function openRenewal(
  journal: RenewalJournal,
  authentication: RenewalFacts['authentication'],
  { record, objects, tokenSerial, label }: OnToken,
): JournalledRenewal {
  const [signatureKeyId, signInKeyId] = freeKeyIds(usedKeyIds(objects));
  return journal.open({
    id: randomUUID(),
    bankId: record.bankId,
    userId: record.userId,
    label,
    tokenSerial,
    facts: {
      signatureKeyId,
      signInKeyId,
      oldSignatureKeyId: record.signatureKeyId,
      oldSignInKeyId: record.signInKeyId,
      oldSignatureCertificate: certificateOn(objects, record.signatureKeyId),
      authentication,
      record,
      ...newTransactions(),
    },
  });
}

/** The new keys are in use according to the token: everything before that is done, whoever has done it. */
const upToUse: readonly RenewalStep[] = renewalSteps.slice(0, renewalSteps.indexOf('new-keys-in-use') + 1);

/**
 * Takes over what another computer (or a lost database) has begun, as the token's record tells it. The new keys on the
 * token stay; the CA recognises them.
 *
 * @returns `undefined` where the record tells of none, or this journal knows it
 */
export function adoptRenewal(
  journal: RenewalJournal,
  { record, objects, tokenSerial, label }: OnToken,
): JournalledRenewal | undefined {
  const { renewal, ...settled } = record;
  if (!renewal) return undefined;
  const known = journal.find(renewal.id);
  const switched = record.signatureKeyId === renewal.newSignatureKeyId;
  const work =
    known ??
    journal.open({
      id: renewal.id,
      bankId: record.bankId,
      userId: record.userId,
      label,
      tokenSerial,
      startedAt: renewal.startedAt,
      facts: {
        signatureKeyId: renewal.newSignatureKeyId,
        signInKeyId: renewal.newSignInKeyId,
        oldSignatureKeyId: renewal.oldSignatureKeyId,
        oldSignInKeyId: renewal.oldSignInKeyId,
        oldSignatureCertificate: certificateOn(objects, renewal.oldSignatureKeyId),
        authentication: renewal.authentication,
        record: {
          ...settled,
          signatureKeyId: renewal.oldSignatureKeyId,
          signInKeyId: renewal.oldSignInKeyId,
        },
        ...newTransactions(),
      },
    });
  // A journal that had closed it, while the token says that it is open, is mistaken.
  if (known && (known.state === 'finished' || known.state === 'abandoned')) reopenRenewal(journal, known);
  if (switched) {
    const done = doneSteps(journal.get(work.id));
    for (const step of upToUse) if (!done.has(step)) journal.done(work.id, step);
  }
  return known && known.state === 'interrupted' ? undefined : journal.get(work.id);
}

/** Every step is asked of token, CA and bank again. */
export function reopenRenewal(journal: RenewalJournal, { id }: JournalledRenewal): void {
  for (const step of renewalSteps) journal.begun(id, step);
  journal.learn(id, { ...newTransactions(), said: undefined, refusal: undefined, undone: undefined });
  journal.setState(id, 'interrupted');
}

function certificateOn({ certificates }: TokenObjects, keyId: string): string {
  const found = certificates.find(({ id }) => id === keyId);
  if (!found) throw new KiltError('key-not-found', { reason: 'signature certificate' });
  return toBase64(found.der);
}
