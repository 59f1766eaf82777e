import { randomUUID } from 'node:crypto';
import type { DerBytes } from '#shared/bytes.ts';
import { KiltError } from '#shared/errors.ts';
import { registrationSteps } from '#shared/views.ts';
import {
  doneSteps,
  type JournalledRegistration,
  type RegistrationJournal,
} from '#main/store/registration-journal.ts';
import type { TokenObjects } from '#main/token/token-session.ts';
import { toBase64 } from './enrolment-context.ts';
import { newTransactions } from './enrolment-transactions.ts';
import { recordedKeyIds, type ProfileRecord } from './profile-record.ts';

/** How a registration comes into this computer's journal. Nothing here touches a token or is sent anywhere. */

/** Bytes of a token's name (PKCS#15 TokenInfo as the applet and OpenSC write it). */
export const longestLabel = 32;

/** A token is named after its user unless the user names it otherwise. */
export const defaultLabel = (userId: string): string => userId.slice(0, longestLabel);

export interface RegistrationOrder {
  readonly bankId: string;
  readonly userId: string;
  readonly label: string;
  readonly tokenSerial: string;
  /** Identifiers that objects on the token have already, or will have. */
  readonly usedKeyIds: readonly string[];
  /** The token holds other profiles: its name and its PIN stay as they are. */
  readonly keepsPin: boolean;
  /** The NUC signature that authenticates, where one does. */
  readonly nationalCertificate?: DerBytes | undefined;
}

export function openRegistration(
  journal: RegistrationJournal,
  { usedKeyIds, nationalCertificate, keepsPin, ...order }: RegistrationOrder,
): JournalledRegistration {
  const [signatureKeyId, signInKeyId] = freeKeyIds(usedKeyIds);
  return journal.open({
    ...order,
    id: randomUUID(),
    facts: {
      signatureKeyId,
      signInKeyId,
      nationalCertificate: nationalCertificate && toBase64(nationalCertificate),
      ...(keepsPin ? { keepsPin } : {}),
      ...newTransactions(),
    },
  });
}

/**
 * Takes over what another computer (or a lost database) has begun, as the token's record tells it. The keys on the
 * token stay; the CA recognises them.
 *
 * A journal that had closed the registration, while the token says that it is open, is mistaken: every step is asked
 * of token and CA again.
 */
export function adoptRegistration(
  journal: RegistrationJournal,
  record: ProfileRecord,
  { label, tokenSerial }: { readonly label: string; readonly tokenSerial: string },
): JournalledRegistration {
  if (journal.find(record.registrationId)) {
    for (const step of registrationSteps) journal.begun(record.registrationId, step);
    journal.learn(record.registrationId, { ...newTransactions(), ...nothingKnown });
    journal.setState(record.registrationId, 'interrupted');
    return journal.get(record.registrationId);
  }
  return journal.open({
    id: record.registrationId,
    bankId: record.bankId,
    userId: record.userId,
    label,
    tokenSerial,
    startedAt: record.startedAt,
    facts: {
      signatureKeyId: record.signatureKeyId,
      signInKeyId: record.signInKeyId,
      ...newTransactions(),
      ...nothingKnown,
    },
  });
}

/**
 * Corrects a user ID that was typed wrong. Only until the CA has issued the first certificate, which holds it.
 *
 * @throws KiltError `input-invalid` {field: `userId`}
 */
export function correctRegistrationUser(
  journal: RegistrationJournal,
  registration: JournalledRegistration,
  userId: string,
): void {
  if (doneSteps(registration).has('signature-certificate-received')) {
    throw new KiltError('input-invalid', { field: 'userId' });
  }
  const label = registration.label === defaultLabel(registration.userId) ? defaultLabel(userId) : undefined;
  journal.correctUser(registration.id, userId, label ?? registration.label);
  // What was asked of the CA so far was asked for somebody else.
  journal.learn(registration.id, newTransactions());
}

/** The other computer may have been cut off while it wrote its credentials, or just before it took them away. */
const nothingKnown = { credentialsOnToken: 'writing', signatureConfirmed: undefined } as const;

/** Identifiers that objects on a token have, or will have as its records say. */
export const usedKeyIds = (objects: TokenObjects): readonly string[] => [
  ...[...objects.keys, ...objects.certificates].map(({ id }) => id),
  ...recordedKeyIds(objects),
];

/** Two identifiers that no object on the token has. */
export function freeKeyIds(used: readonly string[]): [string, string] {
  const free = Array.from({ length: 255 }, (_, i) => (i + 1).toString(16).padStart(2, '0')).filter(
    (id) => !used.includes(id),
  );
  const [first, second] = free;
  if (first === undefined || second === undefined) throw new KiltError('token-memory-full');
  return [first, second];
}
