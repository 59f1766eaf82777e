import { KiltError } from '#shared/errors.ts';
import type { JournalledRenewal } from '#main/store/renewal-journal.ts';
import type { TokenSession } from '#main/token/token-session.ts';
import {
  encodeProfileRecord,
  profileRecord,
  readProfileRecord,
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
  const record = await ownRecord(context, session);
  if (record.renewal) return;
  await write(session, { ...record, renewal: recorded(context.work, context.services.computerName) });
}

/** The switch, one write: from here on the token says that the new keys are in use. */
export async function writeNewKeysInUse(context: RenewalContext, session: TokenSession): Promise<void> {
  const record = await ownRecord(context, session);
  const { signatureKeyId, signInKeyId } = context.facts;
  await write(session, {
    ...record,
    signatureKeyId,
    signInKeyId,
    renewal: record.renewal ?? recorded(context.work, context.services.computerName),
  });
}

/** The last write, and that of a renewal that is undone: the keys in use stay as they are. */
export async function writeEnded(context: RenewalContext, session: TokenSession): Promise<void> {
  const { renewal: _, ...record } = await ownRecord(context, session);
  await write(session, record);
}

const write = (session: TokenSession, record: ProfileRecord): Promise<void> =>
  session.writeDataObject(encodeProfileRecord(record));

/**
 * The token's record, where it is this renewal's or nobody's; as the journal has it where the token's is not readable.
 *
 * @throws KiltError `renewal-elsewhere` {startedAt, computer}, `token-swapped` when another profile is on the token,
 *   `renewal-record-damaged`
 */
async function ownRecord(context: RenewalContext, session: TokenSession): Promise<ProfileRecord> {
  const { work } = context;
  const record = readProfileRecord(await session.objects());
  if (record === undefined || record === 'damaged') return fromJournal(work);
  checkRecord(record, work);
  return record;
}

/** @throws KiltError as {@link ownRecord} */
export function checkRecord(record: ProfileRecord, { id, bankId, userId }: JournalledRenewal): void {
  if (record.state !== 'registered' || record.bankId !== bankId || record.userId !== userId)
    throw new KiltError('token-swapped');
  const { renewal } = record;
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
