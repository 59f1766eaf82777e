import { isProfileOf } from '#shared/views.ts';
import type { JournalledRenewal } from '#main/store/renewal-journal.ts';
import { renewalKeyIds, type TokenProfiles } from '../profile-record.ts';

export interface UnfinishedRenewal {
  readonly startedAt: string;
  readonly userId: string;
  readonly bankId: string;
  /** Begun on another computer: its name. */
  readonly computer?: string;
  /** Of the keys on the token that belong to it, old and new. */
  readonly keyIds: readonly string[];
}

/**
 * The regenerations that a token says are under way, on whatever computer; where a record can not be read, what this
 * computer's journal says.
 *
 * @param held renewals of this computer of which something is on the token
 */
export function unfinishedRenewals(
  { records, damaged }: TokenProfiles,
  held: readonly JournalledRenewal[],
): readonly UnfinishedRenewal[] {
  const told = records.flatMap(({ renewal, userId, bankId }): readonly UnfinishedRenewal[] => {
    if (!renewal) return [];
    const own = held.some(({ id }) => id === renewal.id);
    return [
      {
        startedAt: renewal.startedAt,
        userId,
        bankId,
        ...(own ? {} : { computer: renewal.computer }),
        keyIds: renewalKeyIds(renewal),
      },
    ];
  });
  if (!damaged) return told;
  const untold = held.filter((renewal) => !records.some((record) => isProfileOf(record, renewal)));
  return [
    ...told,
    ...untold.map(({ startedAt, userId, bankId, facts }) => {
      const { oldSignatureKeyId, oldSignInKeyId, signatureKeyId, signInKeyId } = facts;
      return {
        startedAt,
        userId,
        bankId,
        keyIds: [oldSignatureKeyId, oldSignInKeyId, signatureKeyId, signInKeyId],
      };
    }),
  ];
}
