import { KiltError } from '#shared/errors.ts';
import type { PinCustody } from '#main/token/pin-custody.ts';
import type { TokenSession } from '#main/token/token-session.ts';
import type { TokenWatch } from '#main/token/token-watch.ts';

/**
 * Runs `work` in one card transaction with the user logged in by the PIN in custody.
 *
 * A PIN that the token refuses leaves the custody at once: it is never sent a second time.
 *
 * @param tokenSerial the token that is meant; another one in its place is refused before any PIN is sent
 * @throws KiltError `token-swapped`, `pin-needed` (none in custody), `wrong-pin`, `pin-blocked`, and those of `work`
 */
export function openUserSession<T>(
  { tokens, pins }: { tokens: TokenWatch; pins: PinCustody },
  tokenId: string,
  tokenSerial: string,
  work: (session: TokenSession) => Promise<T>,
): Promise<T> {
  return tokens.withSession(tokenId, async (session) => {
    assertMeantToken(session, tokenSerial);
    await pins.use(tokenId, 'user', (pin) => session.login('user', pin));
    return work(session);
  });
}

/** @throws KiltError `token-swapped` */
export function assertMeantToken(session: TokenSession, tokenSerial: string): void {
  if (session.serial !== tokenSerial) throw new KiltError('token-swapped');
}
