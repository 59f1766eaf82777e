import type { ConsentKeyView, ConsentView, SiteApprovalView } from '#shared/consent-views.ts';
import { errorView, type Scenario } from './stub-bridge.ts';
import type { SiteScenario } from './site-stub.ts';

/** Requests of sites, and the sites in the settings, in every state. */

const noTokens: Scenario['tokens'] = { presence: 'no-token', tokens: [], transport: 'pcsc' };

const key: ConsentKeyView = {
  tokenId: 't1',
  tokenName: 'qq111111_qwertyui',
  fingerprint: 'f1',
  purpose: 'signature',
  subjectName: 'Ахметова Айгерим Серікқызы',
  issuerName: 'ҚБЕАО куәландырушы орталығы (КЦМР)',
  notAfter: '2028-11-30T18:59:59Z',
  validity: 'valid',
  attemptsLeft: 10,
  pinBlocked: false,
  minPinLength: 8,
};
const other: ConsentKeyView = { ...key, fingerprint: 'f2', subjectName: 'ТОО «Тұлпар Логистика»' };
type Asked = Omit<ConsentView, 'language' | 'theme'>;
const connect: Asked = {
  id: 'q1',
  kind: 'connect',
  site: { origin: 'https://online.tulparbank.kz', bankName: 'АО «Банк Тұлпар»' },
  firstContact: true,
  way: 'loopback',
  documents: [],
  timestamp: false,
  needsKey: false,
  needsPin: false,
  presence: 'ready',
  keys: [],
  until: '2026-11-26T10:05:00Z',
};
const document = {
  documentId: '1',
  name: 'Платежное поручение № 418.txt',
  bytes: 214,
  sha256: '4bd32aad9490b64533315f2698cbf2bd44ac41768d1cebb0b2852f729447c8bb',
};
const sign: Asked = {
  ...connect,
  kind: 'sign',
  firstContact: false,
  documents: [document],
  form: 'detached',
  needsKey: true,
  needsPin: true,
  keys: [key, other],
};
const order = [
  'Платежное поручение № 418 от 26.11.2026',
  'Плательщик: ТОО «Тұлпар Логистика», БИН 120340005678',
  'Получатель: ИП Сәрсенбаев, ИИН 800101300123',
  'Сумма: 1 250 000,00 KZT',
  'Назначение: оплата по договору № 7',
].join('\n');
const text = { kind: 'text', encoding: 'utf-8', text: order } as const;
const scene = (site: SiteScenario): Scenario => ({ tokens: noTokens, site });

const approved: SiteApprovalView[] = [
  {
    site: { origin: 'https://online.tulparbank.kz', bankName: 'АО «Банк Тұлпар»' },
    way: 'loopback',
    approvedAt: '2026-11-01T09:00:00Z',
    expiresAt: '2027-02-24T09:00:00Z',
    lastUsedAt: '2026-11-26T04:30:00Z',
  },
  {
    site: {
      origin: 'https://xn--80aaxitdbjk.xn--p1ai',
      letters: 'мойбанк.рф',
      warning: 'other-letters',
    },
    way: 'extension',
    approvedAt: '2026-10-20T09:00:00Z',
    expiresAt: '2027-01-18T09:00:00Z',
    lastUsedAt: '2026-11-20T11:10:00Z',
  },
];

export const siteScenarios: Readonly<Record<string, Scenario>> = {
  'consent-first': scene({ consent: connect }),
  'consent-lookalike': scene({
    consent: {
      ...connect,
      site: {
        origin: 'https://online.xn--tulrbank-7fg.kz',
        letters: 'online.tulр\u0430bank.kz',
        warning: 'mixed-letters',
      },
    },
  }),
  'consent-sign': scene({ consent: sign, preview: text }),
  'consent-many': scene({
    consent: {
      ...sign,
      firstContact: true,
      timestamp: true,
      documents: Array.from({ length: 12 }, (_, index) => ({
        ...document,
        documentId: String(index + 1),
        name: index === 0 ? document.name : '',
      })),
    },
    preview: text,
  }),
  'consent-hash': scene({
    consent: { ...sign, kind: 'sign-hash', documents: [{ ...document, name: '' }] },
  }),
  'consent-xml': scene({
    consent: { ...sign, form: 'xml', xmlPlace: '/root/payment' },
    preview: { ...text, text: '<root>\n  <payment Id="p1">1 250 000,00 KZT</payment>\n</root>' },
  }),
  'consent-wrong-pin': scene({
    consent: { ...sign, keys: [{ ...key, attemptsLeft: 3 }] },
    preview: text,
    refuse: errorView('wrong-pin', { role: 'user', attemptsLeft: 3 }),
  }),
  'consent-sign-in': scene({
    consent: { ...sign, kind: 'sign-in', documents: [], keys: [{ ...key, purpose: 'sign-in' }] },
  }),
  'consent-certificate': scene({ consent: { ...sign, kind: 'certificate', documents: [], needsPin: false } }),
  'consent-no-token': scene({ consent: { ...sign, presence: 'no-token', keys: [] }, preview: text }),
  sites: scene({
    sites: approved,
    loopback: { on: true, port: 'own', number: 24_691, running: true },
  }),
  'sites-none': scene({}),
  'sites-port-taken': scene({
    sites: approved.slice(0, 1),
    loopback: { on: true, port: 'ncalayer', number: 13_579, running: false, problem: 'port-taken' },
  }),
  'sites-not-trusted': scene({
    loopback: { on: true, port: 'own', number: 24_691, running: true, problem: 'not-trusted' },
  }),
};
