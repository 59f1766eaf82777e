import type { FormatPlan, StoredCertificateView, TokenInformationView } from '#shared/control-panel-views.ts';
import type { TokenView } from '#shared/views.ts';
import type { PanelScenario } from './panel-stub.ts';
import { errorView, type Scenario } from './stub-bridge.ts';

/** The control panel in every state. */

const day = 86_400_000;
const inDays = (days: number): string => new Date(Date.now() + days * day).toISOString();

export const pin = {
  attemptsLeft: 10,
  maxAttempts: 10,
  minLength: 6,
  blocked: false,
  changedBy: 'both',
  isDefault: null,
} as const;

export const information: TokenInformationView = {
  label: 'qq111111_qwertyui',
  model: 'KAZTOKEN',
  serial: '3A5B7C1D',
  serialDecimal: '979074077',
  reader: 'Aktiv KAZTOKEN 00 00',
  atr: '3B88014B415A544F4B454E82',
  firmware: '30.2',
  protocol: '1',
  totalMemory: 131_072,
  freeMemory: null,
  userPin: pin,
  administratorPin: { ...pin, changedBy: 'administrator' },
  layout: 'complete',
};

export const panelToken: TokenView = {
  id: 't-panel',
  reader: information.reader,
  state: 'ready',
  serial: information.serial,
  model: 'KAZTOKEN',
  label: information.label,
  kind: 'registered',
  certificates: [],
  userPin: pin,
};

const token = panelToken;

const certificate = (
  subjectName: string,
  days: number,
  changes: Partial<StoredCertificateView> = {},
): StoredCertificateView => ({
  purpose: 'signature',
  subjectName,
  subject: `CN=${subjectName},C=KZ`,
  issuerName: 'Demo KISC Issuing CA',
  issuer: 'CN=Demo KISC Issuing CA,O=Demo,C=KZ',
  serialNumber: '5135863f6ac81f0d44b486ef',
  notBefore: inDays(-400),
  notAfter: inDays(days),
  keyOnToken: true,
  fingerprint: `${subjectName}${days}`,
  objectId: '45',
  objectLabel: subjectName,
  validity: days < 0 ? 'expired' : 'valid',
  keyUsage: ['digitalSignature'],
  extendedKeyUsage: [],
  publicKey: 'RSA 2048',
  isAuthority: false,
  chain: [],
  chainComplete: true,
  ...changes,
});

const plan: Partial<FormatPlan> = {
  certificates: [
    certificate('Сериккызы Айгерим', 20, {
      purpose: 'other',
      issuerName: 'ҰЛТТЫҚ КУӘЛАНДЫРУШЫ ОРТАЛЫҚ (RSA)',
    }),
    certificate('Сериккызы Айгерим', 373, { usedByBank: 'Интернет-Банкинг Демо Банка' }),
    certificate('Сериккызы Айгерим', 374, { usedByBank: 'Интернет-Банкинг Демо Банка', purpose: 'sign-in' }),
    certificate('ТОО «Тараз Сауда»', -12, { keyOnToken: false }),
  ],
  keys: [
    { objectId: '45', label: 'signature', algorithm: 'rsa', bits: 2048, hasCertificate: true },
    { objectId: '46', label: 'sign-in', algorithm: 'rsa', bits: 2048, hasCertificate: true },
    { objectId: '47', label: 'forgotten', algorithm: 'gost', bits: 256, hasCertificate: false },
  ],
  otherObjects: 2,
};

const panel = (
  changes: Partial<TokenInformationView> = {},
  more: Partial<PanelScenario> = {},
  view: Partial<TokenView> = {},
): Scenario => ({
  tokens: { presence: 'ready', transport: 'pcsc', tokens: [{ ...token, ...view }] },
  panel: { tokenId: token.id, information: { ...information, ...changes }, plan, ...more },
});

const as = (role: 'user' | 'administrator'): Partial<PanelScenario> => ({
  rights: { role, since: new Date().toISOString() },
});
const blockedPin = { attemptsLeft: 0, blocked: true };
const unfinished = (computer?: string): Partial<FormatPlan> => ({
  ...plan,
  blockers: [
    {
      kind: 'unfinished-registration',
      startedAt: inDays(-2),
      userId: 'qq111111_qwertyui',
      bankName: 'Интернет-Банкинг Демо Банка',
      ...(computer !== undefined && { computer }),
    },
  ],
});
const another: TokenView = { ...token, id: 't-other', serial: '47738461', label: null, kind: 'empty' };

