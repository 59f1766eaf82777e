import type { KeySetView } from '#shared/renewal-views.ts';
import type { CertificateView, TokenView } from '#shared/views.ts';
import { renewal } from './keys-stub.ts';
import { errorView, type Scenario } from './stub-bridge.ts';

/** «Ключи» in every status. */

const day = 86_400_000;
const inDays = (days: number): string => new Date(Date.now() + days * day).toISOString();
const inMinutes = (minutes: number): string => new Date(Date.now() + minutes * 60_000).toISOString();

const certificate = (purpose: CertificateView['purpose'], days: number): CertificateView => ({
  purpose,
  subjectName: 'Сериккызы Айгерим',
  subject: 'CN=Сериккызы Айгерим,SERIALNUMBER=IIN820101300123,O=ТОО «Тараз Сауда»,C=KZ',
  issuerName: 'Demo KISC Issuing CA',
  issuer: 'CN=Demo KISC Issuing CA,O=Demo,C=KZ',
  serialNumber: purpose === 'signature' ? '5135863f6ac81f0d44b486ef' : '2a9c01d87be34f1190ffae02',
  notBefore: inDays(days - 365),
  notAfter: inDays(days),
  keyOnToken: true,
});

const token: TokenView = {
  id: 't-registered',
  reader: 'Aktiv KAZTOKEN 00 00',
  state: 'ready',
  serial: '47738461',
  model: 'KAZTOKEN',
  label: 'qq111111_qwertyui',
  kind: 'registered',
  profiles: [{ bankId: 'demo', bankName: 'Интернет-Банкинг Демо Банка', userId: 'qq111111_qwertyui' }],
  certificates: [certificate('signature', 12), certificate('sign-in', 12)],
  userPin: { attemptsLeft: 10, maxAttempts: 10, minLength: 6, blocked: false },
};
const present = { presence: 'ready', tokens: [token], transport: 'pcsc' } as const;
const tokens: Scenario['tokens'] = { ...present, tokens: [...present.tokens] };
const noToken: Scenario['tokens'] = { presence: 'no-token', tokens: [], transport: 'pcsc' };

const lasting = (days: number): Pick<KeySetView, 'daysLeft' | 'certificates'> => ({
  daysLeft: days,
  certificates: [certificate('signature', days), certificate('sign-in', days)],
});
const keySet = (changes: Partial<KeySetView>): KeySetView => ({
  id: 'set-1',
  tokenSerial: '47738461',
  tokenName: 'qq111111_qwertyui',
  tokenId: token.id,
  bankId: 'demo',
  profileName: 'Сериккызы Айгерим',
  userId: 'qq111111_qwertyui',
  cryptography: 'RSA 2048, SHA-256',
  status: 'planned-renewal',
  ...lasting(12),
  ...changes,
});
const { tokenId: _, ...withoutToken } = keySet({});

