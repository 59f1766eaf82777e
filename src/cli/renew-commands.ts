import { wipe } from '#shared/bytes.ts';
import { KiltError } from '#shared/errors.ts';
import { openRenewal } from '#shared/key-set-state.ts';
import type { KeySetView } from '#shared/renewal-views.ts';
import type { TokenView } from '#shared/views.ts';
import { formatDate } from '#shared/texts/formats.ts';
import type { Kilt } from '#main/kilt.ts';
import { chooseProfile, type ProfileOptions } from './choose-profile.ts';
import { chooseToken } from './choose-token.ts';
import type { CommandRun } from './command.ts';
import { keySetLines, keySetValue } from './key-set-lines.ts';
import type { Output } from './output.ts';
import { TypedSecrets } from './typed-secrets.ts';

interface RenewOptions extends ProfileOptions {
  readonly token?: string;
  readonly pinFd?: number;
  readonly registrationPinFd?: number;
}

/** `kilt renew start`: new keys beside the old ones, and the request to the bank. Ends when the bank has it or has answered. */
export const renewStartCommand: CommandRun<RenewOptions> = async (kilt, options, output) => {
  const { token, set } = await keySetOn(kilt, options);
  const unfinished = openRenewal(set);
  if (unfinished) throw new KiltError('renewal-unfinished', { startedAt: unfinished.startedAt });
  const plan = kilt.renewals.plan(set.id);
  const [obstacle] = plan.obstacles;
  if (obstacle) throw new KiltError(obstacle.id, obstacle.data);
  if (plan.expectedAt !== undefined) {
    const date = formatDate(new Date(plan.expectedAt));
    output.progress(
      `${output.t('keys.description.expected')}: ${output.t('keys.description.expectedBy', { date })}`,
    );
  }
  const asksNewPin = plan.authentication === 'id-and-pin';
  const sent = await withSecrets(options, output, token, asksNewPin, (secrets) =>
    kilt.renewals.send({ keySetId: set.id, tokenId: token.id, ...secrets }),
  );
  tell(await followed(kilt, sent), output);
};

/**
 * `kilt renew continue`: asks how the request stands; where the bank has issued, or the work was interrupted, one VERIFY, and
 * it goes on to the new keys in use.
 */
export const renewContinueCommand: CommandRun<RenewOptions> = async (kilt, options, output) => {
  const { token, set: before } = await keySetOn(kilt, options);
  await kilt.renewals.refresh();
  const set = again(kilt, before);
  const renewal = openRenewal(set);
  // Nothing was begun, or only the bank can go on: how it stands is the answer.
  if (!renewal || (renewal.waitingUntil !== undefined && !renewal.readyToTake)) {
    tell(set, output);
    return;
  }
  const { needs, journalId } = renewal;
  const going = await withSecrets(options, output, token, needs.registrationPin, (secrets) =>
    kilt.renewals.continue({ journalId, tokenId: token.id, ...secrets }),
  );
  tell(await followed(kilt, going, { taking: renewal.readyToTake }), output);
};

/** `kilt renew status`: asks the bank and the revocation services now, without a password, and changes nothing. */
export const renewStatusCommand: CommandRun<RenewOptions> = async (kilt, options, output) => {
  const { set } = await keySetOn(kilt, options);
  await kilt.renewals.refresh();
  tell(again(kilt, set), output);
};

/** `kilt renew close`: the bank's refusal has been read; the new keys are gone and the old ones in use. */
export const renewCloseCommand: CommandRun<RenewOptions> = async (kilt, options, output) => {
  const { set } = await keySetOn(kilt, options);
  if (set.renewal) await kilt.renewals.close(set.renewal.journalId);
  tell(again(kilt, set), output);
};

/** The key set on the token that is in the reader. @throws KiltError `key-not-found`, and those of {@link chooseProfile} */
async function keySetOn(kilt: Kilt, options: RenewOptions): Promise<{ token: TokenView; set: KeySetView }> {
  const token = await chooseToken(kilt, options);
  const onToken = kilt.renewals.list().filter(({ tokenSerial }) => tokenSerial === token.serial);
  const set = chooseProfile(onToken, options);
  if (!set) throw new KiltError('key-not-found');
  return { token, set };
}

const again = (kilt: Kilt, set: KeySetView): KeySetView =>
  kilt.renewals.list().find(({ id }) => id === set.id) ?? set;

async function withSecrets(
  options: RenewOptions,
  { t }: Output,
  token: TokenView,
  asksRegistrationPin: boolean,
  work: (
    secrets: Pick<Parameters<Kilt['renewals']['send']>[0], 'pin' | 'registrationPin'>,
  ) => Promise<KeySetView>,
): Promise<KeySetView> {
  const secrets = new TypedSecrets(options, t);
  const pin = await secrets.present(token);
  const registrationPin = asksRegistrationPin ? await secrets.registrationPin() : undefined;
  try {
    return await work({ pin, registrationPin });
  } finally {
    wipe(pin);
    wipe(registrationPin);
    secrets.forget();
  }
}

/** Waits for the bank's word, for the end, or for what went wrong. @throws KiltError what went wrong */
async function followed(
  kilt: Kilt,
  { id, renewal: begun }: KeySetView,
  { taking = false }: { readonly taking?: boolean } = {},
): Promise<KeySetView> {
  const settled = (): KeySetView | undefined => {
    const set = kilt.renewals.list().find((one) => one.id === id);
    if (set?.renewal === undefined) return set;
    const { state, waitingUntil, readyToTake } = set.renewal;
    if (set.renewal.journalId !== begun?.journalId || state !== 'running') return set;
    return (readyToTake && !taking) || (waitingUntil !== undefined && !readyToTake) ? set : undefined;
  };
  const set = await new Promise<KeySetView>((resolve) => {
    const look = (): void => {
      const found = settled();
      if (!found) return;
      stop();
      resolve(found);
    };
    const stop = kilt.renewals.onChange(look);
    look();
  });
  const { renewal, status } = set;
  if (renewal?.error && renewal.state !== 'running' && status !== 'refused')
    throw new KiltError(renewal.error.id, renewal.error.data);
  return set;
}

function tell(set: KeySetView, { result, t }: Output): void {
  result({ keySet: keySetValue(set) }, () => keySetLines(set, t));
}
