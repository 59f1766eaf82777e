import type { ConsentView } from '#shared/consent-views.ts';
import { secretFromText } from '#shared/bytes.ts';
import type { ConsentDesk, ConsentQuestion } from '#main/browser/consent-desk.ts';
import { readOrigin, type Origin } from '#main/browser/origin.ts';
import { chosenPassword } from './world.ts';

/** What a user does who is asked for consent. */
export type Answer = (question: ConsentQuestion, signal: AbortSignal) => Promise<'agreed' | 'refused'>;

/** A user at the consent window, without the window. Remembers what was asked. */
export class ScriptedUser implements ConsentDesk {
  readonly asked: ConsentView[] = [];
  answer: Answer;

  constructor(answer: Answer = agreeing()) {
    this.answer = answer;
  }

  ask(question: ConsentQuestion, signal: AbortSignal): Promise<'agreed' | 'refused'> {
    this.asked.push(question.view());
    return this.answer(question, signal);
  }
}

/** Says yes with the first key that is offered. */
export const agreeing =
  (pin = chosenPassword): Answer =>
  async (question) => {
    const { keys, needsKey, needsPin } = question.view();
    const [key] = keys;
    await question.agree({
      ...(needsKey && key ? { key: { tokenId: key.tokenId, fingerprint: key.fingerprint } } : {}),
      ...(needsPin ? { pin: secretFromText(pin) } : {}),
    });
    return 'agreed';
  };

export const refusing: Answer = () => Promise.resolve('refused');

/** Sits before the window and does nothing until the question is void. */
export const waiting: Answer = (_question, signal) =>
  new Promise((resolve) => {
    if (signal.aborted) resolve('refused');
    else signal.addEventListener('abort', () => resolve('refused'), { once: true });
  });

export function site(text: string): Origin {
  const origin = readOrigin(text, { allowLoopback: true });
  if (origin === undefined) throw new Error(`${text} is not an origin`);
  return origin;
}
