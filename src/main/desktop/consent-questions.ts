import { asSecret } from '#shared/bytes.ts';
import type { ConsentView } from '#shared/consent-views.ts';
import { KiltError } from '#shared/errors.ts';
import type { ConsentDesk, ConsentQuestion } from '#main/browser/consent-desk.ts';
import type { Handlers } from './ipc.ts';

/** The window in which consent is asked for. */
export interface ConsentSurface {
  /** Brings the window up for a question, without taking the keyboard from whoever is typing. */
  open(): void;
  close(): void;
  /** The user has closed it. */
  onClosed(listener: () => void): void;
}

type ConsentCalls = Pick<Handlers, 'consent.current' | 'consent.show' | 'consent.agree' | 'consent.refuse'>;

interface Waiting {
  readonly question: ConsentQuestion;
  readonly settle: (outcome: 'agreed' | 'refused') => void;
}

/** Puts one question after another into the consent window. */
export class ConsentQuestions implements ConsentDesk {
  readonly #surface: ConsentSurface;
  readonly #tell: (view: ConsentView | null) => void;
  #waiting: Waiting | undefined;

  constructor(surface: ConsentSurface, tell: (view: ConsentView | null) => void) {
    this.#surface = surface;
    this.#tell = tell;
    surface.onClosed(() => this.#waiting?.settle('refused'));
  }

  async ask(question: ConsentQuestion, signal: AbortSignal): Promise<'agreed' | 'refused'> {
    if (this.#waiting || signal.aborted) return 'refused';
    const change = (): void => this.#tell(question.view());
    const stopFollowing = question.onChange(change);
    try {
      return await new Promise((resolve) => {
        this.#waiting = { question, settle: resolve };
        signal.addEventListener('abort', () => resolve('refused'), { once: true });
        change();
        this.#surface.open();
      });
    } finally {
      stopFollowing();
      this.#waiting = undefined;
      this.#tell(null);
      this.#surface.close();
    }
  }

  /** Calls of the consent window; ipc.ts lets no other page make them. */
  handlers(): ConsentCalls {
    return {
      'consent.current': async () => this.#waiting?.question.view() ?? null,
      'consent.show': ({ id, documentId }) => this.#meant(id).question.show(documentId),
      'consent.agree': async ({ id, key, pin }) => {
        const { question, settle } = this.#meant(id);
        await question.agree({ key, pin: pin && asSecret(pin) });
        settle('agreed');
      },
      'consent.refuse': async ({ id }) => this.#meant(id).settle('refused'),
    };
  }

  /** @throws KiltError `page-request-void`: what was on the screen is not asked any more */
  #meant(id: string): Waiting {
    if (this.#waiting?.question.id !== id) throw new KiltError('page-request-void');
    return this.#waiting;
  }
}
