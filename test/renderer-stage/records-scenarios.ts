import type {
  AuditAction,
  AuditEntry,
  AuditView,
  ImportView,
  StoredCertificateView,
  StoredKeyView,
} from '#shared/control-panel-views.ts';
import { information, panelToken, pin } from './panel-scenarios.ts';
import type { PanelScenario } from './panel-stub.ts';
import type { RecordsScenario } from './records-stub.ts';
import { errorView, type Scenario } from './stub-bridge.ts';

/** Certificates, journal and settings in every state. */

const day = 86_400_000;
const inDays = (days: number): string => new Date(Date.now() + days * day).toISOString();
const national = 'ҰЛТТЫҚ КУӘЛАНДЫРУШЫ ОРТАЛЫҚ (RSA)';
const bank = 'Интернет-Банкинг Демо Банка';

const certificate = (number: number, days: number, changes: Partial<StoredCertificateView> = {}) =>
  ({
    purpose: 'signature',
    subjectName: 'СЕРІККЫЗЫ АЙГЕРИМ',
    subject: 'CN=СЕРІККЫЗЫ АЙГЕРИМ,SN=СЕРІККЫЗЫ,SERIALNUMBER=IIN820101300123,C=KZ,GN=БОЛАТҚЫЗЫ',
    issuerName: 'Demo KISC Issuing CA',
    issuer: 'CN=Demo KISC Issuing CA,O=Demo,C=KZ',
    serialNumber: `5135863f6ac81f0d44b486e${number}`,
    notBefore: inDays(Math.min(days - 365, -30)),
    notAfter: inDays(days),
    keyOnToken: true,
    fingerprint: `${number}b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855ab`,
    objectId: `4${number}`,
    objectLabel: `qq111111_qwertyui ${number}`,
    validity: days < 0 ? 'expired' : 'valid',
    keyUsage: ['digitalSignature', 'nonRepudiation'],
    extendedKeyUsage: [],
    publicKey: 'RSA 2048',
    isAuthority: false,
    chain: [
      { name: 'Demo KISC Issuing CA', notAfter: inDays(2000), from: 'token' },
      { name: 'Demo KISC Root CA', notAfter: inDays(4000), from: 'bank' },
    ],
    chainComplete: true,
    ...changes,
  }) as const satisfies StoredCertificateView;

const certificates: StoredCertificateView[] = [
  certificate(1, 373, { usedByBank: bank }),
  certificate(2, 373, {
    purpose: 'sign-in',
    keyUsage: ['digitalSignature'],
    extendedKeyUsage: ['TLS client authentication'],
    usedByBank: bank,
  }),
  certificate(3, 21, {
    purpose: 'other',
    issuerName: national,
    issuer: `C=KZ,CN=${national}`,
    keyUsage: ['digitalSignature', 'nonRepudiation', 'keyEncipherment'],
    extendedKeyUsage: ['TLS client authentication', '1.2.398.3.3.4.1.1'],
    chain: [],
    chainComplete: false,
  }),
  certificate(4, -12, { subjectName: 'ТОО «Тараз Сауда»', purpose: 'other', keyUsage: ['nonRepudiation'] }),
  certificate(5, 120, { subjectName: 'Садыков Ержан', keyOnToken: false, purpose: 'other' }),
  certificate(6, 2000, {
    subjectName: 'Demo KISC Issuing CA',
    issuerName: 'Demo KISC Root CA',
    purpose: 'other',
    isAuthority: true,
    keyOnToken: false,
    keyUsage: ['keyCertSign', 'cRLSign'],
    chain: [{ name: 'Demo KISC Root CA', notAfter: inDays(4000), from: 'token' }],
  }),
];
const keys: StoredKeyView[] = [
  ...[1, 2, 3, 4].map((number) => ({
    objectId: `4${number}`,
    label: `key ${number}`,
    algorithm: 'rsa' as const,
    bits: 2048,
    hasCertificate: true,
  })),
  { objectId: '57', label: 'forgotten', algorithm: 'gost', bits: 256, hasCertificate: false },
];
const stored = {
  tokenId: panelToken.id,
  certificates,
  keys,
  unreadable: [{ objectId: '58', objectLabel: 'damaged' }],
};

