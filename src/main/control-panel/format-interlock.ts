import type { FormatBlocker } from '#shared/control-panel-views.ts';
import { KiltError } from '#shared/errors.ts';
import { readProfiles } from '#main/enrolment/profile-record.ts';
import { unfinishedRenewals } from '#main/enrolment/renewal/unfinished-renewal.ts';
import { unfinishedRegistration } from '#main/enrolment/token-views.ts';
import type { JournalledRegistration } from '#main/store/registration-journal.ts';
import type { JournalledRenewal } from '#main/store/renewal-journal.ts';
import type { TokenInfo, TokenObjects } from '#main/token/token-session.ts';
import type { KnownToken } from '#main/token/token-watch.ts';

/** Against the interlock: what an administrator types, and what is recorded. */
export interface InterlockOverride {
  readonly serial: string;
  readonly reason: string;
}

export interface InterlockFacts {
  readonly info: TokenInfo;
  readonly objects: TokenObjects;
  /** All that is in the readers. */
  readonly present: readonly KnownToken[];
  /** This computer's journal of the token. */
  readonly journal: readonly JournalledRegistration[];
  /** Of which something is on the token. */
  readonly renewals: readonly JournalledRenewal[];
  readonly bankName: (bankId: string) => string;
}

/**
 * What stands against formatting a token: another one beside it, of which it might be mistaken for, and a registration
 * or regeneration that is not finished, told by the token's own record (also from another computer) or by this computer's journal.
 *
 * A token whose format was interrupted holds nothing that could be lost any more.
 */
export function formatBlockers({
  info,
  objects,
  present,
  journal,
  renewals,
  bankName,
}: InterlockFacts): readonly FormatBlocker[] {
  const blockers: FormatBlocker[] = [];
  const count = present.filter(isUsable).length;
  if (count > 1) blockers.push({ kind: 'several-tokens', count });
  if (info.layout === 'half-formatted') return blockers;
  const profiles = readProfiles(objects);
  const registration = unfinishedRegistration(profiles, journal);
  const unfinished = [
    ...(registration ? [['unfinished-registration', registration] as const] : []),
    ...unfinishedRenewals(profiles, renewals).map((renewal) => ['unfinished-renewal', renewal] as const),
  ];
  for (const [kind, { startedAt, userId, bankId, computer }] of unfinished) {
    const where = computer === undefined ? {} : { computer };
    blockers.push({ kind, startedAt, userId, bankName: bankName(bankId), ...where });
  }
  return blockers;
}

/** A card of another kind can not be mistaken for a token; one that is busy or does not answer can. */
const isUsable = ({ state }: KnownToken): boolean => state !== 'unsupported';

/**
 * @returns the blocker that the override lifts, if there is one
 * @throws KiltError `several-tokens` {count}, `registration-unfinished` {startedAt}, `registration-elsewhere`
 *   {startedAt, computer}, `confirmation-differs` {field: `serial`}
 */
export function checkInterlock(
  blockers: readonly FormatBlocker[],
  serial: string,
  override: InterlockOverride | undefined,
): FormatBlocker | undefined {
  let lifted: FormatBlocker | undefined;
  for (const blocker of blockers) {
    if (blocker.kind === 'several-tokens') throw new KiltError('several-tokens', { count: blocker.count });
    const { kind, startedAt, computer } = blocker;
    if (!override) {
      const what = kind === 'unfinished-renewal' ? 'renewal' : 'registration';
      throw computer === undefined
        ? new KiltError(`${what}-unfinished`, { startedAt })
        : new KiltError(`${what}-elsewhere`, { startedAt, computer });
    }
    if (override.serial.trim().toUpperCase() !== serial)
      throw new KiltError('confirmation-differs', { field: 'serial' });
    if (override.reason.trim().length < shortestReason)
      throw new KiltError('input-invalid', { field: 'reason' });
    lifted = blocker;
  }
  return lifted;
}

/** A word is no reason. */
const shortestReason = 10;
