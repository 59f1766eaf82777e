import { errorViewOf } from '#shared/error-view.ts';
import type { CertificateView, TokenView } from '#shared/views.ts';
import { DerError } from '#main/pki/asn1.ts';
import { commonNameOf } from '#main/pki/distinguished-name.ts';
import { parseCertificate, type CertificateInfo } from '#main/pki/x509.ts';
import { doneSteps, type JournalledRegistration } from '#main/store/registration-journal.ts';
import { knownOf } from '#main/token/pkcs11/token-flags.ts';
import type { PinStatus, TokenCertificate, TokenInfo, TokenObjects } from '#main/token/token-session.ts';
import type { KnownToken } from '#main/token/token-watch.ts';
import type { BankDirectory } from './bank-files.ts';
import { holdsKeptCredentials } from './kept-credentials.ts';
import type { DriverNationalKeys } from './national/driver-national-keys.ts';
import type { NationalKeys } from './national/national-keys.ts';
import { nationalSignatureView } from './national/national-view.ts';
import { readProfileRecord, type ProfileRecord } from './profile-record.ts';

/** What the picker shows of a token: what the token says of itself, joined with this computer's journal and banks. */
export function tokenView(
  token: KnownToken,
  known: {
    banks: BankDirectory;
    national: NationalKeys;
    driver: Pick<DriverNationalKeys, 'lookAt'>;
    now: () => Date;
    unfinishedOnToken: (serial: string) => readonly JournalledRegistration[];
    language: 'ru' | 'kk' | 'en';
  },
): TokenView {
  const base: TokenView = {
    id: token.id,
    reader: token.reader,
    state: token.state,
    label: token.info?.label ?? null,
    kind: 'unknown',
    certificates: [],
    ...(token.error ? { error: errorViewOf(token.error) } : {}),
  };
  if (token.info?.layout === 'half-formatted') return halfFormattedView(base, token.info);
  if (!token.info || !token.objects) return base;
  const look = known.driver.lookAt(token.id);
  // Else it would be taken for an empty one, and turn into another under the user's hand.
  if (look?.state === 'looking') return { ...base, state: 'reading' };
  const { info, objects } = token;
  const record = readProfileRecord(objects);
  const unfinished = unfinishedRegistration(
    record,
    known.unfinishedOnToken(info.serial),
    holdsKeptCredentials(objects),
  );
  const profile =
    record !== undefined && record !== 'damaged' && record.state === 'registered' ? record : undefined;
  const bank = profile && known.banks.find(profile.bankId);
  const national = known.national.on(token).filter(({ use }) => use === 'signing');
  return {
    ...base,
    serial: info.serial,
    model: info.model,
    kind: unfinished
      ? 'unfinished'
      : profile
        ? 'registered'
        : national.length > 0
          ? 'national'
          : record !== 'damaged' && holdsObjects(objects)
            ? 'foreign'
            : 'empty',
    certificates: readableCertificateViews(objects, profile),
    ...(national.length === 0
      ? {}
      : {
          national: national.map((key) => nationalSignatureView(key, known.banks.all(), known.now())),
        }),
    userPin: pinViewOf(knownOf(info.userPin, look?.userPin)),
    ...(look?.error ? { driverError: errorViewOf(look.error) } : {}),
    ...(profile ? { bankId: profile.bankId, userId: profile.userId } : {}),
    ...(bank ? { bankName: bank.name[known.language] } : {}),
    ...(unfinished ? { unfinished } : {}),
  };
}

/** Nothing on it can be read, and there is nothing to read: what was on it is gone, and it has to be formatted anew. */
const halfFormattedView = ({ error: _, ...base }: TokenView, info: TokenInfo): TokenView => ({
  ...base,
  serial: info.serial,
  model: info.model,
  kind: 'half-formatted',
  userPin: pinViewOf(info.userPin),
});

/**
 * A registration is unfinished when the token says so, or when this computer began one that has not reached the
 * token yet. A journal whose token has since been formatted counts for nothing.
 *
 * Where the token's record was cut in the middle of a write, this computer's journal goes on; a computer without one
 * shows the token as empty, so that a new profile can be made and nobody is left with a token that nothing opens.
 *
 * @param keepsCredentials the token holds what is needed to ask a CA again: somebody's registration waits
 */
export function unfinishedRegistration(
  record: ReturnType<typeof readProfileRecord>,
  journals: readonly JournalledRegistration[],
  keepsCredentials = false,
): TokenView['unfinished'] {
  if (record !== undefined && record !== 'damaged') {
    if (record.state === 'registered') return undefined;
    const own = journals.find(({ id }) => id === record.registrationId);
    return {
      ...(own ? { journalId: own.id } : { computer: record.computer }),
      startedAt: record.startedAt,
      userId: record.userId,
      bankId: record.bankId,
      pinOnToken: record.pin,
      ...acceptance(own, keepsCredentials),
    };
  }
  const begun = journals.find((journal) => record === 'damaged' || !doneSteps(journal).has('token-prepared'));
  if (!begun) return undefined;
  return {
    journalId: begun.id,
    startedAt: begun.startedAt,
    userId: begun.userId,
    bankId: begun.bankId,
    pinOnToken: record === 'damaged' ? 'changing' : 'old',
    ...acceptance(begun, keepsCredentials),
  };
}

/** «Принят банком», as this computer's journal or, where it has none, the token knows. */
function acceptance(journal: JournalledRegistration | undefined, keepsCredentials: boolean) {
  if (!journal) return keepsCredentials ? { acceptedByBank: true } : {};
  const { waitingUntil } = journal.facts;
  return waitingUntil === undefined ? {} : { acceptedByBank: true, waitingUntil };
}

const holdsObjects = (objects: TokenObjects): boolean =>
  objects.keys.length > 0 ||
  objects.certificates.length > 0 ||
  objects.dataObjects.length > 0 ||
  (objects.privateData?.length ?? 0) > 0;

const pinViewOf = ({ attemptsLeft, maxAttempts, minLength, blocked }: PinStatus) => ({
  attemptsLeft,
  maxAttempts,
  minLength,
  blocked,
});

/** A certificate that cannot be parsed is left out here; the control panel shows it as unreadable. */
function readableCertificateViews(
  objects: TokenObjects,
  profile: ProfileRecord | undefined,
): CertificateView[] {
  return objects.certificates.flatMap((certificate) => {
    try {
      return certificateViewOf(certificate, parseCertificate(certificate.der), objects, profile);
    } catch (error) {
      if (error instanceof DerError) return [];
      throw error;
    }
  });
}

/** @param profile that the token is registered with, if it is */
export const certificateViewOf = (
  { id }: Pick<TokenCertificate, 'id'>,
  parsed: CertificateInfo,
  objects: TokenObjects,
  profile: ProfileRecord | undefined,
): CertificateView => ({
  purpose: id === profile?.signatureKeyId ? 'signature' : id === profile?.signInKeyId ? 'sign-in' : 'other',
  subjectName: parsed.commonName ?? parsed.subject,
  subject: parsed.subject,
  issuerName: commonNameOf(parsed.issuerName) ?? parsed.issuer,
  issuer: parsed.issuer,
  serialNumber: parsed.serialNumber,
  notBefore: parsed.notBefore.toISOString(),
  notAfter: parsed.notAfter.toISOString(),
  keyOnToken: objects.keys.some((key) => key.id === id),
});
