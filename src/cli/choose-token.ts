import { setTimeout as sleep } from 'node:timers/promises';
import { KiltError, type ErrorId } from '#shared/errors.ts';
import type { Presence, TokenView } from '#shared/views.ts';
import type { Kilt } from '#main/kilt.ts';
import { commandLineProblem } from './command-line-problem.ts';

/** How long a command that needs a token waits for one. */
const patienceSeconds = 10;

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
 * The token that a command works on: the one with the serial number given, or the only one that can be used. Cards of
 * other kinds in other readers do not count.
 *
 * @throws KiltError why there is none; `input-invalid` {problem: `several-tokens` | `no-such-token`, known}
 */
export async function chooseToken(
  kilt: Kilt,
  options: { readonly token?: string; readonly wait?: number },
): Promise<TokenView> {
  const tokens = await waitForTokens(kilt, options.wait ?? patienceSeconds);
  const ready = tokens.filter(({ state }) => state === 'ready');
  const known = ready.map(({ serial }) => serial ?? '').join(', ');
  if (options.token !== undefined && ready.length > 0) {
    const wanted = options.token.toUpperCase();
    const found = ready.find(({ serial }) => serial === wanted);
    if (!found) throw commandLineProblem('no-such-token', { value: options.token, known });
    return found;
  }
  const [token, another] = ready;
  if (another) throw commandLineProblem('several-tokens', { known });
  if (token) return token;
  const { presence } = kilt.tokensView();
  // A token that does not answer is nearer to being the right one than a card of another kind.
  const mute = tokens.find(({ state }) => state === 'mute');
  if (mute && presence !== 'in-use') throw new KiltError('token-mute', { reader: mute.reader });
  throw new KiltError(presence === 'ready' ? 'token-removed' : whyNone[presence]);
}
