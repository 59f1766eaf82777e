import { hasEnded, type TokenEntry } from '#shared/token-entries.ts';
import type { RegistrationView, TokensView, TokenView } from '#shared/views.ts';

/** What is the matter with a token, or why none is shown. Texts stand under `conditions.<condition>`. */
export type TokenCondition =
  | Exclude<TokenView['state'], 'ready'>
  | TokenView['kind']
  | 'blocked'
  | 'running'
  | 'waiting'
  | 'accepted'
  | 'ended'
  | 'signedIn';
export type Condition = TokenCondition | Exclude<TokensView['presence'], 'ready'>;

/**
 * The condition that decides what can be done; a blocked PIN outweighs what is stored on the token. While another profile's
 * registration waits for the bank, a registered one can be used.
 */
export function tokenCondition(
  token: TokenView | TokenEntry,
  registrations: readonly RegistrationView[] = [],
  { signedInTokenId, now = new Date() }: { signedInTokenId?: string | undefined; now?: Date } = {},
): TokenCondition {
  if (token.state !== 'ready') return token.state;
  if (token.id === signedInTokenId) return 'signedIn';
  const running = registrations.find((one) => one.state === 'running' && one.tokenSerial === token.serial);
  if (running && running.waitingUntil === undefined) return 'running';
  if (running && !('profile' in token)) return 'waiting';
  if (token.userPin?.blocked === true) return 'blocked';
  if (token.kind === 'registered' && hasEnded(token, now)) return 'ended';
  return token.kind === 'unfinished' && isAccepted(token, registrations) ? 'accepted' : token.kind;
}

/** «Принят банком»: this computer's journal knows best; without one the token says it. */
function isAccepted({ unfinished }: TokenView, registrations: readonly RegistrationView[]): boolean {
  const own = registrations.find(({ journalId }) => journalId === unfinished?.journalId);
  return own ? own.waitingUntil !== undefined : unfinished?.acceptedByBank === true;
}

/** When the bank is asked again about the registration on this token. */
export function nextCheckOf(
  { serial, unfinished }: TokenView,
  registrations: readonly RegistrationView[] = [],
): Date | undefined {
  const own = registrations.find((one) => one.tokenSerial === serial && one.state !== 'finished');
  const moment = own ? own.waitingUntil : unfinished?.waitingUntil;
  return moment === undefined ? undefined : new Date(moment);
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
    case 'waiting':
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
    case 'accepted':
    case 'ended':
    case 'foreign':
    case 'unknown':
      return 'attention';
  }
}

/** True while a registration is under way that can be looked at. */
export const isUnderWay = (condition: Condition | undefined): boolean =>
  condition === 'running' || condition === 'waiting';

/** True when a password may be typed for the token. */
export const canBeOpened = (condition: Condition): boolean =>
  condition === 'registered' ||
  condition === 'ended' ||
  condition === 'empty' ||
  condition === 'national' ||
  condition === 'unfinished' ||
  condition === 'accepted';
