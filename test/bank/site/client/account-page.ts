import { asking, showMessage } from './asking.ts';
import { askBank, BankRefusal } from './bank-calls.ts';
import { element } from './page-element.ts';
import { t } from './page-texts.ts';
import { chosenWay } from './way-switch.ts';

/** The order is drawn up by the bank, signed by the customer, and taken by the bank. */
export function startAccountPage(): void {
  const form = element('order', HTMLFormElement);
  const accepted = new URLSearchParams(location.hash.slice(1)).get('accepted');
  if (accepted !== null) {
    showMessage(t('acceptedNow', { number: accepted }), 'good');
    history.replaceState(undefined, '', location.pathname);
  }
  form.addEventListener('submit', (event) => {
    event.preventDefault();
    void asking(element('sign-order', HTMLButtonElement), async (signal) => {
      markWrong(form, []);
      const { orderId = '', ...document } = await drawnUp(form);
      const { name = '', mediaType = '', document: content = '' } = document;
      const signature = await chosenWay().sign({ name, mediaType, document: content }, signal);
      const { number = '' } = await askBank(`/site/orders/${orderId}/signature`, { signature });
      location.hash = new URLSearchParams({ accepted: number }).toString();
      location.reload();
    });
  });
}

async function drawnUp(form: HTMLFormElement): Promise<Readonly<Record<string, string>>> {
  const filled = Object.fromEntries(
    [...new FormData(form)].map(([name, value]) => [name, typeof value === 'string' ? value.trim() : '']),
  );
  delete filled['way'];
  try {
    return await askBank('/site/orders', filled);
  } catch (error) {
    if (error instanceof BankRefusal && error.error === 'request-invalid')
      markWrong(form, error.message.split(' '));
    throw error;
  }
}

function markWrong(form: HTMLFormElement, names: readonly string[]): void {
  for (const input of form.querySelectorAll('input')) {
    const wrong = names.includes(input.name);
    input.setAttribute('aria-invalid', String(wrong));
    input.title = wrong ? t('fieldWrong') : '';
  }
}
