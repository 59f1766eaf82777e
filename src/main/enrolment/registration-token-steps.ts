import { equalBytes } from '#shared/bytes.ts';
import { KiltError } from '#shared/errors.ts';
import type { TokenSession } from '#main/token/token-session.ts';
import { encodeProfileRecord, readProfileRecord, type ProfileRecord } from './profile-record.ts';
import type { RegistrationContext } from './registration-context.ts';

/**
 * The steps that change the token. Each asks the token how things stand and does only what is missing, so that it can
 * be repeated after any interruption.
 */

/** Makes the PKCS#15 application and writes the record that says a registration has begun. */
export async function prepareToken(context: RegistrationContext): Promise<void> {
  await context.withUser(async (session) => {
    const record = await readOwnRecord(context, session);
    await session.createPkcs15(context.registration.label);
    if (record?.userId === context.registration.userId) return;
    await session.writeDataObject(encodeProfileRecord({ ...newRecord(context), pin: record?.pin ?? 'old' }));
  });
}

/**
 * Sets the password chosen in the wizard.
 *
 * A card does not tell which PIN it has. The record on the token does: `changing` before the change and `new` after
 * it, so that a run cut anywhere else knows for certain. Only if the token lost power between those two writes is the
 * user asked to try.
 */
export async function setChosenPin(context: RegistrationContext): Promise<void> {
  await context.withUser(async (session) => {
    const record = (await readOwnRecord(context, session)) ?? newRecord(context);
    const newPin = context.secrets.newPin;
    if (record.pin === 'new') return;
    if (!newPin) throw new KiltError('pin-needed', { role: 'user' });
    const unchanged = await context.services.pins.use(context.tokenId, 'user', (pin) =>
      Promise.resolve(equalBytes(pin, newPin)),
    );
    if (!unchanged) {
      await session.writeDataObject(encodeProfileRecord({ ...record, pin: 'changing' }));
      await session.setPin('user', newPin);
      context.services.pins.keep(context.tokenId, 'user', newPin);
    }
    await session.writeDataObject(encodeProfileRecord({ ...record, pin: 'new' }));
  });
}

/** The last write: the token now says that it holds a registered profile. */
export async function writeRegisteredRecord(context: RegistrationContext): Promise<void> {
  await context.withUser((session) =>
    session.writeDataObject(encodeProfileRecord({ ...newRecord(context), state: 'registered', pin: 'new' })),
  );
}

function newRecord(context: RegistrationContext): ProfileRecord {
  const { id, bankId, userId, startedAt, facts } = context.registration;
  return {
    format: 1,
    state: 'begun',
    bankId,
    userId,
    registrationId: id,
    startedAt,
    computer: context.services.computerName,
    pin: 'old',
    signatureKeyId: facts.signatureKeyId,
    signInKeyId: facts.signInKeyId,
  };
}

/** @throws KiltError `registration-elsewhere`, `token-not-empty` when the token belongs to another registration */
async function readOwnRecord(
  context: RegistrationContext,
  session: TokenSession,
): Promise<ProfileRecord | undefined> {
  const record = readProfileRecord(await session.objects());
  if (record === undefined || record === 'damaged') return undefined;
  if (record.registrationId === context.registration.id) return record;
  if (record.state === 'registered') throw new KiltError('token-not-empty');
  throw new KiltError('registration-elsewhere', { startedAt: record.startedAt, computer: record.computer });
}
