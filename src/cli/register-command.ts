import path from 'node:path';
import { wipe } from '#shared/bytes.ts';
import { KiltError } from '#shared/errors.ts';
import type { RegistrationView, TokenView } from '#shared/views.ts';
import type { BankSystem } from '#main/enrolment/bank-system.ts';
import type { RegistrationData } from '#main/enrolment/registration-drafts.ts';
import type { Kilt } from '#main/kilt.ts';
import { chooseToken } from './choose-token.ts';
import type { CommandRun } from './command.ts';
import { commandLineProblem } from './command-line-problem.ts';
import { continuingText, progressTeller } from './registration-progress.ts';
import { TypedSecrets, type SecretDescriptors } from './typed-secrets.ts';

export interface RegisterOptions extends SecretDescriptors {
  readonly token?: string;
  readonly bank?: string;
  readonly userId?: string;
  readonly keyFile?: string;
  readonly certificate?: string;
  readonly label?: string;
  readonly oneMore?: true;
}

/** The wizard on the command line: the same order, the same checks, nothing on the token before all is known. */
export const registerCommand: CommandRun<RegisterOptions> = async (kilt, options, output) => {
  const { t, progress, result } = output;
  const token = await chooseToken(kilt, options);
  const profiles = token.profiles ?? [];
  const same = profiles.find(
    ({ userId, bankId }) => userId === options.userId && (options.bank ?? bankId) === bankId,
  );
  if (same && !token.unfinished) {
    // Asked for again: the profile is there, and nothing has to be done.
    const label = token.label ?? same.userId;
    result({ registered: true, token }, () => [t('commandLine.alreadyRegistered', { label })]);
    return;
  }
  if (profiles.length > 0 && !token.unfinished && !options.oneMore)
    throw commandLineProblem('holds-profiles', { known: profiles.map(({ userId }) => userId).join(', ') });
  // Before any secret is asked for.
  const bank = token.unfinished ? kilt.banks.get(token.unfinished.bankId) : chooseBank(kilt, options.bank);
  if (!token.unfinished) requireData(bank, token, options);
  const secrets = new TypedSecrets(options, t);
  const stopTelling = kilt.runner.onChange(progressTeller(t, progress));
  try {
    const unfinished = await open(kilt, token, secrets);
    if (unfinished) progress(continuingText(unfinished, t));
    const { journalId } = unfinished
      ? await continueRegistration(kilt, token, unfinished, bank, options, secrets)
      : await beginRegistration(kilt, token, bank, options, secrets);
    const ended = await kilt.runner.ended(journalId);
    if (ended.error) throw new KiltError(ended.error.id, ended.error.data);
    if (ended.state !== 'finished') throw new KiltError('operation-cancelled');
    const after = await chooseToken(kilt, { ...options, token: ended.tokenSerial });
    result({ registered: true, registration: ended, token: after }, () => [
      t('commandLine.registered', { label: after.label ?? ended.label }),
    ]);
  } finally {
    stopTelling();
    secrets.forget();
  }
};

/** @returns the registration that was begun on the token, if there is one */
async function open(
  kilt: Kilt,
  token: TokenView,
  secrets: TypedSecrets,
): Promise<RegistrationView | undefined> {
  const pin = await secrets.present(token);
  const opened = await kilt.profiles.open(token.id, pin, 'new').finally(() => wipe(pin));
  return opened.outcome === 'continue-registration' ? opened.registration : undefined;
}

async function beginRegistration(
  kilt: Kilt,
  token: TokenView,
  bank: BankSystem,
  options: RegisterOptions,
  secrets: TypedSecrets,
): Promise<RegistrationView> {
  const { userId, nationalSerialNumber } = requireData(bank, token, options);
  const national = nationalSerialNumber && {
    token: kilt.token(token.id),
    serialNumber: nationalSerialNumber,
  };
  const draft = await withRegistrationData(bank, options, secrets, (data) =>
    kilt.drafts.check(bank, { ...data, userId, ...(national && { national }) }),
  );
  const keepsPin = (token.profiles ?? []).length > 0;
  const newPin = keepsPin ? undefined : await secrets.newPin();
  try {
    return kilt.register({ draftId: draft.id, tokenId: token.id, label: options.label ?? '', newPin });
  } finally {
    wipe(newPin);
  }
}

