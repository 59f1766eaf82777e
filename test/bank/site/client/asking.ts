import { BankRefusal } from './bank-calls.ts';
import { element } from './page-element.ts';
import { t } from './page-texts.ts';
import { WayFailure } from './way.ts';

/** Runs what a button starts: the customer sees that Kilt waits, may cancel, and is told how it failed. */
export async function asking(
  button: HTMLButtonElement,
  work: (signal: AbortSignal) => Promise<void>,
): Promise<void> {
  const busy = element('busy', HTMLElement);
  const cancel = element('cancel', HTMLButtonElement);
  const controller = new AbortController();
  const stop = (): void => controller.abort();
  element('message', HTMLElement).hidden = true;
  button.disabled = true;
  busy.hidden = false;
  cancel.addEventListener('click', stop);
  try {
    await work(controller.signal);
  } catch (error) {
    const { text, code } = wordsFor(error);
    showMessage(text, 'bad', code);
  } finally {
    cancel.removeEventListener('click', stop);
    busy.hidden = true;
    button.disabled = false;
  }
}

export function showMessage(text: string, kind: 'good' | 'bad', code?: string): void {
  const message = element('message', HTMLElement);
  message.textContent = text;
  if (code !== undefined) {
    const small = document.createElement('small');
    small.textContent = t('failureCode', { code });
    message.append(small);
  }
  message.classList.toggle('good', kind === 'good');
  message.hidden = false;
}

function wordsFor(error: unknown): { text: string; code?: string | undefined } {
  if (error instanceof WayFailure) return { text: t(error.text, error.values), code: error.code };
  if (error instanceof BankRefusal) {
    if (error.error === 'session-ended') return { text: t('sessionEnded') };
    if (error.error === 'request-invalid') return { text: t('fieldWrong') };
    return { text: t('bankRefused', { error: error.error }) };
  }
  throw error;
}
