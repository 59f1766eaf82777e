import type { JournalledRenewal } from '#main/store/renewal-journal.ts';
import type { readProfileRecord } from '../profile-record.ts';

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
 * The regeneration that a token says is under way, on whatever computer; where its record can not be read, what this
 * computer's journal says.
 *
 * @param held renewals of this computer of which something is on the token
 */
export function unfinishedRenewal(
  record: ReturnType<typeof readProfileRecord>,
  held: readonly JournalledRenewal[],
): UnfinishedRenewal | undefined {
  if (record !== undefined && record !== 'damaged') {
    const { renewal, userId, bankId } = record;
    if (!renewal) return undefined;
    const own = held.some(({ id }) => id === renewal.id);
    return {
      startedAt: renewal.startedAt,
      userId,
      bankId,
      ...(own ? {} : { computer: renewal.computer }),
      keyIds: [
        renewal.oldSignatureKeyId,
        renewal.oldSignInKeyId,
        renewal.newSignatureKeyId,
        renewal.newSignInKeyId,
      ],
    };
  }
  const [begun] = record === 'damaged' ? held : [];
  if (!begun) return undefined;
  const { startedAt, userId, bankId, facts } = begun;
  const { oldSignatureKeyId, oldSignInKeyId, signatureKeyId, signInKeyId } = facts;
  return {
    startedAt,
    userId,
    bankId,
    keyIds: [oldSignatureKeyId, oldSignInKeyId, signatureKeyId, signInKeyId],
  };
}
