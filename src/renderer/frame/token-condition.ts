import type { RegistrationView, TokensView, TokenView } from '#shared/views.ts';

/** What is the matter with a token, or why none is shown. Texts stand under `conditions.<condition>`. */
export type TokenCondition =
  Exclude<TokenView['state'], 'ready'> | TokenView['kind'] | 'blocked' | 'running' | 'signedIn';
export type Condition = TokenCondition | Exclude<TokensView['presence'], 'ready'>;

/** The condition that decides what can be done; a blocked PIN outweighs what is stored on the token. */
export function tokenCondition(
  token: TokenView,
  registrations: readonly RegistrationView[] = [],
  signedInTokenId?: string,
): TokenCondition {
  if (token.state !== 'ready') return token.state;
  if (token.id === signedInTokenId) return 'signedIn';
  const running = registrations.some((one) => one.state === 'running' && one.tokenSerial === token.serial);
  if (running) return 'running';
  return token.userPin?.blocked === true ? 'blocked' : token.kind;
}

export type Mood = 'good' | 'calm' | 'busy' | 'attention' | 'bad';

/** How a condition is coloured. Words and icon say the same, so nothing hangs on the colour alone. */
export function moodOf(condition: Condition): Mood {
  switch (condition) {
    case 'registered':
    case 'signedIn':
      return 'good';
    case 'empty':
    case 'national':
      return 'calm';
    case 'starting':
    case 'reading':
    case 'running':
      return 'busy';
    case 'blocked':
    case 'mute':
    case 'half-formatted':
      return 'bad';
    case 'service-off':
    case 'no-reader':
    case 'no-token':
    case 'unsupported':
    case 'in-use':
    case 'unfinished':
    case 'foreign':
    case 'unknown':
      return 'attention';
  }
}

/** True when a password may be typed for the token. */
export const canBeOpened = (condition: Condition): boolean =>
  condition === 'registered' ||
  condition === 'empty' ||
  condition === 'national' ||
  condition === 'unfinished';
