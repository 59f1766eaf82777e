import { element } from './page-element.ts';
import { askBank } from './bank-calls.ts';
import { asking } from './asking.ts';
import { chosenWay } from './way-switch.ts';

/** «Войти с ключом»: a challenge from the bank, the customer's answer to it, and the account's page. */
export function startFrontPage(): void {
  const button = element('sign-in', HTMLButtonElement);
  button.addEventListener('click', () => {
    void asking(button, async (signal) => {
      const { challengeId = '', nonce = '', statement = '' } = await askBank('/site/challenges', {});
      const answer = await chosenWay().signIn({ nonce, statement }, signal);
      await askBank('/site/sessions', { challengeId, ...answer });
      location.assign('/account');
    });
  });
}
