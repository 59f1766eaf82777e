import { wipe } from '#shared/bytes.ts';
import { KiltError, isKiltError } from '#shared/errors.ts';
import { decodeKeptCredentials, encodeKeptCredentials, keptCredentialsName } from './kept-credentials.ts';
import type { RegistrationContext } from './registration-context.ts';
import type { CaCredentials } from './registration-secrets.ts';

/**
 * What authenticates the customer to the CA while a registration runs: typed, or read back from the token where a
 * former run has kept it (decision 015). The journal is told before and after each change of what the token holds.
 */

/**
 * The credentials of this run.
 *
 * @throws KiltError `registration-unfinished` when they have to be typed again; those of a token session
 */
export async function credentialsOf(context: RegistrationContext): Promise<CaCredentials> {
  context.secrets.credentials ??= await readKept(context);
  if (context.secrets.credentials) return context.secrets.credentials;
  throw new KiltError('registration-unfinished', { reason: 'registration data must be typed again' });
}

async function readKept(context: RegistrationContext): Promise<CaCredentials | undefined> {
  const { credentialsOnToken, signatureTransaction } = context.facts;
  if (credentialsOnToken !== 'kept' && credentialsOnToken !== 'writing') return undefined;
  const content = await context.withUser((session) => session.readPrivateData(keptCredentialsName));
  let kept;
  try {
    kept = content && (await decodeKeptCredentials(content, context.registration.id));
  } finally {
    wipe(content ?? undefined);
  }
  // Another computer's journal does not say where the CMP transaction stood; the token does.
  if (kept && signatureTransaction === undefined) context.learn({ signatureTransaction: kept.transaction });
  return kept?.credentials;
}

/**
 * Writes them to the token, so that its password is all that is needed after a restart. Where that can not be done the
 * registration goes on as well, and they will have to be typed again.
 */
export async function keepCredentials(context: RegistrationContext, transaction: unknown): Promise<void> {
  const { credentials } = context.secrets;
  const { credentialsOnToken } = context.facts;
  // A NUC signature is on the token by itself.
  if (context.bank.authentication === 'national-signature') return;
  if (!credentials || credentialsOnToken === 'kept') return;
  // Once refused by a token, whatever was the matter with it, it would be refused with every poll.
  if (credentialsOnToken === 'not-kept' && context.secrets.keepingFailed === true) return;
  const content = encodeKeptCredentials({
    registrationId: context.registration.id,
    transaction,
    credentials,
  });
  if (!content) {
    context.learn({ credentialsOnToken: 'not-kept' });
    return;
  }
  context.learn({ credentialsOnToken: 'writing' });
  try {
    await context.withUser((session) => session.writePrivateData({ ...keptCredentialsName, content }));
  } catch (error) {
    if (!isKiltError(error)) throw error;
    context.secrets.keepingFailed = true;
    context.learn({ credentialsOnToken: 'not-kept' });
    return;
  } finally {
    wipe(content);
  }
  context.learn({ credentialsOnToken: 'kept' });
}

/** Takes them off the token once the CA has confirmed. Told to the journal first: nothing is asked of the CA again. */
export async function removeKeptCredentials(context: RegistrationContext): Promise<void> {
  const { credentialsOnToken } = context.facts;
  if (credentialsOnToken === undefined || credentialsOnToken === 'removed') return;
  context.learn({ credentialsOnToken: 'removing', signatureConfirmed: true });
  await context.withUser(removeFromToken);
  context.learn({ credentialsOnToken: 'removed' });
}

/**
 * The CA has refused them: they are of no use any more. A token that can not be reached now keeps them until the
 * registration is confirmed; they are not used again.
 */
export async function dropKeptCredentials(context: RegistrationContext): Promise<void> {
  const { credentialsOnToken } = context.facts;
  if (credentialsOnToken === undefined || credentialsOnToken === 'removed') return;
  context.learn({ credentialsOnToken: 'removing' });
  try {
    await context.withUser(removeFromToken);
  } catch (error) {
    if (!isKiltError(error)) throw error;
    return;
  }
  context.learn({ credentialsOnToken: 'removed' });
}

const removeFromToken = (session: {
  deleteDataObject(application: string, label: string): Promise<void>;
}): Promise<void> => session.deleteDataObject(keptCredentialsName.application, keptCredentialsName.label);