async function continueRegistration(
  kilt: Kilt,
  token: TokenView,
  { journalId, needs }: RegistrationView,
  bank: BankSystem,
  options: RegisterOptions,
  secrets: TypedSecrets,
): Promise<RegistrationView> {
  const newPin = needs.pinOnToken === 'new' ? undefined : await secrets.newPin();
  const order = { registrationId: journalId, tokenId: token.id, newPin };
  try {
    if (!needs.registrationData) return await kilt.resume(order);
    const nationalSerialNumber =
      bank.authentication === 'national-signature' ? requireNational(bank, token, options) : undefined;
    return await withRegistrationData(bank, options, secrets, (data) =>
      kilt.resume({ ...order, data: { ...data, userId: options.userId, nationalSerialNumber } }),
    );
  } finally {
    wipe(newPin);
  }
}

/** Lends what authenticates the customer to the CA to `work`, and wipes it. */
async function withRegistrationData<T>(
  bank: BankSystem,
  options: RegisterOptions,
  secrets: TypedSecrets,
  work: (data: Omit<RegistrationData, 'userId' | 'national'>) => Promise<T>,
): Promise<T> {
  const keyFile = bank.authentication === 'initial-key' ? requireKeyFile(options) : undefined;
  const registrationPin = await secrets.registrationPin();
  try {
    if (keyFile === undefined) return await work({ registrationPin });
    const password = await secrets.keyFilePassword(registrationPin);
    try {
      return await work({ registrationPin, keyFile: { path: path.resolve(keyFile), password } });
    } finally {
      wipe(password);
    }
  } finally {
    wipe(registrationPin);
  }
}

function requireData(
  bank: BankSystem,
  token: TokenView,
  options: RegisterOptions,
): { readonly userId: string; readonly nationalSerialNumber?: string } {
  const { userId } = options;
  if (userId === undefined) throw commandLineProblem('missing', { option: '--user-id' });
  if (bank.authentication === 'initial-key') requireKeyFile(options);
  if (bank.authentication !== 'national-signature') return { userId };
  return { userId, nationalSerialNumber: requireNational(bank, token, options) };
}

/** Number of the NUC signature that is to authenticate: the one asked for, or the only one that fits. */
function requireNational(
  bank: BankSystem,
  { national = [] }: TokenView,
  { certificate }: RegisterOptions,
): string {
  const asked = certificate?.toLowerCase();
  const wanted = asked === undefined ? national : national.filter((one) => one.serialNumber === asked);
  const [fitting, another] = wanted.filter(({ fits }) => fits[bank.id] === 'fits');
  const known = national.map(({ serialNumber, algorithm }) => `${serialNumber} (${algorithm})`).join(', ');
  if (another) throw commandLineProblem('several-signatures', { known });
  if (fitting) return fitting.serialNumber;
  if (certificate !== undefined && wanted.length === 0 && national.length > 0)
    throw commandLineProblem('unknown-signature', { value: certificate, known });
  const likelyCause = wanted[0]?.fits[bank.id];
  if (likelyCause === undefined) throw new KiltError('national-signature-missing');
  throw new KiltError('national-signature-unusable', { likelyCause });
}

function requireKeyFile({ keyFile }: RegisterOptions): string {
  if (keyFile === undefined) throw commandLineProblem('missing', { option: '--key-file' });
  return keyFile;
}

function chooseBank(kilt: Kilt, id: string | undefined): BankSystem {
  const banks = kilt.banks.offered();
  const known = banks.map((bank) => bank.id).join(', ');
  const [first, another] = banks;
  if (!first) throw kilt.banks.entries().find(({ error }) => error)?.error ?? commandLineProblem('no-bank');
  if (id !== undefined) {
    const isThere = kilt.banks.entries().some(({ bank }) => bank?.id === id);
    if (!isThere) throw commandLineProblem('unknown-bank', { value: id, known });
    return kilt.banks.getForNewProfile(id);
  }
  if (another) throw commandLineProblem('several-banks', { known });
  return first;
}
