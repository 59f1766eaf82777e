import { setTimeout as sleep } from 'node:timers/promises';
import { KiltError, type ErrorId } from '#shared/errors.ts';
import type { Presence, TokenView } from '#shared/views.ts';
import type { Kilt } from '#main/kilt.ts';

const whyNone: Readonly<Record<Exclude<Presence, 'ready'>, ErrorId>> = {
  starting: 'no-reader',
  'service-off': 'pcsc-service-off',
  'no-reader': 'no-reader',
  'no-token': 'token-removed',
  unsupported: 'token-unsupported',
  'in-use': 'token-in-use',
};

/**
 * Waits until the tokens that are connected have been read.
 *
 * @returns at once when one is ready, else when the time is over
 */
export async function waitForTokens(kilt: Kilt, seconds: number): Promise<readonly TokenView[]> {
  const abort = new AbortController();
  const settled = () => {
    const { presence, tokens } = kilt.tokensView();
    return presence === 'ready' && tokens.every(({ state }) => state !== 'reading');
  };
  const stopListening = kilt.tokens.onChange(() => {
    if (settled()) abort.abort();
  });
  if (!settled()) await sleep(seconds * 1000, undefined, { signal: abort.signal }).catch(() => undefined);
  stopListening();
  return kilt.tokensView().tokens;
}

/**
 * The token that a command works on: the one with the serial number given, or the only one there is.
 *
 * @throws KiltError why there is none; `input-invalid` {field: `--token`} when several are connected
 */
export async function chooseToken(
  kilt: Kilt,
  options: { readonly token?: string; readonly wait: number },
): Promise<TokenView> {
  const tokens = (await waitForTokens(kilt, options.wait)).filter(
    ({ serial }) => options.token === undefined || serial === options.token.toUpperCase(),
  );
  const [token, another] = tokens;
  if (another)
    throw new KiltError('input-invalid', { field: '--token', reason: 'several tokens are connected' });
  if (!token) {
    const { presence } = kilt.tokensView();
    throw new KiltError(presence === 'ready' ? 'token-removed' : whyNone[presence]);
  }
  return token;
}
