import { isProfileOf } from '#shared/views.ts';
import type { JournalledRenewal, RenewalJournal } from '#main/store/renewal-journal.ts';
import type { KnownToken } from '#main/token/token-watch.ts';
import { readProfiles, registeredProfiles, type ProfileRecord } from '../profile-record.ts';
import { adoptRenewal } from './renewal-opening.ts';

export interface Settling {
  readonly journal: RenewalJournal;
  readonly isRunning: (id: string) => boolean;
  readonly finish: (id: string) => void;
  /** Of which something has changed. */
  readonly tell: (id: string) => void;
}

/**
 * Makes the journal agree with what a token says: takes over what another computer has begun, and closes what it, or a
 * program that was killed, has ended.
 *
 * @throws KiltError `disk-full`
 */
export function settleRenewals(
  { info, objects, state }: KnownToken,
  { journal, isRunning, finish, tell }: Settling,
): void {
  if (state !== 'ready' || !info || !objects) return;
  const records = registeredProfiles(objects);
  for (const record of records) {
    const label = info.label ?? record.userId;
    if (journal.isRunningOn(info.serial)) break;
    const adopted = adoptRenewal(journal, { record, objects, tokenSerial: info.serial, label });
    if (adopted) tell(adopted.id);
  }
  if (records.length === 0 || readProfiles(objects).damaged) return;
  for (const renewal of journal.heldOnToken(info.serial)) {
    if (isRunning(renewal.id)) continue;
    const record = records.find((one) => isProfileOf(one, renewal));
    if (record?.renewal?.id === renewal.id) continue;
    const end = endToldBy(record, renewal);
    if (end === undefined) continue;
    if (end === 'finished') finish(renewal.id);
    else if (end === 'undone') journal.learn(renewal.id, { undone: true });
    else journal.setState(renewal.id, 'abandoned');
    tell(renewal.id);
  }
}

/**
 * How a renewal has ended of which the record of its profile does not tell any more; `undefined`: it has not come so far
 * that it would.
 */
function endToldBy(
  record: ProfileRecord | undefined,
  { facts, lines }: JournalledRenewal,
): 'finished' | 'undone' | 'abandoned' | undefined {
  if (record?.signatureKeyId === facts.signatureKeyId) return 'finished';
  if (!lines.some(({ step, phase }) => step === 'renewal-recorded' && phase === 'done')) return undefined;
  // Somebody else has undone it.
  return facts.refusal ? 'undone' : 'abandoned';
}
