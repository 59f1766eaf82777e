import type { BankSession, Customer } from '../records/entries.ts';

type Language = 'ru' | 'kk' | 'en';

const texts = {
  ru: {
    bank: 'Демо-банк Kilt',
    title: 'Интернет-Банкинг',
    signedIn: 'Вы вошли в Интернет-Банкинг',
    customer: 'Клиент',
    userId: 'ID пользователя',
    since: 'Время входа',
    notSignedIn: 'Вы не вошли',
    open: 'Откройте Kilt, выберите токен и введите пароль: страница банка откроется сама.',
    ended: 'Сеанс завершён или не существует. Войдите ещё раз через Kilt.',
    account: 'Счет и платежи',
    note: 'Учебный банк: настоящих счетов здесь нет.',
  },
  kk: {
    bank: 'Kilt демо-банкі',
    title: 'Интернет-Банкинг',
    signedIn: 'Сіз Интернет-Банкингке кірдіңіз',
    customer: 'Клиент',
    userId: 'Пайдаланушының ID-і',
    since: 'Кірген уақыты',
    notSignedIn: 'Сіз кірген жоқсыз',
    open: 'Kilt бағдарламасын ашып, токенді таңдаңыз да құпиясөзді енгізіңіз: банк парағы өзі ашылады.',
    ended: 'Сеанс аяқталған немесе жоқ. Kilt арқылы қайта кіріңіз.',
    account: 'Шот және төлемдер',
    note: 'Оқу банкі: мұнда нағыз шоттар жоқ.',
  },
  en: {
    bank: 'Kilt Demo Bank',
    title: 'Internet Banking',
    signedIn: 'You are signed in to Internet Banking',
    customer: 'Customer',
    userId: 'User ID',
    since: 'Signed in at',
    notSignedIn: 'You are not signed in',
    open: 'Open Kilt, choose your token and enter its password: this page will open by itself.',
    ended: 'This session has ended or never was. Sign in again with Kilt.',
    account: 'Account and payments',
    note: 'A bank for practice: there are no real accounts here.',
  },
} as const satisfies Record<Language, Record<string, string>>;

/** The first of our languages in the order the browser prefers (RFC 9110 §12.5.4); Russian where there is none. */
export function languageFor(acceptLanguage: string | undefined): Language {
  const wanted = (acceptLanguage ?? '')
    .split(',')
    .map((item, index) => {
      const [tag = '', ...parameters] = item.trim().split(';');
      const quality = parameters.map((parameter) => /^\s*q=([\d.]+)$/.exec(parameter)?.[1]).find(Boolean);
      return { tag: tag.toLowerCase().split('-')[0], quality: Number(quality ?? 1), index };
    })
    .filter(({ quality }) => quality > 0)
    .sort((a, b) => b.quality - a.quality || a.index - b.index);
  for (const { tag } of wanted) {
    if (tag === 'ru' || tag === 'kk' || tag === 'en') return tag;
  }
  return 'ru';
}

const escape = (text: string): string =>
  text.replace(/[&<>"']/g, (character) => `&#${String(character.charCodeAt(0))};`);

const style = `
:root{color-scheme:light dark;--paper:#fff;--ground:#eef2f1;--ink:#1b2a2a;--quiet:#556;--accent:#00695c}
@media(prefers-color-scheme:dark){:root{--paper:#1d2626;--ground:#121818;--ink:#e9f0ef;--quiet:#a9b8b6;--accent:#5fd0bd}}
body{margin:0;background:var(--ground);color:var(--ink);font:16px/1.5 "Segoe UI",Inter,"Noto Sans",sans-serif}
header{background:#00695c;color:#fff;padding:14px 24px;font-weight:600}
main{max-width:560px;margin:48px auto;background:var(--paper);border-radius:12px;padding:32px;box-shadow:0 2px 12px #0002}
h1{margin:0 0 16px;font-size:24px;line-height:1.25}
dl{display:grid;grid-template-columns:auto 1fr;gap:8px 20px;margin:0}
a{color:var(--accent)}
dt{color:var(--quiet)}dd{margin:0;font-weight:600;overflow-wrap:anywhere}
.sign{color:var(--accent);font-size:40px;line-height:1}
footer{max-width:560px;margin:0 auto;padding:0 32px;color:var(--quiet);font-size:14px}`;

function page(language: Language, content: string): string {
  const text = texts[language];
  return `<!doctype html>
<html lang="${language}"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>${text.title} · ${text.bank}</title><style>${style}</style></head>
<body><header>${text.bank}</header><main>${content}</main><footer>${text.note}</footer></body></html>`;
}

/** For the front page: how somebody gets in who has Kilt open. */
export const notSignedInWords = (language: Language): { title: string; text: string } => ({
  title: texts[language].notSignedIn,
  text: texts[language].open,
});

export const endedPage = (language: Language): string =>
  page(language, `<h1>${texts[language].notSignedIn}</h1><p>${texts[language].ended}</p>`);

/** What a signed-in customer sees. */
export function sessionPage(language: Language, customer: Customer, session: BankSession): string {
  const text = texts[language];
  const at = new Intl.DateTimeFormat(language, {
    dateStyle: 'long',
    timeStyle: 'medium',
    timeZone: 'Asia/Almaty',
  }).format(new Date(session.signedInAt));
  return page(
    language,
    `<div class="sign" aria-hidden="true">✓</div><h1>${text.signedIn}</h1>
<dl><dt>${text.customer}</dt><dd>${escape(customer.name)}</dd>
<dt>${text.userId}</dt><dd>${escape(customer.userId)}</dd>
<dt>${text.since}</dt><dd>${escape(at)}</dd></dl>
<p><a href="/account">${text.account}</a></p>`,
  );
}
