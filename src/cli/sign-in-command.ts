import { wipe } from '#shared/bytes.ts';
import { KiltError } from '#shared/errors.ts';
import { chooseProfile, type ProfileOptions } from './choose-profile.ts';
import { chooseToken } from './choose-token.ts';
import type { CommandRun } from './command.ts';
import { TypedSecrets } from './typed-secrets.ts';

export const signInCommand: CommandRun<ProfileOptions & { token?: string; pinFd?: number }> = async (
  kilt,
  options,
  { result, t, language },
) => {
  const token = await chooseToken(kilt, options);
  const profile = chooseProfile(token.profiles ?? [], options);
  if (!profile) throw new KiltError(token.unfinished ? 'registration-unfinished' : 'key-not-found');
  const secrets = new TypedSecrets(options, t);
  const pin = await secrets.present(token);
  const opened = await kilt.profiles.open(token.id, pin, profile).finally(() => {
    wipe(pin);
    secrets.forget();
  });
  if (opened.outcome !== 'signed-in') throw new KiltError('registration-unfinished');
  const { home } = opened;
  const pageUrl = kilt.profiles.bankPage(token.id);
  result({ signedIn: true, home, pageUrl }, () => [
    t('home.title', { bank: home.bank.name[language] }),
    t('home.customer', { name: home.customerName, userId: home.userId }),
    t('commandLine.page', { url: pageUrl }),
  ]);
};