const waiting = renewal({
  done: ['renewal-recorded', 'new-signature-key-made', 'new-sign-in-key-made'],
  current: 'new-signature-certificate-received',
  currentSince: inMinutes(-2),
  waitingUntil: inMinutes(5),
  expectedAt: inMinutes(90),
});
export const making = keySet({
  renewal: renewal({
    done: ['renewal-recorded'],
    current: 'new-signature-key-made',
    currentSince: inMinutes(-1),
  }),
});
export const accepted = keySet({ status: 'accepted', renewal: waiting });
const { waitingUntil: __, ...notWaiting } = waiting;
export const issued = keySet({
  status: 'new-certificate',
  renewal: { ...notWaiting, state: 'interrupted', readyToTake: true },
});
export const taking = keySet({
  renewal: renewal({
    done: [
      'renewal-recorded',
      'new-signature-key-made',
      'new-sign-in-key-made',
      'new-signature-certificate-received',
      'new-signature-certificate-stored',
    ],
    current: 'new-signature-certificate-confirmed',
    currentSince: inMinutes(-0.1),
  }),
});
export const renewed = keySet({ status: 'in-use', ...lasting(365), lastFinished: waiting.journalId });
/** The token had no room: nothing is left of it. */
export const failed = keySet({
  renewal: renewal({
    state: 'interrupted',
    done: ['renewal-recorded'],
    current: 'new-signature-key-made',
    error: errorView('renewal-no-room', { statusWord: '6A84' }),
    needs: { tokenPin: false, registrationPin: false },
  }),
});
export const refused = keySet({
  status: 'refused',
  reason: { kind: 'refused', text: 'договор расторгнут 12.11.2026, обратитесь в отделение' },
  renewal: {
    ...notWaiting,
    state: 'interrupted',
    error: errorView('ca-refused', { reason: 'договор расторгнут' }),
  },
});
export const interrupted = keySet({
  renewal: renewal({
    state: 'interrupted',
    done: ['renewal-recorded', 'new-signature-key-made'],
    current: 'new-sign-in-key-made',
    error: errorView('token-removed'),
  }),
});

const one = (set: KeySetView, more: Partial<Scenario['keys']> = {}): Scenario => ({
  tokens,
  keys: { sets: [set], sent: making, continued: taking, ...more },
});

export const keysScenarios: Readonly<Record<string, Scenario>> = {
  'keys-empty': { tokens: noToken, keys: { sets: [] } },
  'keys-in-use': one(keySet({ status: 'in-use', ...lasting(200) })),
  'keys-planned': one(keySet({})),
  'keys-ended': one(keySet(lasting(-3)), {
    plan: { authentication: 'id-and-pin' },
  }),
  'keys-demanded': one(
    keySet({
      status: 'unplanned-renewal',
      ...lasting(200),
      reason: { kind: 'bank-demand', text: 'сменился руководитель организации' },
    }),
  ),
  'keys-revoked': one(keySet({ status: 'unplanned-renewal', ...lasting(200), reason: { kind: 'revoked' } }), {
    plan: { authentication: 'id-and-pin' },
  }),
  'keys-no-room': one(keySet({}), {
    plan: { obstacles: [errorView('token-memory-full')], room: { needed: 6200, free: 1840 } },
  }),
  'keys-accepted': one(accepted),
  'keys-issued': one(issued),
  'keys-taking': one(taking),
  'keys-refused': one({
    ...refused,
    renewal: { ...notWaiting, state: 'interrupted', needs: { tokenPin: false, registrationPin: false } },
  }),
  'keys-refused-password': one(refused),
  'keys-interrupted': one(interrupted),
  'keys-wrong-pin': one(keySet({}), { sent: errorView('wrong-pin', { attemptsLeft: 9, role: 'user' }) }),
  'keys-absent': { tokens: noToken, keys: { sets: [withoutToken] } },
  'keys-many': {
    tokens,
    keys: {
      sets: [
        keySet({ status: 'in-use', ...lasting(200) }),
        {
          ...withoutToken,
          id: 'set-2',
          tokenSerial: '3A5B7C1D',
          tokenName: 'tt222222',
          userId: 'tt222222_director',
          profileName: 'ТОО «Тараз Сауда», Ахметов Данияр',
          ...lasting(5),
        },
        {
          ...keySet({ id: 'set-3', tokenSerial: '5E0C11A2', userId: 'kk333333' }),
          ...accepted,
          id: 'set-3',
          tokenSerial: '5E0C11A2',
          userId: 'kk333333',
        },
        { ...issued, id: 'set-4', tokenSerial: '77AA', userId: 'mm444444' },
        { ...refused, id: 'set-5', tokenSerial: '77AB', userId: 'nn555555' },
        keySet({
          id: 'set-6',
          tokenSerial: '77AC',
          userId: 'oo666666',
          status: 'unplanned-renewal',
          reason: { kind: 'suspended' },
        }),
      ],
    },
  },
};
