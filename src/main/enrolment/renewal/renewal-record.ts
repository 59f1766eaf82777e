import { KiltError } from '#shared/errors.ts';
import { isProfileOf } from '#shared/views.ts';
import type { JournalledRenewal } from '#main/store/renewal-journal.ts';
import type { TokenObjects, TokenSession } from '#main/token/token-session.ts';
import {
  encodeProfileRecord,
  profileRecord,
  readProfiles,
  type ProfileRecord,
  type RecordedRenewal,
} from '../profile-record.ts';
import type { RenewalContext } from './renewal-context.ts';

/**
 * What the token itself says of a renewal. The card writes a changed record beside the old one, so that there is always
 * one that can be read: the old, or the new.
 */

/** What the record says while this renewal is under way. */
const recorded = (work: JournalledRenewal, computer: string): RecordedRenewal => ({
  id: work.id,
  startedAt: work.startedAt,
  computer,
  oldSignatureKeyId: work.facts.oldSignatureKeyId,
  oldSignInKeyId: work.facts.oldSignInKeyId,
  newSignatureKeyId: work.facts.signatureKeyId,
  newSignInKeyId: work.facts.signInKeyId,
  authentication: work.facts.authentication,
});

/** Writes that this renewal has begun: the old keys are in use. Without effect where the token says so already. */
export async function writeBegun(context: RenewalContext, session: TokenSession): Promise<void> {
  await rewrite(context, session, (record) =>
    record.renewal
      ? undefined
      : { ...record, renewal: recorded(context.work, context.services.computerName) },
  );
}

/** The switch, one write: from here on the token says that the new keys are in use. */
export async function writeNewKeysInUse(context: RenewalContext, session: TokenSession): Promise<void> {
  const { signatureKeyId, signInKeyId } = context.facts;
  await rewrite(context, session, (record) => ({
    ...record,
    signatureKeyId,
    signInKeyId,
    renewal: record.renewal ?? recorded(context.work, context.services.computerName),
  }));
}

/** The last write, and that of a renewal that is undone: the keys in use stay as they are. */
export async function writeEnded(context: RenewalContext, session: TokenSession): Promise<void> {
  await rewrite(context, session, ({ renewal: _, ...record }) => record);
}

/** @param changed gives `undefined` where nothing is to be written */
async function rewrite(
  { work }: RenewalContext,
  session: TokenSession,
  changed: (record: ProfileRecord) => ProfileRecord | undefined,
): Promise<void> {
  const objects = await session.objects();
  const record = changed(ownRecord(work, objects));
  if (record) await session.writeDataObject(encodeProfileRecord(record, objects));
}

/**
 * The record of this renewal's profile; as the journal has it where the token's is not readable.
 *
 * @throws KiltError `renewal-elsewhere` {startedAt, computer}, `token-swapped` when only other profiles are on the token,
 *   `renewal-record-damaged`
 */
function ownRecord(work: JournalledRenewal, objects: TokenObjects): ProfileRecord {
  const { records, damaged } = readProfiles(objects);
  const own = records.find((record) => isProfileOf(record, work));
  if (own) {
    checkRecord(own, work);
    return own;
  }
  if (records.length > 0 && !damaged) throw new KiltError('token-swapped');
  return fromJournal(work);
}

/** @throws KiltError as {@link ownRecord} */
function checkRecord({ state, renewal }: ProfileRecord, { id }: JournalledRenewal): void {
  if (state !== 'registered') throw new KiltError('token-swapped');
  if (renewal && renewal.id !== id)
    throw new KiltError('renewal-elsewhere', { startedAt: renewal.startedAt, computer: renewal.computer });
}

function fromJournal({ facts, lines }: JournalledRenewal): ProfileRecord {
  const read = profileRecord.safeParse(facts.record);
  if (!read.success) throw new KiltError('renewal-record-damaged');
  const switched = lines.some(({ step }) => step === 'new-keys-in-use');
  if (!switched) return read.data;
  return { ...read.data, signatureKeyId: facts.signatureKeyId, signInKeyId: facts.signInKeyId };
}