const imported = (changes: Partial<ImportView> = {}): ImportView => ({
  importId: 'import-1',
  fileName: 'RSA256_aigerim.p12',
  kind: 'key-container',
  certificates: [
    { ...certificate(7, 200), alreadyOnToken: false },
    { ...certificate(6, 2000, { subjectName: 'Demo KISC Issuing CA' }), alreadyOnToken: true },
  ],
  key: { algorithm: 'RSA 2048', alreadyOnToken: false },
  ...changes,
});
const container = { fileId: 'f', fileName: 'RSA256_aigerim.p12', needsPassword: true };

const certificatesOf = (
  records: RecordsScenario = { stored },
  panel: Partial<PanelScenario> = {},
): Scenario => ({
  tokens: { presence: 'ready', transport: 'pcsc', tokens: [panelToken] },
  panel: { tokenId: panelToken.id, information, ...panel },
  records,
});
const asUser: Partial<PanelScenario> = { rights: { role: 'user', since: new Date().toISOString() } };

let line = 0;
const entries: AuditEntry[] = [];
/** Hours ago; the journal is written oldest first. */
function wrote(
  hoursAgo: number,
  action: AuditAction,
  result: AuditEntry['result'],
  changes: Partial<AuditEntry> = {},
): void {
  line += 1;
  entries.unshift({
    line,
    at: new Date(Date.now() - hoursAgo * 3_600_000).toISOString(),
    action,
    result,
    tokenSerial: '3A5B7C1D',
    tokenLabel: 'qq111111_qwertyui',
    role: 'administrator',
    reason: null,
    errorCode: null,
    detail: {},
    hash: `${line}`.padStart(64, '9f86d081884c7d65'),
    ...changes,
  });
}
wrote(80, 'login', 'begun');
wrote(80, 'login', 'failed', { errorCode: '0100020', detail: { attemptsLeft: 9 } });
wrote(79.9, 'login', 'begun');
wrote(79.9, 'login', 'done');
wrote(79.8, 'format', 'begun');
wrote(50, 'format', 'failed', { errorCode: '0100035' });
wrote(49, 'override-interlock', 'begun', { reason: 'Заявка 4711, разрешил Садыков Е.' });
wrote(49, 'format', 'begun', { reason: 'Заявка 4711, разрешил Садыков Е.' });
wrote(49, 'format', 'done', {
  reason: 'Заявка 4711, разрешил Садыков Е.',
  detail: {
    label: 'qq111111_qwertyui',
    userPinChangedBy: 'both',
    userMinLength: 8,
    administratorMinLength: 8,
    userAttempts: 10,
    administratorAttempts: 10,
    destroyedCertificates: 3,
    destroyedKeys: 2,
  },
});
wrote(49, 'override-interlock', 'done', { reason: 'Заявка 4711, разрешил Садыков Е.' });
wrote(48, 'logout', 'done', { detail: { cause: 'locked' } });
wrote(26, 'import-key-pair', 'begun', { role: 'user', tokenSerial: '47738461', tokenLabel: null });
wrote(3, 'login', 'begun', { role: 'user' });
wrote(3, 'login', 'done', { role: 'user' });
wrote(2.9, 'rename', 'begun', { role: 'user', detail: { newLabel: 'Касса 2' } });
wrote(2.9, 'rename', 'done', { role: 'user', detail: { newLabel: 'Касса 2' } });
wrote(2.8, 'delete-certificate', 'begun', { role: 'user', detail: { name: 'ТОО «Тараз Сауда»' } });
wrote(2.8, 'delete-certificate', 'done', { role: 'user', detail: { name: 'ТОО «Тараз Сауда»' } });
wrote(2.7, 'export-certificate', 'begun', { role: null });
wrote(2.7, 'export-certificate', 'done', { role: null, detail: { format: 'pem' } });
wrote(2.6, 'logout', 'done', { role: 'user', detail: { cause: 'idle' } });

