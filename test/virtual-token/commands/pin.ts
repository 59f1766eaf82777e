import { equalBytes } from '#shared/bytes.ts';

import { accessMode } from '../access.ts';
import type { CardContext, CommandHandler } from '../card-context.ts';
import type { PinFile } from '../file-system.ts';
import { demand, refuse, statusWord, triesLeft } from '../status-word.ts';

const UNBLOCK_ONLY = 0x03;

/** VERIFY, 00 20 00 ref: log in, or ask for the counter when there is no data (facts §2 no. 11, 12; T10). */
export const verify: CommandHandler = (card, command) => {
  demand(command.p1 === 0, statusWord.badParameters);
  const pin = pinNamed(card, command.p2);
  if (command.data.length === 0) return refuse(statusOf(card, pin));
  demand(!isLoggedIn(card, pin), statusWord.alreadyLoggedIn);
  demand(pin.attemptsLeft > 0, statusWord.blocked);
  demand(pin.value !== null, statusWord.conditionsNotMet);
  if (!equalBytes(pin.value, command.data)) {
    pin.attemptsLeft -= 1;
    card.changed();
    refuse(card.behaviour.wrongPinAnswer === '6300' ? statusWord.wrongPin : triesLeft(pin.attemptsLeft));
  }
  refillAttempts(card, pin);
  card.session.logins |= pin.id;
  return undefined;
};

function statusOf(card: CardContext, pin: PinFile): number {
  if (isLoggedIn(card, pin)) {
    const { statusQueryWhileLoggedIn: answer } = card.behaviour;
    if (answer !== '63Cx') return answer === '9000' ? statusWord.ok : statusWord.alreadyLoggedIn;
  }
  return pin.attemptsLeft === 0 ? statusWord.blocked : triesLeft(pin.attemptsLeft);
}

/** RESET RETRY COUNTER, 00 2C 03 ref: refills the tries and leaves the PIN as it is (facts §2 no. 15, §6). */
export const resetRetryCounter: CommandHandler = (card, command) => {
  demand(command.p1 === UNBLOCK_ONLY, statusWord.badParameters);
  demand(command.data.length === 0, statusWord.wrongLength);
  const pin = pinNamed(card, command.p2);
  card.session.demandRight(pin, accessMode.pin.unblock);
  refillAttempts(card, pin);
  return undefined;
};

/** RESET ACCESS RIGHTS, 80 40 00 00: nobody is logged in any more (facts §2 no. 13). */
export const resetAccessRights: CommandHandler = (card, command) => {
  demand(command.p1 === 0 && command.p2 === 0, statusWord.badParameters);
  demand(command.data.length === 0, statusWord.wrongLength);
  card.session.logins = 0;
  return undefined;
};

/** @throws CardRefusal 6982, 6983 when this PIN may not be set now */
export function demandPinChange(card: CardContext, pin: PinFile): void {
  // In the initialisation phase the first value of a PIN needs no login (facts §8).
  const first = card.phase === 'initialising' && pin.value === null;
  if (!first) card.session.demandRight(pin, accessMode.pin.change);
  const blocked = pin.attemptsLeft === 0 && card.behaviour.changeOfBlockedPin === '6983';
  demand(!blocked, statusWord.blocked);
}

/** Sets the PIN (facts §2 no. 14). @throws CardRefusal 6A80 too short or too long, 6A84 */
export function setPin(card: CardContext, pin: PinFile, value: Uint8Array): void {
  const fits = value.length >= pin.minLength && value.length <= card.behaviour.longestPin;
  demand(fits, statusWord.badData);
  const growth = value.length - (pin.value?.length ?? pin.declaredSize);
  demand(growth <= card.files.freeBytes(), statusWord.noMemory);
  pin.value?.fill(0);
  pin.value = value.slice();
  if (card.behaviour.changeRefillsAttempts) refillAttempts(card, pin);
  card.changed();
}

export function pinNamed(card: CardContext, reference: number): PinFile {
  const pin = card.files.pin(reference);
  demand(pin !== undefined, statusWord.referenceNotFound);
  return pin;
}

function refillAttempts(card: CardContext, pin: PinFile): void {
  if (pin.attemptsLeft === pin.maxAttempts) return;
  pin.attemptsLeft = pin.maxAttempts;
  card.changed();
}

const isLoggedIn = (card: CardContext, pin: PinFile): boolean => (card.session.logins & pin.id) !== 0;
