import { beforeEach, describe, expect, it } from 'vitest';
import type { ConsentView } from '#shared/consent-views.ts';
import { KiltError } from '#shared/errors.ts';
import type { ConsentQuestion } from '#main/browser/consent-desk.ts';
import { ConsentQuestions, type ConsentSurface } from '#main/desktop/consent-questions.ts';

/** Stands for the window: whether it is up, and the user's cross. */
class Window implements ConsentSurface {
  isUp = false;
  cross: () => void = () => undefined;
  open(): void {
    this.isUp = true;
  }
  close(): void {
    this.isUp = false;
  }
  onClosed(listener: () => void): void {
    this.cross = listener;
  }
}

let window: Window;
let told: (string | null)[];
let questions: ConsentQuestions;
let agreed: unknown[];
beforeEach(() => {
  window = new Window();
  told = [];
  agreed = [];
  questions = new ConsentQuestions(window, (view) => told.push(view?.id ?? null));
});

const question = (id: string, agree: ConsentQuestion['agree'] = async () => undefined): ConsentQuestion => ({
  id,
  view: () => ({ id }) as ConsentView,
  show: () => Promise.reject(new Error('nothing to show')),
  onChange: () => () => undefined,
  agree: async (consent) => {
    agreed.push(consent);
    await agree(consent);
  },
});
const never = new AbortController().signal;

describe('questions of sites', () => {
  it('bring the window up, and it goes with the answer', async () => {
    const asked = questions.ask(question('1'), never);
    expect(window.isUp).toBe(true);
    await questions.handlers()['consent.refuse']({ id: '1' });
    expect(await asked).toBe('refused');
    expect(window.isUp).toBe(false);
    expect(told).toEqual(['1', null]);
  });

  it('come one at a time: a second is refused while the first waits', async () => {
    const first = questions.ask(question('1'), never);
    expect(await questions.ask(question('2'), never)).toBe('refused');
    await questions.handlers()['consent.agree']({ id: '1' });
    expect(await first).toBe('agreed');
  });

  it('are refused by the cross of the window, and taken back with their page', async () => {
    const crossed = questions.ask(question('1'), never);
    window.cross();
    expect(await crossed).toBe('refused');
    const page = new AbortController();
    const closed = questions.ask(question('2'), page.signal);
    page.abort();
    expect(await closed).toBe('refused');
    expect(window.isUp).toBe(false);
  });

  it('stay when what was typed is wrong, so that it can be typed again', async () => {
    const asked = questions.ask(
      question('1', async () => {
        if (agreed.length === 1) throw new KiltError('wrong-pin', { attemptsLeft: 9 });
      }),
      never,
    );
    const { 'consent.agree': agree } = questions.handlers();
    await expect(agree({ id: '1' })).rejects.toMatchObject({ id: 'wrong-pin' });
    expect(window.isUp).toBe(true);
    await agree({ id: '1' });
    expect(await asked).toBe('agreed');
  });

  it('can not be answered under another’s name', async () => {
    const asked = questions.ask(question('1'), never);
    const { 'consent.agree': agree, 'consent.refuse': refuse } = questions.handlers();
    await expect(agree({ id: '2' })).rejects.toMatchObject({ id: 'page-request-void' });
    await refuse({ id: '1' });
    await asked;
    expect(agreed).toEqual([]);
  });
});
