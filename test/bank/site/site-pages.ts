import type { Customer } from '../records/entries.ts';
import type { AcceptedOrder } from './order-desk.ts';
import { accountOf } from './payment-order.ts';
import { siteTexts, type SiteLanguage, type SiteText } from './site-texts.ts';

export const escapeHtml = (text: string): string =>
  text.replace(/[&<>"']/g, (character) => `&#${String(character.charCodeAt(0))};`);

/** A JSON island: `<` can not end the element it stands in. */
const island = (id: string, value: unknown): string =>
  `<script type="application/json" id="${id}">${JSON.stringify(value).replaceAll('<', '\\u003c')}</script>`;

interface PageSettings {
  readonly language: SiteLanguage;
  readonly name: 'front' | 'account' | 'doctor';
  readonly heading?: string;
  readonly content: string;
}

function sitePage({ language, name, heading = '', content }: PageSettings): string {
  const t = siteTexts[language];
  return `<!doctype html>
<html lang="${language}"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>${t.title} · ${t.bank}</title><link rel="stylesheet" href="/site/site.css"></head>
<body data-page="${name}">
<header><a class="brand" href="/"><span class="mark" aria-hidden="true">K</span>${t.bank}</a>${heading}</header>
<main>${content}</main>
<footer><span>${t.note}</span><a href="/doctor">${t.doctorLink}</a></footer>
${island('texts', { language, texts: t })}
<script type="module" src="/site/site.js"></script></body></html>`;
}

/** Which way the page takes to Kilt; the script keeps the choice. */
function waySwitch(language: SiteLanguage): string {
  const t = siteTexts[language];
  return `<fieldset class="ways"><legend>${t.way}</legend>
<label><input type="radio" name="way" value="extension" checked><span>${t.wayExtension}</span></label>
<label><input type="radio" name="way" value="ncalayer"><span>${t.wayNcalayer}</span></label></fieldset>`;
}

const messageBox = '<p class="message" id="message" role="status" hidden></p>';
const busyBox = (language: SiteLanguage): string => {
  const t = siteTexts[language];
  return `<div class="busy" id="busy" hidden><span class="spinner" aria-hidden="true"></span><span>${t.waiting}</span>
<button type="button" class="quiet" id="cancel">${t.cancel}</button></div>`;
};

/** The bank's front page: sign-in. @param notSignedIn words of the old page: open Kilt, and it opens this page */
export function frontPage(language: SiteLanguage, notSignedIn: { title: string; text: string }): string {
  const t = siteTexts[language];
  return sitePage({
    language,
    name: 'front',
    content: `<section class="card narrow"><h1>${t.signInTitle}</h1><p>${t.signInText}</p>${messageBox}
<button type="button" class="primary" id="sign-in">${t.signIn}</button>${busyBox(language)}${waySwitch(language)}</section>
<section class="card narrow aside"><h2>${notSignedIn.title}</h2><p>${notSignedIn.text}</p></section>`,
  });
}

/** What a signed-in customer sees: the account, a form for a payment order, and the orders the bank has taken. */
export function accountPage(
  language: SiteLanguage,
  customer: Customer,
  orders: readonly AcceptedOrder[],
): string {
  const t = siteTexts[language];
  const spent = orders.reduce((sum, { order }) => sum + Number(order.amount), 0);
  return sitePage({
    language,
    name: 'account',
    heading: `<span class="who">${t.hello}, ${escapeHtml(customer.name)}</span>
<form method="post" action="/site/sign-out"><button class="quiet on-dark">${t.signOut}</button></form>`,
    content: `<section class="card account"><div><h2>${t.account}</h2><p class="iik">${accountOf(customer.userId)}</p></div>
<div class="balance"><span>${t.balance}</span><strong>${money(language, 4_850_000 - spent)}</strong></div></section>
<section class="card"><h1>${t.newOrder}</h1>${messageBox}<form id="order" novalidate>
${field(language, 'payeeName', 'ТОО «Алма»', 'wide')}
${field(language, 'payeeBin', '101140005678')}${field(language, 'payeeBik', 'KILTKZKA')}
${field(language, 'payeeIik', sampleAccount, 'wide')}
${field(language, 'amount', '125000.00')}${field(language, 'knp', '710')}
${field(language, 'purpose', 'Оплата по счету № 17 от 20.11.2026, в т.ч. НДС 12 %', 'wide')}
<button class="primary wide" id="sign-order">${t.signOrder}</button></form>${busyBox(language)}${waySwitch(language)}</section>
<section class="card"><h2>${t.orders}</h2>${orderTable(language, orders)}</section>`,
  });
}

/** The page's half of the connection doctor; what it finds is filled in by the script. */
export function doctorPage(language: SiteLanguage): string {
  const t = siteTexts[language];
  return sitePage({
    language,
    name: 'doctor',
    content: `<section class="card"><h1>${t.doctorTitle}</h1><p>${t.doctorText}</p>
<h2>${t.wayExtension}</h2><ol class="links" id="extension-links"></ol>
<h2>${t.wayNcalayer}</h2><ol class="links" id="ncalayer-links"></ol>
<p class="row"><button type="button" class="primary" id="again">${t.doctorAgain}</button><a href="/">${t.doctorBack}</a></p></section>`,
  });
}

/** An account with right check digits that nobody has. */
const sampleAccount = accountOf('somebody else');

function field(language: SiteLanguage, name: SiteText, value: string, kind = ''): string {
  const label = siteTexts[language][name];
  return `<label class="field ${kind}"><span>${label}</span>
<input name="${name}" value="${escapeHtml(value)}" autocomplete="off" required></label>`;
}

function orderTable(language: SiteLanguage, orders: readonly AcceptedOrder[]): string {
  const t = siteTexts[language];
  if (orders.length === 0) return `<p class="none">${t.noOrders}</p>`;
  const rows = orders.map(
    ({ order, at }) =>
      `<tr><td>${escapeHtml(order.number)}</td><td>${escapeHtml(order.payee.name)}<small>${escapeHtml(order.purpose)}</small></td>
<td class="sum">${money(language, Number(order.amount))}</td><td><span class="taken">✓ ${t.accepted}</span><small>${moment(language, at)}</small></td></tr>`,
  );
  return `<table id="orders"><thead><tr><th>${t.number}</th><th>${t.payeeName}</th><th class="sum">${t.amount}</th><th></th></tr></thead>
<tbody>${rows.join('')}</tbody></table>`;
}

const money = (language: SiteLanguage, tenge: number): string =>
  `${new Intl.NumberFormat(language, { minimumFractionDigits: 2, maximumFractionDigits: 2 }).format(tenge)} ₸`;

const moment = (language: SiteLanguage, at: string): string =>
  new Intl.DateTimeFormat(language, {
    dateStyle: 'short',
    timeStyle: 'short',
    timeZone: 'Asia/Almaty',
  }).format(new Date(at));
