import { pinReference } from '../access.ts';
import { type CardContext, CardSession, type CommandHandler } from '../card-context.ts';
import { demand, statusWord } from '../status-word.ts';

/** P1 P2 of INIT END (facts §2 no. 20). */
const END_P1 = 0x4e;
const END_P2 = 0x19;

/** INIT, 80 8A 00 00: takes everything away, PINs included, and opens the initialisation phase (facts §2 no. 19, T1). */
export const eraseAll: CommandHandler = (card, command) => {
  demand(command.p1 === 0 && command.p2 === 0, statusWord.badParameters);
  demand(command.data.length === 0, statusWord.wrongLength);
  demand(mayErase(card), statusWord.rightNotGranted);
  card.files.clear();
  card.phase = 'initialising';
  card.session = new CardSession(null);
  card.changed();
  return undefined;
};

function mayErase(card: CardContext): boolean {
  const administrator = card.files.pin(pinReference.administrator);
  const loggedIn = (card.session.logins & pinReference.administrator) !== 0;
  switch (card.behaviour.eraseNeeds) {
    case 'nobody':
      return true;
    case 'administrator':
      return administrator === undefined || loggedIn;
    case 'administrator-unless-blocked':
      return administrator === undefined || loggedIn || administrator.attemptsLeft === 0;
  }
}

/** INIT END, 80 84 4E 19: from here on every right counts (facts §2 no. 20, T3). */
export const endInitialisation: CommandHandler = (card, command) => {
  demand(command.p1 === END_P1 && command.p2 === END_P2, statusWord.badParameters);
  demand(command.data.length === 0, statusWord.wrongLength);
  demand(card.phase === 'initialising' && card.files.root !== null, statusWord.conditionsNotMet);
  card.phase = 'operational';
  card.changed();
  return undefined;
};
