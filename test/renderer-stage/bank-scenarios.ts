import type { BankDetails, BankFileView, BankImportView } from '#shared/bank-views.ts';
import { errorView, type Scenario } from './stub-bridge.ts';

/** Banks of the settings, in every state. */

const noTokens: Scenario['tokens'] = { presence: 'no-token', tokens: [], transport: 'pcsc' };

const starBanking: BankDetails = {
  id: 'bank-starbanking',
  bank: { ru: 'АО «Банк Тұлпар»', kk: '«Тұлпар Банк» АҚ', en: 'Tulpar Bank JSC' },
  name: { ru: 'StarBanking', kk: 'StarBanking', en: 'StarBanking' },
  description: {
    ru: 'Для физических лиц с подписью НУЦ на токене',
    kk: 'Токенінде ҰКО қолтаңбасы бар жеке тұлғаларға',
    en: 'For persons who have a NUC signature on the token',
  },
  customers: 'person',
  authentication: 'national-signature',
  version: 3,
  notAfter: '2028-12-31T18:59:59Z',
  origin: 'https://star.tulparbank.example',
  caUrl: 'https://ca.tulparbank.example/.well-known/cmp',
  supportPhone: '+7 727 000 00 00',
  supportSite: 'https://tulparbank.example/help',
};
const internetBanking: BankDetails = {
  ...starBanking,
  id: 'bank-internet-banking',
  name: { ru: 'Интернет-Банкинг', kk: 'Интернет-Банкинг', en: 'Internet-Banking' },
  description: {
    ru: 'Для организаций с ключевым файлом банка на USB-носителе',
    kk: 'USB-тасымалдағышта банктің негізгі файлы бар ұйымдарға',
    en: 'For organisations that have the bank’s key file on a USB stick',
  },
  customers: 'organisation',
  authentication: 'initial-key',
  origin: 'https://ib.tulparbank.example',
};
const signer = {
  name: 'АО «Банк Тұлпар», файлы банка',
  fingerprint: '4bd32aad9490b64533315f2698cbf2bd44ac41768d1cebb0b2852f729447c8bb',
  builtIn: false,
};
const unused = { profiles: [], unfinished: [] };
const usable: BankFileView = {
  fileName: 'bank-starbanking.kiltbank',
  state: 'usable',
  place: 'folder',
  bank: starBanking,
  signer,
  ...unused,
};
const files: BankFileView[] = [
  usable,
  {
    ...usable,
    fileName: 'bank-internet-banking.kiltbank',
    bank: internetBanking,
    profiles: ['qq111111_qwertyui'],
  },
  {
    ...usable,
    fileName: 'bank-dbo.kiltbank',
    state: 'ended',
    bank: {
      ...internetBanking,
      id: 'bank-dbo',
      name: { ru: 'ДБО BS-Client', kk: 'ДБО BS-Client', en: 'DBO BS-Client' },
      notAfter: '2026-10-31T18:59:59Z',
    },
  },
  {
    fileName: 'StarBanking (1).kiltbank',
    state: 'unusable',
    place: 'folder',
    error: errorView('bank-signature-wrong', {
      field: 'StarBanking (1).kiltbank',
      reason: 'the signature is wrong',
    }),
    ...unused,
  },
];
const first: BankImportView = {
  importId: 'i1',
  fileName: 'StarBanking.kiltbank',
  bank: starBanking,
  signer,
  standing: 'new',
  changes: [],
  lookalikes: [],
};
const update: BankImportView = {
  ...first,
  standing: 'known',
  installedVersion: 2,
  changes: [
    { what: 'origin', from: ['https://old.tulparbank.example'], to: ['https://star.tulparbank.example'] },
    { what: 'authentication', from: ['initial-key'], to: ['national-signature'] },
  ],
};

export const bankScenarios: Readonly<Record<string, Scenario>> = {
  banks: { tokens: noTokens, bankFiles: files, bankImport: first },
  'banks-none': { tokens: noTokens, bankFiles: [], bankImport: first },
  'banks-update': { tokens: noTokens, bankFiles: files, bankImport: update },
  'banks-lookalike': {
    tokens: noTokens,
    bankFiles: files,
    bankImport: { ...first, lookalikes: ['bank-starbanking'] },
  },
  'banks-refused': { tokens: noTokens, bankFiles: files, bankImport: errorView('bank-signer-changed') },
};
