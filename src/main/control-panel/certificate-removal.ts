import { KiltError } from '#shared/errors.ts';
import { begunProfile, belongsTo, readProfiles, registeredProfiles } from '#main/enrolment/profile-record.ts';
import { unfinishedRenewals } from '#main/enrolment/renewal/unfinished-renewal.ts';
import { unfinishedRegistration } from '#main/enrolment/token-views.ts';
import type { JournalledRegistration } from '#main/store/registration-journal.ts';
import type { JournalledRenewal } from '#main/store/renewal-journal.ts';
import type { TokenCertificate, TokenObjects } from '#main/token/token-session.ts';
import { fingerprintOf, parsedOrUndefined } from './stored-objects-view.ts';

export type RemovalTarget =
  | { readonly kind: 'certificate'; readonly fingerprint: string }
  /** The key and every certificate of it. */
  | { readonly kind: 'key-pair'; readonly objectId: string };

export interface Removal {
  readonly objectId: string;
  readonly certificates: readonly TokenCertificate[];
  /** Any of them, typed, confirms it. */
  readonly names: readonly string[];
}

/** @throws KiltError `input-invalid` {field: `target`} when it is not, or no more, on the token */
export function findRemoval(objects: TokenObjects, target: RemovalTarget): Removal {
  const certificates = objects.certificates.filter(({ id, der }) =>
    target.kind === 'certificate' ? fingerprintOf(der) === target.fingerprint : id === target.objectId,
  );
  const keys = target.kind === 'key-pair' ? objects.keys.filter(({ id }) => id === target.objectId) : [];
  const [object] = target.kind === 'certificate' ? certificates : keys;
  if (!object) throw new KiltError('input-invalid', { field: 'target' });
  const names = [
    ...keys.map(({ label }) => label),
    ...certificates.flatMap(({ label, der }) => [label, subjectOf(der) ?? '']),
  ].filter((name) => name.trim() !== '');
  return { objectId: object.id, certificates, names: names.length > 0 ? names : [object.id] };
}

const subjectOf = (der: Uint8Array): string | undefined => {
  const certificate = parsedOrUndefined(der);
  return certificate && (certificate.commonName ?? certificate.subject);
};

/**
 * Neither the old nor the new keys of a regeneration that is under way go before it has ended.
 *
 * @param held renewals of this computer of which something is on the token
 * @throws KiltError `renewal-unfinished` {startedAt}
 */
export function checkRenewalKeys(
  { objectId }: Pick<Removal, 'objectId'>,
  objects: TokenObjects,
  held: readonly JournalledRenewal[],
): void {
  const unfinished = unfinishedRenewals(readProfiles(objects), held).find(({ keyIds }) =>
    keyIds.includes(objectId),
  );
  if (unfinished) throw new KiltError('renewal-unfinished', { startedAt: unfinished.startedAt });
}

/**
 * Protects the user from losing a way into the bank with one object: as long as the token's record says that it is
 * registered, its keys and certificates go only with the whole token, by formatting; and those of a registration that
 * is not finished do not go at all.
 *
 * @throws KiltError `certificate-in-use` {bank}, `registration-unfinished` {startedAt}, `confirmation-differs`
 */
export function checkRemoval(
  { objectId, names }: Removal,
  confirmation: string,
  objects: TokenObjects,
  journal: readonly JournalledRegistration[],
): void {
  const profile = registeredProfiles(objects).find((one) => belongsTo(one, objectId));
  if (profile) throw new KiltError('certificate-in-use', { bank: profile.bankId });
  const profiles = readProfiles(objects);
  const unfinished = unfinishedRegistration(profiles, journal);
  if (unfinished) {
    const own = journal.find(({ id }) => id === unfinished.journalId)?.facts;
    const ids = begunProfile(profiles) ?? own;
    if (ids && belongsTo(ids, objectId))
      throw new KiltError('registration-unfinished', { startedAt: unfinished.startedAt });
  }
  if (!names.some((name) => name.trim() === confirmation.trim())) throw new KiltError('confirmation-differs');
}
