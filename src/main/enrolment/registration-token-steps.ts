import { equalBytes } from '#shared/bytes.ts';
import { KiltError } from '#shared/errors.ts';
import { isProfileOf } from '#shared/views.ts';
import type { TokenObjects } from '#main/token/token-session.ts';
import {
  begunProfile,
  encodeProfileRecord,
  readProfiles,
  registeredProfiles,
  type ProfileRecord,
} from './profile-record.ts';
import type { RegistrationContext } from './registration-context.ts';

/**
 * The steps that change the token. Each asks the token how things stand and does only what is missing, so that it can
 * be repeated after any interruption.
 */

/** Makes the PKCS#15 application and writes the record that says a registration has begun. */
export async function prepareToken(context: RegistrationContext): Promise<void> {
  await context.withUser(async (session) => {
    const objects = await session.objects();
    const record = ownRecord(context, objects);
    // They came on it since this was begun: the PIN is theirs too.
    if (!record && registeredProfiles(objects).length > 0 && context.facts.keepsPin !== true)
      context.learn({ keepsPin: true });
    await session.createPkcs15(context.registration.label);
    if (record?.userId === context.registration.userId) return;
    const begun = { ...newRecord(context), ...(record && { pin: record.pin }) };
    await session.writeDataObject(encodeProfileRecord(begun, objects));
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
    const objects = await session.objects();
    const record = ownRecord(context, objects) ?? newRecord(context);
    const write = (pin: ProfileRecord['pin']) =>
      session.writeDataObject(encodeProfileRecord({ ...record, pin }, objects));
    const newPin = context.secrets.newPin;
    if (record.pin === 'new') return;
    if (!newPin) throw new KiltError('pin-needed', { role: 'user' });
    const unchanged = await context.services.pins.use(context.tokenId, 'user', (pin) =>
      Promise.resolve(equalBytes(pin, newPin)),
    );
    if (!unchanged) {
      await write('changing');
      await session.setPin('user', newPin);
      context.services.pins.keep(context.tokenId, 'user', newPin);
    }
    await write('new');
  });
}

/** The last write: the token now says that it holds a registered profile. */
export async function writeRegisteredRecord(context: RegistrationContext): Promise<void> {
  const record: ProfileRecord = { ...newRecord(context), state: 'registered', pin: 'new' };
  await context.withUser(async (session) =>
    session.writeDataObject(encodeProfileRecord(record, await session.objects())),
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
    pin: facts.keepsPin === true ? 'new' : 'old',
    signatureKeyId: facts.signatureKeyId,
    signInKeyId: facts.signInKeyId,
  };
}

/** @throws KiltError `profile-on-token`, `registration-elsewhere` while another registration is open on the token */
function ownRecord({ registration }: RegistrationContext, objects: TokenObjects): ProfileRecord | undefined {
  const profiles = readProfiles(objects);
  const own = profiles.records.find(({ registrationId }) => registrationId === registration.id);
  if (own) return own;
  const begun = begunProfile(profiles);
  if (begun)
    throw new KiltError('registration-elsewhere', { startedAt: begun.startedAt, computer: begun.computer });
  if (profiles.records.some((record) => isProfileOf(record, registration)))
    throw new KiltError('profile-on-token');
  return undefined;
}
