import { errorViewOf } from '#shared/error-view.ts';
import { isProfileOf, type CertificateView, type TokenView } from '#shared/views.ts';
import { DerError } from '#main/pki/asn1.ts';
import { certificateTexts } from '#main/pki/certificate-texts.ts';
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
import {
  begunProfile,
  belongsTo,
  readProfiles,
  type ProfileRecord,
  type TokenProfiles,
} from './profile-record.ts';

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
  const found = readProfiles(objects);
  const unfinished = unfinishedRegistration(
    found,
    known.unfinishedOnToken(info.serial),
    holdsKeptCredentials(objects),
  );
  const registered = found.records.filter(({ state }) => state === 'registered');
  const national = known.national.on(token).filter(({ use }) => use === 'signing');
  return {
    ...base,
    serial: info.serial,
    model: info.model,
    kind: unfinished
      ? 'unfinished'
      : registered.length > 0
        ? 'registered'
        : national.length > 0
          ? 'national'
          : !found.damaged && holdsObjects(objects)
            ? 'foreign'
            : 'empty',
    certificates: readableCertificateViews(objects, registered),
    ...(national.length === 0
      ? {}
      : {
          national: national.map((key) => nationalSignatureView(key, known.banks.all(), known.now())),
        }),
    userPin: pinViewOf(knownOf(info.userPin, look?.userPin)),
    ...(look?.error ? { driverError: errorViewOf(look.error) } : {}),
    ...(registered.length > 0
      ? {
          profiles: registered.map(({ bankId, userId }) => {
            const bankName = known.banks.find(bankId)?.name[known.language];
            return { bankId, userId, ...(bankName === undefined ? {} : { bankName }) };
          }),
        }
      : {}),
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
 * token yet. A journal whose token has since been formatted counts for nothing, nor does one whose profile is on it, or that
 * was begun before other profiles came on it.
 *
 * Where the token's record was cut in the middle of a write, this computer's journal goes on; a computer without one
 * shows the token as empty, so that a new profile can be made and nobody is left with a token that nothing opens.
 *
 * @param keepsCredentials the token holds what is needed to ask a CA again: somebody's registration waits
 */
export function unfinishedRegistration(
  profiles: TokenProfiles,
  journals: readonly JournalledRegistration[],
  keepsCredentials = false,
): TokenView['unfinished'] {
  const record = begunProfile(profiles);
  if (record) {
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
  const begun = journals.find(
    (journal) =>
      !profiles.records.some((one) => isProfileOf(one, journal)) &&
      (profiles.damaged ||
        (!doneSteps(journal).has('token-prepared') &&
          (profiles.records.length === 0 || journal.facts.keepsPin === true))),
  );
  if (!begun) return undefined;
  return {
    journalId: begun.id,
    startedAt: begun.startedAt,
    userId: begun.userId,
    bankId: begun.bankId,
    pinOnToken: begun.facts.keepsPin === true ? 'new' : profiles.damaged ? 'changing' : 'old',
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
  profiles: readonly ProfileRecord[],
): CertificateView[] {
  return objects.certificates.flatMap((certificate) => {
    try {
      return certificateViewOf(certificate, parseCertificate(certificate.der), objects, profiles);
    } catch (error) {
      if (error instanceof DerError) return [];
      throw error;
    }
  });
}

/** @param profiles that the token is registered with */
export function certificateViewOf(
  { id }: Pick<TokenCertificate, 'id'>,
  parsed: CertificateInfo,
  objects: TokenObjects,
  profiles: readonly ProfileRecord[],
): CertificateView {
  const profile = profiles.find((one) => belongsTo(one, id));
  return {
    purpose: profile === undefined ? 'other' : id === profile.signatureKeyId ? 'signature' : 'sign-in',
    ...(profile && { profile: { bankId: profile.bankId, userId: profile.userId } }),
    ...certificateTexts(parsed),
    keyOnToken: objects.keys.some((key) => key.id === id),
  };
}
