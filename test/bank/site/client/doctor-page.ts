import type { SiteText } from '../site-texts.ts';
import { kilt } from './extension-way.ts';
import { loopbackPorts, loopbackState, permissionState } from './loopback.ts';
import { element } from './page-element.ts';
import { t } from './page-texts.ts';

/** One link of the chain between the page and Kilt. After the first that fails, the rest is not known. */
interface Link {
  readonly name: string;
  readonly title: string;
  readonly state: 'ok' | 'fails' | 'unknown';
  readonly text?: string | undefined;
  /** What the page can do about it. */
  readonly repair?: { readonly title: string; readonly run: () => Promise<unknown> } | undefined;
}

/** The page's half of the connection doctor: what only the browser can tell. */
export function startDoctorPage(): void {
  const again = element('again', HTMLButtonElement);
  const look = async (): Promise<void> => {
    again.disabled = true;
    show('extension-links', await extensionLinks());
    show('ncalayer-links', await ncalayerLinks());
    again.disabled = false;
  };
  again.addEventListener('click', () => void look());
  void look();
}

async function extensionLinks(): Promise<Link[]> {
  const found = await kilt.isAvailable();
  const reason = found.available ? undefined : found.reason;
  const order = ['browser-refuses', 'no-extension', 'no-host', 'kilt-off'] as const;
  const broken = order.indexOf(reason === 'version' ? 'kilt-off' : (reason ?? ('none' as 'kilt-off')));
  const titles: readonly SiteText[] = ['link.browser', 'link.extension', 'link.host', 'link.kilt'];
  const links = titles.map((title, index): Link => {
    const state = broken === -1 || index < broken ? 'ok' : index === broken ? 'fails' : 'unknown';
    const text =
      state === 'fails' && reason ? t(`reason.${reason}`) : index === 0 ? t('link.browserText') : undefined;
    return { name: title, title: t(title), state, text };
  });
  if (!found.available)
    return [...links, { name: 'link.approved', title: t('link.approved'), state: 'unknown' }];
  const approved: Link = found.approved
    ? { name: 'link.approved', title: t('link.approved'), state: 'ok' }
    : {
        name: 'link.approved',
        title: t('link.approved'),
        state: 'unknown',
        text: t('link.approvedAsk'),
        repair: { title: t('link.askPermission'), run: () => kilt.connect() },
      };
  return [...links, approved];
}

async function ncalayerLinks(): Promise<Link[]> {
  const links: Link[] = [];
  const states = await Promise.all(loopbackPorts.map((port) => loopbackState(port)));
  const permission = await permissionState();
  if (permission !== undefined) {
    links.push({
      name: 'link.permission',
      title: t('link.permission'),
      state: permission === 'denied' ? 'fails' : permission === 'granted' ? 'ok' : 'unknown',
      text: permission === 'denied' ? t('reason.permission-denied') : t('link.permissionText'),
    });
  }
  // One port is enough: the second is NCALayer's own, which Kilt takes only where its user wants it.
  const answering = states.indexOf('ok');
  const port = String(loopbackPorts[answering === -1 ? 0 : answering]);
  links.push({
    name: 'link.loopback',
    title: t('link.loopback', { port }),
    state: answering === -1 ? 'fails' : 'ok',
    text: answering === -1 ? t('reason.certificate-untrusted', { port }) : undefined,
  });
  return links;
}

function show(list: string, links: readonly Link[]): void {
  element(list, HTMLOListElement).replaceChildren(...links.map(itemFor));
}

const signs = { ok: '✓', fails: '✕', unknown: '·' } as const;
const verdicts = { ok: 'doctorOk', fails: 'doctorFails', unknown: 'doctorUnknown' } as const;

function itemFor({ name, title, state, text, repair }: Link): HTMLLIElement {
  const item = document.createElement('li');
  item.dataset['state'] = state;
  item.dataset['link'] = name;
  item.append(span('sign', signs[state]), span('title', title), span('verdict', t(verdicts[state])));
  if (text !== undefined) {
    const small = document.createElement('small');
    small.textContent = text;
    item.append(small);
  }
  if (repair) {
    const button = document.createElement('button');
    button.type = 'button';
    button.className = 'quiet';
    button.textContent = repair.title;
    button.addEventListener('click', () => {
      button.disabled = true;
      const look = (): void => element('again', HTMLButtonElement).click();
      repair.run().then(look, look);
    });
    item.append(button);
  }
  return item;
}

function span(kind: string, text: string): HTMLSpanElement {
  const made = document.createElement('span');
  made.className = kind;
  made.textContent = text;
  return made;
}
