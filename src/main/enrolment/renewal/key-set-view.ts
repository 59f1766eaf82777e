import { createHash, createPublicKey } from 'node:crypto';
import { daysUntil } from '#shared/texts/formats.ts';
import type { KeySetStatus, KeySetView, RenewalView } from '#shared/renewal-views.ts';
import type { CertificateView } from '#shared/views.ts';
import { certificateTexts } from '#main/pki/certificate-texts.ts';
import { parseCertificate, type CertificateInfo } from '#main/pki/x509.ts';
import type { KeySetKey, KnownKeySet } from '#main/store/known-key-sets.ts';
import type { JournalledRenewal } from '#main/store/renewal-journal.ts';
import { fromBase64 } from '../enrolment-context.ts';
import { doneSteps } from '#main/store/step-journal.ts';
import { isReadyToTake, isRefused, isSent } from './renewal-view.ts';

/** Days before the end of a certificate from which its keys should be regenerated (manual 003, Статья 2). */
export const renewalDays = 30;

/** Of one profile's keys on one token: the same as long as the profile is on it. */
export const keySetId = ({ tokenSerial, bankId, userId }: KeySetKey) =>
  createHash('sha256')
    .update(JSON.stringify([tokenSerial, bankId, userId]))
    .digest('hex')
    .slice(0, 32);

export interface KeySetFacts {
  readonly keySet: KnownKeySet;
  /** Insertion of its token, while it is in a reader. */
  readonly tokenId: string | undefined;
  /** What the bank demands. */
  readonly demand: { readonly reason: string | undefined } | undefined;
  readonly renewal: { readonly journal: JournalledRenewal; readonly view: RenewalView } | undefined;
  readonly lastFinished: string | undefined;
  readonly now: Date;
}

/** A key set as page and command line see it. @throws DerError when a remembered certificate can not be read */
export function keySetView({ keySet, tokenId, demand, renewal, lastFinished, now }: KeySetFacts): KeySetView {
  const signature = parseCertificate(fromBase64(keySet.signatureCertificate));
  const signIn = parseCertificate(fromBase64(keySet.signInCertificate));
  const firstEnd = new Date(Math.min(signature.notAfter.getTime(), signIn.notAfter.getTime()));
  const daysLeft = daysUntil(firstEnd, now);
  const isOpen = renewal && renewal.view.state !== 'finished' && renewal.view.state !== 'abandoned';
  const status =
    (isOpen ? statusOfRenewal(renewal.journal) : undefined) ?? ownStatus(keySet, demand, daysLeft);
  const reason = reasonOf(status, keySet, demand, renewal?.journal);
  return {
    id: keySetId(keySet),
    tokenSerial: keySet.tokenSerial,
    tokenName: keySet.tokenName,
    ...(tokenId === undefined ? {} : { tokenId }),
    bankId: keySet.bankId,
    profileName: signature.commonName ?? keySet.tokenName,
    userId: keySet.userId,
    cryptography: cryptographyOf(signature),
    status,
    daysLeft,
    ...(reason ? { reason } : {}),
    certificates: [certificateView(signature, 'signature'), certificateView(signIn, 'sign-in')],
    ...(isOpen ? { renewal: renewal.view } : {}),
    ...(lastFinished === undefined ? {} : { lastFinished }),
  };
}

/** What a key set's status is by itself, without a renewal under way. */
export function ownStatus(
  { standing }: Pick<KnownKeySet, 'standing'>,
  demand: KeySetFacts['demand'],
  daysLeft: number,
): KeySetStatus {
  if (standing || demand) return 'unplanned-renewal';
  return daysLeft <= renewalDays ? 'planned-renewal' : 'in-use';
}

/** Absent before the CA has the request: then the keys' own status says what is needed. */
function statusOfRenewal(renewal: JournalledRenewal): KeySetStatus | undefined {
  if (isRefused(renewal)) return 'refused';
  if (renewal.facts.undone === true) return undefined;
  if (isReadyToTake(renewal) || doneSteps(renewal).has('new-signature-certificate-received'))
    return 'new-certificate';
  return isSent(renewal) ? 'accepted' : undefined;
}

function reasonOf(
  status: KeySetStatus,
  { standing }: KnownKeySet,
  demand: KeySetFacts['demand'],
  renewal: JournalledRenewal | undefined,
): KeySetView['reason'] {
  const withText = (kind: 'bank-demand' | 'refused', text: unknown) =>
    typeof text === 'string' && text !== '' ? { kind, text } : { kind };
  if (status === 'refused')
    return withText('refused', renewal?.facts.refusal?.data['reason'] ?? renewal?.facts.said?.reason);
  if (standing) return { kind: standing.state };
  return demand ? withText('bank-demand', demand.reason) : undefined;
}

function cryptographyOf({ publicKeyInfo }: CertificateInfo): string {
  try {
    const key = createPublicKey({ key: Buffer.from(publicKeyInfo), format: 'der', type: 'spki' });
    const bits = key.asymmetricKeyDetails?.modulusLength;
    if (key.asymmetricKeyType === 'rsa' && bits !== undefined) return `RSA ${String(bits)}, SHA-256`;
    return (key.asymmetricKeyType ?? 'GOST').toUpperCase();
  } catch {
    return 'GOST';
  }
}

const certificateView = (
  certificate: CertificateInfo,
  purpose: CertificateView['purpose'],
): CertificateView => ({
  purpose,
  ...certificateTexts(certificate),
  keyOnToken: true,
});
