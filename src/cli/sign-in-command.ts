import { wipe } from '#shared/bytes.ts';
import { KiltError } from '#shared/errors.ts';
import { chooseToken } from './choose-token.ts';
import type { CommandRun } from './command.ts';
import { TypedSecrets } from './typed-secrets.ts';

export const signInCommand: CommandRun<{ token?: string; pinFd?: number }> = async (
  kilt,
  options,
  { result, t, language },
) => {
  const token = await chooseToken(kilt, options);
  if (token.kind === 'unfinished') throw new KiltError('registration-unfinished');
  if (token.kind !== 'registered') throw new KiltError('key-not-found');
  const secrets = new TypedSecrets(options, t);
  const pin = await secrets.present(token);
  const opened = await kilt.profiles.open(token.id, pin).finally(() => {
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
