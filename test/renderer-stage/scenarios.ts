import {
  registrationSteps,
  type BankView,
  type CertificateView,
  type HomeView,
  type NationalSignatureView,
  type RegistrationView,
  type TokenView,
  type TokensView,
} from '#shared/views.ts';
import { bankScenarios } from './bank-scenarios.ts';
import { keysScenarios } from './keys-scenarios.ts';
import { siteScenarios } from './site-scenarios.ts';
import { driverScenarios } from './driver-scenarios.ts';
import { panelScenarios } from './panel-scenarios.ts';
import { recordsScenarios } from './records-scenarios.ts';
import { errorView, type Scenario } from './stub-bridge.ts';

const day = 86_400_000;
const inDays = (days: number): string => new Date(Date.now() + days * day).toISOString();

const bank: BankView = {
  id: 'demo',
  name: {
    ru: 'Интернет-Банкинг Демо Банка',
    kk: 'Демо Банктің Интернет-Банкингі',
    en: 'Demo Bank Internet Banking',
  },
  authentication: 'initial-key',
  siteUrl: 'https://bank.example',
};

const pin = { attemptsLeft: 10, maxAttempts: 10, minLength: 6, blocked: false };

const certificate = (purpose: CertificateView['purpose'], days: number): CertificateView => ({
  purpose,
  subjectName: 'Сериккызы Айгерим',
  subject: 'CN=Сериккызы Айгерим,SERIALNUMBER=IIN820101300123,C=KZ',
  issuerName: 'Demo KISC Issuing CA',
  issuer: 'CN=Demo KISC Issuing CA,O=Demo,C=KZ',
  serialNumber: purpose === 'signature' ? '5135863f6ac81f0d44b486ef' : '2a9c01d87be34f1190ffae02',
  notBefore: inDays(-1),
  notAfter: inDays(days),
  keyOnToken: true,
});

const empty: TokenView = {
  id: 't-empty',
  reader: 'Aktiv KAZTOKEN 00 00',
  state: 'ready',
  serial: '3A5B7C1D',
  model: 'KAZTOKEN',
  label: null,
  kind: 'empty',
  certificates: [],
  userPin: pin,
};

const registered: TokenView = {
  ...empty,
  id: 't-registered',
  serial: '47738461',
  label: 'qq111111_qwertyui',
  kind: 'registered',
  profiles: [{ bankId: bank.id, bankName: bank.name.ru, userId: 'qq111111_qwertyui' }],
  certificates: [certificate('signature', 373), certificate('sign-in', 373)],
};

const ended: TokenView = {
  ...registered,
  id: 't-ended',
  serial: '5E0C11A2',
  label: 'qq222222_asdfghjk',
  profiles: [{ bankId: bank.id, bankName: bank.name.ru, userId: 'qq222222_asdfghjk' }],
  certificates: [certificate('signature', -3), certificate('sign-in', -3)],
};

const director = { bankId: bank.id, bankName: bank.name.ru, userId: 'qq111111_qwertyui' };
const accountant = { bankId: bank.id, bankName: bank.name.ru, userId: 'qq222222_asdfghjk' };
const two: TokenView = {
  ...registered,
  label: 'Kassa-7',
  profiles: [director, accountant],
  certificates: [
    { ...certificate('signature', 373), profile: director },
    { ...certificate('signature', 12), profile: accountant },
  ],
};

const signature = (
  algorithm: 'rsa' | 'gost',
  fits: NationalSignatureView['fits'],
  changes: Partial<NationalSignatureView> = {},
): NationalSignatureView => ({
  serialNumber: algorithm === 'rsa' ? '4e22a233de6db7aa' : '6ea9cacb20ad2270',
  owner: 'person',
  name: 'СЕРИККЫЗЫ АЙГЕРИМ МАРАТОВНА',
  algorithm,
  issuerName: 'ҰЛТТЫҚ КУӘЛАНДЫРУШЫ ОРТАЛЫҚ (RSA)',
  notBefore: inDays(-30),
  notAfter: inDays(335),
  fits,
  ...changes,
});

const idAndPin: BankView = {
  ...bank,
  id: 'mobile',
  name: { ru: 'Мобильный Банк', kk: 'Мобильді Банк', en: 'Mobile Bank' },
  authentication: 'id-and-pin',
};

/** Two systems that take NUC signatures: of a person (S1), of an organisation (S2). */
const nationalBanks: readonly BankView[] = [
  {
    ...bank,
    id: 'star',
    name: { ru: 'StarBanking', kk: 'StarBanking', en: 'StarBanking' },
    authentication: 'national-signature',
    nationalOwner: 'person',
  },
  {
    ...bank,
    id: 'firms',
    name: {
      ru: 'Интернет-Банкинг для организаций',
      kk: 'Ұйымдарға арналған Интернет-Банкинг',
      en: 'Internet Banking for organisations',
    },
    authentication: 'national-signature',
    nationalOwner: 'organisation',
  },
];
const forPerson = { star: 'fits', firms: 'other-owner' } as const;

