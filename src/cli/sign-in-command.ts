import { wipe } from '#shared/bytes.ts';
import { KiltError } from '#shared/errors.ts';
import { chooseToken } from './choose-token.ts';
import type { CommandRun } from './main.ts';
import { readSecret } from './secret-input.ts';

export const signInCommand: CommandRun<{ token?: string; pinFd?: number }> = async (
  kilt,
  options,
  output,
) => {
  const token = await chooseToken(kilt, options);
  if (token.kind === 'unfinished') throw new KiltError('registration-unfinished');
  if (token.kind !== 'registered') throw new KiltError('key-not-found', { reason: 'no profile' });
  const pin = await readSecret('PIN', options.pinFd);
  const opened = await kilt.profiles.open(token.id, pin).finally(() => wipe(pin));
  if (opened.outcome !== 'signed-in') throw new KiltError('registration-unfinished');
  const { home } = opened;
  output.result({ signedIn: true, home, pageUrl: kilt.profiles.bankPage(token.id) }, () => [
    `${home.customerName}\t${home.bank.name[options.language]}`,
  ]);
};
