import { expect, it } from 'vitest';
import { chooseToken } from '../../../src/cli/choose-token.ts';
import { isKiltError, type ErrorId } from '#shared/errors.ts';
import type { Presence, TokenView } from '#shared/views.ts';
import type { Kilt } from '#main/kilt.ts';

const token = (state: TokenView['state'], reader = 'Reader 0'): TokenView => ({
  id: reader,
  reader,
  state,
  label: null,
  kind: 'unknown',
  certificates: [],
});

/** As much of Kilt as choosing a token asks for: what is in the readers. */
const kiltWith = (presence: Presence, tokens: readonly TokenView[]): Kilt =>
  ({
    tokens: { onChange: () => () => undefined },
    tokensView: () => ({ presence, tokens, transport: 'pcsc' }),
  }) as unknown as Kilt;

it.each<[string, Presence, TokenView[], ErrorId]>([
  ['a token that does not answer', 'unsupported', [token('mute')], 'token-mute'],
  [
    'one that does not answer beside a strange card',
    'unsupported',
    [token('unsupported'), token('mute')],
    'token-mute',
  ],
  ['one that another program holds', 'in-use', [token('in-use'), token('mute', 'Reader 1')], 'token-in-use'],
  ['a strange card', 'unsupported', [token('unsupported')], 'token-unsupported'],
  ['no token', 'no-token', [], 'token-removed'],
])('where no token can be used, the command says why: %s', async (_, presence, tokens, id) => {
  const error: unknown = await chooseToken(kiltWith(presence, tokens), { wait: 0 }).catch(
    (caught: unknown) => caught,
  );
  expect(isKiltError(error, id)).toBe(true);
});