const national: TokenView = {
  ...empty,
  id: 't-national',
  serial: '5E0C11A2',
  label: 'SERIKKYZY AIGERIM',
  kind: 'national',
  certificates: [certificate('other', 21)],
  national: [signature('rsa', forPerson)],
};
const twoSignatures: TokenView = {
  ...national,
  national: [
    signature('rsa', forPerson, { organisation: 'ТОО «Сериккызы и партнеры»' }),
    signature('gost', forPerson),
  ],
};

const unfinished: TokenView = {
  ...empty,
  id: 't-unfinished',
  serial: '3A5B7C1D',
  label: 'qq111111_qwertyui',
  kind: 'unfinished',
  unfinished: {
    journalId: 'j-1',
    startedAt: inDays(-1),
    userId: 'qq111111_qwertyui',
    bankId: bank.id,
    pinOnToken: 'new',
  },
};

/** «Принят банком», found so at a start of Kilt. */
const accepted: TokenView = {
  ...unfinished,
  ...(unfinished.unfinished && {
    unfinished: { ...unfinished.unfinished, acceptedByBank: true, waitingUntil: inDays(1) },
  }),
};

const registration = (changes: Partial<RegistrationView>): RegistrationView => ({
  journalId: 'j-1',
  bankId: bank.id,
  userId: 'qq111111_qwertyui',
  label: 'qq111111_qwertyui',
  tokenSerial: '3A5B7C1D',
  startedAt: inDays(0),
  state: 'running',
  done: registrationSteps.slice(0, 2),
  current: 'signature-key-made',
  currentSince: new Date(Date.now() - 83_000).toISOString(),
  needs: { tokenPin: true, registrationData: false, pinOnToken: 'new' },
  ...changes,
});

const home: HomeView = {
  tokenId: registered.id,
  label: 'qq111111_qwertyui',
  serial: '47738461',
  bank,
  userId: 'qq111111_qwertyui',
  customerName: 'ТОО «Тараз Сауда»',
  signedInAt: inDays(0),
  certificates: registered.certificates,
  defaultPin: false,
  operations: [
    { at: inDays(0), kind: 'signed-in', result: 'done' },
    { at: inDays(-0.1), kind: 'signed-in', result: 'failed' },
    { at: inDays(-1), kind: 'registered', result: 'done' },
  ],
};

const present = (...tokens: TokenView[]): TokensView => ({ presence: 'ready', tokens, transport: 'pcsc' });
const absent = (presence: TokensView['presence']): TokensView => ({
  presence,
  tokens: [],
  transport: 'pcsc',
});
const lone = (changes: Partial<TokenView>, presence: TokensView['presence'] = 'ready'): TokensView => ({
  presence,
  tokens: [{ ...empty, ...changes }],
  transport: 'pcsc',
});

const created = { outcome: 'create-profile', defaultPin: true } as const;
const banks = [bank];
const atCa = registrationSteps.slice(0, 4);