const severalTokens: Scenario = {
  ...panel({}, as('administrator')),
  tokens: { presence: 'ready', transport: 'pcsc', tokens: [{ ...token }, another] },
};

export const panelScenarios: Readonly<Record<string, Scenario>> = {
  'panel-guest': panel(),
  'panel-user': panel({ userPin: { ...pin, isDefault: true } }, as('user')),
  'panel-administrator': panel({ administratorPin: { ...pin, isDefault: true } }, as('administrator')),
  'panel-by-user-only': panel({ userPin: { ...pin, changedBy: 'user' } }, as('administrator')),
  'panel-user-blocked': panel({ userPin: { ...pin, ...blockedPin } }),
  'panel-user-blocked-administrator': panel({ userPin: { ...pin, ...blockedPin } }, as('administrator')),
  'panel-administrator-blocked': panel({ administratorPin: { ...pin, ...blockedPin } }),
  'panel-both-blocked': panel({
    userPin: { ...pin, ...blockedPin },
    administratorPin: { ...pin, ...blockedPin },
  }),
  'panel-half-formatted': panel(
    { label: null, layout: 'half-formatted' },
    { plan: {} },
    {
      kind: 'half-formatted',
      label: null,
    },
  ),
  'panel-no-layout': panel({ label: null, layout: 'none' }, {}, { kind: 'empty', label: null }),
  'panel-silent': panel(
    {
      label: null,
      firmware: null,
      protocol: null,
      totalMemory: null,
      userPin: { ...pin, attemptsLeft: null, maxAttempts: null, minLength: null, changedBy: null },
      administratorPin: { ...pin, attemptsLeft: null, maxAttempts: null, minLength: null, changedBy: null },
    },
    {},
    { kind: 'empty', label: null },
  ),
  'panel-unread': panel({}, { refuse: { 'panel.token': errorView('token-mute') } }),
  'panel-wrong-pin': panel(
    {},
    {
      refuse: { 'panel.login': errorView('wrong-pin', { attemptsLeft: 2, role: 'administrator' }) },
    },
  ),
  'panel-last-attempt': panel(
    { administratorPin: { ...pin, attemptsLeft: 1 } },
    {
      refuse: { 'panel.login': errorView('pin-blocked', { attemptsLeft: 0, role: 'administrator' }) },
    },
  ),
  'panel-forbids-weak': { ...panel({}, as('user')), settings: { weakPins: 'forbid' } },
  'panel-refuses': panel(
    {},
    {
      ...as('user'),
      refuse: {
        'panel.rename': errorView('token-memory-full'),
        'panel.changePin': errorView('pin-unchanged'),
      },
    },
  ),
  'panel-two-tokens': severalTokens,
  'panel-not-ready': panel({}, {}, { state: 'in-use', kind: 'unknown' }),
  'panel-format': panel({}, { ...as('administrator'), formatStopsBefore: 'user-pin' }),
  'panel-format-finished': panel({}, as('administrator')),
  'panel-format-interrupted': panel(
    {},
    {
      ...as('administrator'),
      formatStopsBefore: 'administrator-pin',
      formatError: errorView('token-removed', { reader: information.reader }),
    },
  ),
  'panel-format-refused': panel(
    {},
    {
      ...as('administrator'),
      refuse: { 'panel.format': errorView('disk-full') },
    },
  ),
  'panel-format-nothing': panel(
    { label: null },
    { ...as('administrator'), plan: {} },
    {
      kind: 'empty',
      label: null,
    },
  ),
  'panel-format-several': {
    ...severalTokens,
    panel: {
      tokenId: token.id,
      information,
      ...as('administrator'),
      plan: { ...plan, blockers: [{ kind: 'several-tokens', count: 2 }] },
    },
  },
  'panel-format-unfinished': panel({}, { ...as('administrator'), plan: unfinished('BUH-02') }),
  'panel-format-unfinished-blocked': panel(
    { administratorPin: { ...pin, ...blockedPin } },
    {
      plan: unfinished(),
    },
  ),
};