const audit: AuditView = { entries, total: entries.length, chain: { state: 'intact' } };
const journalOf = (records: RecordsScenario): Scenario => ({ ...certificatesOf({ stored, ...records }) });
const long = Array.from({ length: 1200 }, (_, number) => ({
  ...(entries.at(-4) as AuditEntry),
  line: 1200 - number,
  at: new Date(Date.now() - number * 2_000_000).toISOString(),
  ...(number === 1100 && { tokenSerial: '5E0C11A2', tokenLabel: 'rare' }),
}));

const terms =
  'Permission is hereby granted, free of charge, to any person obtaining a copy of this software and associated documentation files.';
const licences = ['@fluentui/react-components', 'Chromium', 'Electron', 'koffi', 'react', 'zod'].map(
  (name) => ({
    name,
    version: '1.0.0',
    licence: 'MIT',
    text: name === 'zod' ? null : `${terms}\n\n${terms}`,
  }),
);

const answered = {
  bank: 'StarBanking',
  host: 'ocsp.kisc.example',
  source: { kind: 'ocsp', asOf: '2026-11-22T10:14:58.000Z' },
} as const;
/** What the authority may say about a certificate. */
const checks = {
  good: { verdict: 'good', ...answered },
  revoked: { verdict: 'revoked', since: '2026-11-20T08:00:00.000Z', reason: 'keyCompromise', ...answered },
  unknown: { verdict: 'unknown', why: 'unreachable', host: 'ocsp.kisc.example', bank: 'StarBanking' },
  untrusted: { verdict: 'untrusted', why: 'issuer-unknown' },
} as const satisfies Record<string, RecordsScenario['check']>;

export const recordsScenarios: Readonly<Record<string, Scenario>> = {
  certificates: certificatesOf(),
  'certificates-user': certificatesOf({ stored, file: container, view: imported() }, asUser),
  'certificates-empty': certificatesOf({}, asUser),
  'certificates-blocked': certificatesOf(
    { stored },
    { information: { ...information, userPin: { ...pin, attemptsLeft: 0, blocked: true } } },
  ),
  'certificates-unread': certificatesOf({
    refuse: { 'certificates.list': errorView('token-layout-damaged') },
  }),
  'certificates-wrong-password': certificatesOf(
    {
      stored,
      file: container,
      refuse: { 'certificates.openImport': errorView('import-file-unreadable', { likelyCause: 'password' }) },
    },
    asUser,
  ),
  'certificates-nothing-new': certificatesOf(
    {
      stored,
      file: { ...container, needsPassword: false },
      view: imported({
        certificates: [{ ...certificate(6, 2000), alreadyOnToken: true }],
        key: { algorithm: 'RSA 2048', alreadyOnToken: true },
      }),
    },
    asUser,
  ),
  'certificates-import-fails': certificatesOf(
    {
      stored,
      file: container,
      view: imported(),
      refuse: { 'certificates.import': errorView('token-memory-full') },
    },
    asUser,
  ),
  ...Object.fromEntries(
    Object.entries(checks).map(([name, check]) => [
      `certificates-check-${name}`,
      certificatesOf({ stored, check }, asUser),
    ]),
  ),
  'certificates-refuses': certificatesOf(
    {
      stored,
      refuse: {
        'certificates.export': errorView('file-not-written'),
        'certificates.delete': errorView('registration-unfinished'),
      },
    },
    asUser,
  ),
  journal: journalOf({ audit }),
  'journal-empty': journalOf({}),
  'journal-broken': journalOf({ audit: { ...audit, chain: { state: 'broken', brokenAt: 7 } } }),
  'journal-long': journalOf({ audit: { entries: long, total: long.length, chain: { state: 'intact' } } }),
  'journal-unread': journalOf({ refuse: { 'audit.list': errorView('storage-failed') } }),
  settings: journalOf({ licences }),
  'settings-refused': journalOf({
    refuse: { 'folders.open': errorView('folder-not-opened'), 'about.licences': errorView('internal') },
  }),
};