export const scenarios: Readonly<Record<string, Scenario>> = {
  ...bankScenarios,
  ...keysScenarios,
  ...siteScenarios,
  ...driverScenarios(registered),
  ...panelScenarios,
  ...recordsScenarios,
  'two-profiles': { tokens: lone(two) },
  starting: { tokens: absent('starting') },
  'service-off': { tokens: absent('service-off') },
  'no-reader': { tokens: absent('no-reader') },
  'no-token': { tokens: absent('no-token') },
  unsupported: {
    tokens: lone(
      { id: 't-x', state: 'unsupported', kind: 'unknown', model: 'JaCarta PKI', certificates: [] },
      'unsupported',
    ),
  },
  'in-use': { tokens: lone({ id: 't-x', state: 'in-use', kind: 'unknown' }, 'in-use') },
  reading: { tokens: lone({ id: 't-x', state: 'reading', kind: 'unknown' }) },
  mute: { tokens: lone({ id: 't-x', state: 'mute', kind: 'unknown', error: errorView('token-mute') }) },
  foreign: { tokens: lone({ id: 't-x', kind: 'foreign', label: 'Rutoken' }) },
  blocked: { tokens: present({ ...registered, userPin: { ...pin, attemptsLeft: 0, blocked: true } }) },
  'empty-token': {
    tokens: present(empty),
    banks,
    open: created,
    start: registration({}),
  },
  'bank-words': {
    tokens: present(empty),
    banks: [
      {
        ...bank,
        help: {
          userId: {
            ru: 'Приложение 2 к договору, строка «Логин»',
            kk: 'Шартқа 2-қосымша, «Логин» жолы',
            en: 'Annex 2 of the contract, line «Login»',
          },
        },
        support: { phone: '+7 727 000 00 00', site: 'https://tulparbank.example/help' },
      },
    ],
    open: created,
  },
  'many-tokens': {
    tokens: present(registered, national, empty, unfinished),
    banks,
    open: { outcome: 'signed-in', home },
  },
  'certificates-end': {
    tokens: present(registered, ended),
    banks,
    ends: [
      {
        id: 'a',
        tokenSerial: '5E0C11A2',
        tokenName: 'qq222222_asdfghjk',
        tokenPresent: true,
        subjectName: 'Ахметов Данияр Серикович',
        notAfter: inDays(-3),
        ended: true,
        daysLeft: -3,
      },
      {
        id: 'b',
        tokenSerial: '47738461',
        tokenName: 'qq111111_qwertyui',
        tokenPresent: true,
        subjectName: 'Сериккызы Айгерим',
        notAfter: inDays(14),
        ended: false,
        daysLeft: 14,
      },
    ],
  },
  'last-attempt': {
    tokens: present({ ...registered, userPin: { ...pin, attemptsLeft: 1 } }),
    banks,
    open: { outcome: 'signed-in', home },
  },
  'wrong-pin': {
    tokens: present({ ...registered, userPin: { ...pin, attemptsLeft: 9 } }),
    banks,
    open: errorView('wrong-pin', { attemptsLeft: 9, role: 'user' }),
  },
  'signing-in': { tokens: present(registered), banks, open: { outcome: 'signed-in', home }, slow: 60_000 },
  home: { tokens: present(registered), banks, open: { outcome: 'signed-in', home } },
  'wrong-container': {
    tokens: present(empty),
    banks,
    open: created,
    check: errorView('key-container-wrong', { likelyCause: 'password' }),
  },
  'two-banks': {
    tokens: present(empty),
    banks: [bank, idAndPin],
    open: created,
  },
  'four-banks': { tokens: present(national), banks: [bank, ...nationalBanks, idAndPin], open: created },
  'two-signatures': {
    tokens: present(twoSignatures),
    banks: nationalBanks.slice(0, 1),
    open: created,
    check: { draftId: 'draft-1', national: signature('gost', forPerson, { organisation: 'ТОО «Арман»' }) },
    start: registration({}),
  },
  'national-missing': { tokens: present(empty), banks: nationalBanks.slice(0, 1), open: created },
  'national-expired': {
    tokens: present({
      ...national,
      national: [signature('rsa', { star: 'expired', firms: 'other-owner' }, { notAfter: inDays(-3) })],
    }),
    banks: nationalBanks,
    open: created,
  },
  'national-resume': {
    tokens: present({ ...unfinished, national: [signature('rsa', forPerson)] }),
    banks: nationalBanks.slice(0, 1),
    registrations: [registration({ state: 'interrupted', bankId: 'star' })],
    open: {
      outcome: 'continue-registration',
      registration: registration({
        state: 'interrupted',
        bankId: 'star',
        done: atCa,
        current: 'signature-certificate-received',
        error: errorView('national-registration-refused', { reason: 'registration pin wrong' }),
        needs: { tokenPin: true, registrationData: true, pinOnToken: 'new' },
      }),
    },
    start: registration({}),
  },
  'no-banks': { tokens: present(empty), banks: [], open: created },
  running: { tokens: present(unfinished), banks, registrations: [registration({})] },
  waiting: {
    tokens: present(unfinished),
    banks,
    registrations: [
      registration({ done: atCa, current: 'signature-certificate-received', waitingUntil: inDays(0.01) }),
    ],
  },
  accepted: {
    tokens: present(accepted),
    banks,
    registrations: [
      registration({
        state: 'interrupted',
        done: atCa,
        current: 'signature-certificate-received',
        waitingUntil: inDays(1),
      }),
    ],
  },
  failed: {
    tokens: present(unfinished),
    banks,
    registrations: [
      registration({
        state: 'running',
        done: atCa,
        current: 'signature-certificate-received',
      }),
    ],
    start: registration({ done: atCa, current: 'signature-certificate-received' }),
  },
  unfinished: {
    tokens: present(unfinished),
    banks,
    registrations: [registration({ state: 'interrupted' })],
    open: { outcome: 'continue-registration', registration: registration({ state: 'interrupted' }) },
    start: registration({}),
  },
  'unfinished-data': {
    tokens: present(unfinished),
    banks,
    registrations: [registration({ state: 'interrupted' })],
    open: {
      outcome: 'continue-registration',
      registration: registration({
        state: 'interrupted',
        done: atCa,
        current: 'signature-certificate-received',
        needs: { tokenPin: true, registrationData: true, pinOnToken: 'changing' },
      }),
    },
    start: registration({}),
  },
  elsewhere: {
    tokens: present({
      ...unfinished,
      unfinished: {
        startedAt: inDays(-2),
        userId: 'qq111111_qwertyui',
        bankId: 'demo',
        computer: 'BUH-02',
        pinOnToken: 'new',
      },
    }),
  },
};

/** Events a script plays to reach what no opening of the page shows. */
export const interrupted = registration({
  state: 'interrupted',
  done: atCa,
  current: 'signature-certificate-received',
  error: errorView('network-unreachable', { host: 'ca.bank.example' }),
});
export const finished = registration({ state: 'finished', done: [...registrationSteps] });
