import type { SecretBytes } from '#shared/bytes.ts';
import { isKiltError, KiltError } from '#shared/errors.ts';
import { pinReference, type Kaztoken } from './kaztoken.ts';
import type { PinAccess } from './pin-access.ts';

export interface WipeTools {
  readonly card: Kaztoken;
  readonly pins: PinAccess;
}

/**
 * Wipes the card. Whether the chip wants the administrator to be logged in for that is not known (facts §4, §7); where
 * it does and a format was cut off, the PIN that stands in the way is that format's own.
 *
 * @param newPin the administrator PIN the card is to have; what an interrupted format was most likely given too
 * @param isHalfFormatted asked only when the card refuses
 * @throws KiltError `pin-needed` {role: administrator}
 */
export async function wipeCard(
  { card, pins }: WipeTools,
  newPin: SecretBytes,
  isHalfFormatted: () => Promise<boolean>,
): Promise<void> {
  const erase = async (): Promise<void> => {
    try {
      await card.eraseAll();
    } catch (error) {
      if (!isKiltError(error, 'pin-needed')) throw error;
      throw new KiltError('pin-needed', { ...error.data, role: 'administrator' }, { cause: error });
    }
  };
  try {
    await erase();
    return;
  } catch (refusal) {
    const canHelp = isKiltError(refusal, 'pin-needed') && !pins.isLoggedIn('administrator');
    if (!canHelp || !(await isHalfFormatted())) throw refusal;
    await becomeAdministrator({ card, pins }, newPin);
  }
  await erase();
}

/**
 * On a card whose format was cut off: gives the administrator's PIN its first value if it has none, then logs in with
 * it. A wrong guess costs one try of a PIN that is about to be wiped, and never the last.
 */
async function becomeAdministrator({ card, pins }: WipeTools, pin: SecretBytes): Promise<void> {
  const isRefusal = (error: unknown): boolean =>
    (['pin-needed', 'pin-blocked', 'wrong-pin', 'token-answer-unexpected'] as const).some((id) =>
      isKiltError(error, id),
    );
  const attempt = async (step: Promise<void>): Promise<void> => {
    await step.catch((error: unknown) => {
      if (!isRefusal(error)) throw error;
    });
  };
  await attempt(card.changeReferenceData(pinReference.administrator, pin));
  const { attemptsLeft } = await pins.status('administrator');
  if (attemptsLeft !== null && attemptsLeft > 1) await attempt(pins.login('administrator', pin));
}
