import path from 'node:path';
import { wipe } from '#shared/bytes.ts';
import { KiltError } from '#shared/errors.ts';
import type { RegistrationView } from '#shared/views.ts';
import { pinBytesMeetRules } from '#shared/pin-rules.ts';
import type { Kilt } from '#main/kilt.ts';
import { chooseToken } from './choose-token.ts';
import type { CommandRun } from './main.ts';
import type { Output } from './output.ts';
import { readSecret } from './secret-input.ts';

export interface RegisterOptions {
  readonly token?: string;
  readonly bank?: string;
  readonly userId?: string;
  readonly keyFile?: string;
  readonly label?: string;
  readonly pinFd?: number;
  readonly newPinFd?: number;
  readonly registrationPinFd?: number;
  readonly keyFilePasswordFd?: number;
}

/** The wizard on the command line: the same order, the same checks, nothing on the token before all is known. */
export const registerCommand: CommandRun<RegisterOptions> = async (kilt, options, output) => {
  const token = await chooseToken(kilt, options);
  if (token.kind === 'registered' && token.userId === options.userId) {
    // Asked for again: the profile is there, and nothing has to be done.
    output.result({ registered: true, token }, () => [`${token.label ?? ''}\t${token.kind}`]);
    return;
  }
  if (token.kind === 'registered') throw new KiltError('token-not-empty');
  const pin = await readSecret('PIN', options.pinFd);
  const opened = await kilt.profiles.open(token.id, pin).finally(() => wipe(pin));
  if (opened.outcome === 'signed-in') throw new KiltError('token-not-empty');
  const stopTelling = tellProgress(kilt, output);
  const registration =
    opened.outcome === 'continue-registration'
      ? await continueRegistration(kilt, token.id, opened.registration, options)
      : await beginRegistration(kilt, token.id, options);
  const ended = await kilt.runner.ended(registration.journalId);
  stopTelling();
  if (ended.error) throw new KiltError(ended.error.id, ended.error.data);
  if (ended.state !== 'finished') throw new KiltError('operation-cancelled');
  const after = await chooseToken(kilt, options);
  output.result({ registered: true, registration: ended, token: after }, () => [
    `${after.label ?? ''}\t${ended.state}`,
  ]);
};

async function beginRegistration(
  kilt: Kilt,
  tokenId: string,
  options: RegisterOptions,
): Promise<RegistrationView> {
  if (options.userId === undefined) throw new KiltError('input-invalid', { field: '--user-id' });
  const draft = await kilt.drafts.check(chooseBank(kilt, options.bank), {
    userId: options.userId,
    ...(await readRegistrationData(options)),
  });
  const newPin = await readNewPin(options);
  try {
    return kilt.register({ draftId: draft.id, tokenId, label: options.label ?? '', newPin });
  } finally {
    wipe(newPin);
  }
}

async function continueRegistration(
  kilt: Kilt,
  tokenId: string,
  { journalId, needs }: RegistrationView,
  options: RegisterOptions,
): Promise<RegistrationView> {
  const newPin = needs.pinOnToken === 'new' ? undefined : await readNewPin(options);
  try {
    return await kilt.resume({
      registrationId: journalId,
      tokenId,
      newPin,
      data: needs.registrationData
        ? { ...(await readRegistrationData(options)), userId: options.userId }
        : undefined,
    });
  } finally {
    wipe(newPin);
  }
}

async function readRegistrationData(options: RegisterOptions) {
  const registrationPin = await readSecret('PIN (OTP)', options.registrationPinFd);
  if (options.keyFile === undefined) return { registrationPin };
  const password =
    options.keyFilePasswordFd === undefined
      ? registrationPin
      : await readSecret('Key file', options.keyFilePasswordFd);
  return { registrationPin, keyFile: { path: path.resolve(options.keyFile), password } };
}

async function readNewPin(options: RegisterOptions) {
  const newPin = await readSecret('New PIN', options.newPinFd);
  if (pinBytesMeetRules(newPin)) return newPin;
  wipe(newPin);
  throw new KiltError('pin-refused', { role: 'user' });
}

function chooseBank(kilt: Kilt, id: string | undefined) {
  if (id !== undefined) return kilt.banks.get(id);
  const [bank, another] = kilt.banks.all();
  if (!bank) throw new KiltError('bank-file-invalid', { field: '--bank-file', reason: 'no bank file' });
  if (another) throw new KiltError('input-invalid', { field: '--bank' });
  return bank;
}

function tellProgress(kilt: Kilt, output: Output): () => void {
  let told: string | undefined;
  return kilt.runner.onChange(({ current }) => {
    if (current !== undefined && current !== told) output.progress(current);
    told = current;
  });
}
