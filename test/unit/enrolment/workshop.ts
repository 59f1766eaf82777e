import { createPrivateKey, generateKeyPairSync } from 'node:crypto';
import { asDer, asTokenSerial, type DerBytes } from '#shared/bytes.ts';
import { KiltError } from '#shared/errors.ts';
import type { RegistrationStep } from '#shared/views.ts';
import { BankDirectory } from '#main/enrolment/bank-files.ts';
import type { BankSystem } from '#main/enrolment/bank-system.ts';
import { NationalKeys } from '#main/enrolment/national/national-keys.ts';
import type { ProfileRecord } from '#main/enrolment/profile-record.ts';
import { keyObjectSigner } from '#main/pki/key-object-signer.ts';
import type { CertifiedSigner } from '#main/pki/signer.ts';
import { certificateToPem } from '#main/pki/x509.ts';
import type { JournalLine, JournalledRegistration } from '#main/store/registration-journal.ts';
import type { TokenInfo, TokenObjects, TokenSession } from '#main/token/token-session.ts';
import type { KnownToken, TokenWatch } from '#main/token/token-watch.ts';
import { issueCertificate, type SubjectFields } from '#test/bank/authority/certificate.ts';

/** Values of an enrolment for tests of its parts, each what a bank in order would have. */

export const record: ProfileRecord = {
  format: 1,
  state: 'begun',
  bankId: 'demo',
  userId: 'qq111111_demo',
  registrationId: 'r1',
  startedAt: '2026-11-20T10:00:00.000Z',
  computer: 'BUH-02',
  pin: 'new',
  signatureKeyId: '01',
  signInKeyId: '02',
};

const at = '2026-11-20T10:00:00.000Z';
export const line = (
  step: RegistrationStep,
  phase: JournalLine['phase'],
  more: Partial<JournalLine> = {},
): JournalLine => ({ step, phase, at, ...more });

export const registration = (changes: Partial<JournalledRegistration> = {}): JournalledRegistration => ({
  id: 'r1',
  bankId: 'demo',
  userId: 'qq111111_demo',
  label: 'Asel',
  tokenSerial: '3A5B7C1D',
  state: 'interrupted',
  startedAt: at,
  lines: [],
  ...changes,
  facts: {
    signatureKeyId: '01',
    signInKeyId: '02',
    signatureTransactionId: '00'.repeat(16),
    signInTransactionId: '11'.repeat(16),
    ...changes.facts,
  },
});

const pinStatus = {
  attemptsLeft: 10,
  maxAttempts: 10,
  minLength: 6,
  blocked: false,
  changedBy: 'both',
} as const;
const info: TokenInfo = {
  serial: asTokenSerial('3A5B7C1D'),
  model: 'KAZTOKEN',
  label: 'Asel',
  userPin: pinStatus,
  administratorPin: pinStatus,
  totalMemory: 65_536,
  freeMemory: null,
  firmware: null,
  protocol: null,
  atr: '3B88014B415A544F4B454E82',
  layout: 'complete',
};

export const knownToken = (
  objects: Partial<TokenObjects> = {},
  changes: Partial<KnownToken> = {},
): KnownToken => ({
  id: 't1',
  reader: 'Reader 0',
  state: 'ready',
  info,
  objects: { keys: [], certificates: [], dataObjects: [], ...objects },
  ...changes,
});

const pair = generateKeyPairSync('rsa', {
  modulusLength: 2048,
  publicKeyEncoding: { type: 'spki', format: 'der' },
  privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
});

/** A self-signed certificate with this subject. */
export const certificateFor = (subject: SubjectFields): DerBytes =>
  asDer(
    issueCertificate(
      {
        kind: 'initial-key',
        subject,
        publicKey: pair.publicKey,
        notBefore: new Date('2026-01-01T00:00:00Z'),
        notAfter: new Date('2027-11-30T00:00:00Z'),
      },
      { privateKeyPem: pair.privateKey },
    ),
  );

export const certifiedSigner = (subject: SubjectFields): CertifiedSigner => ({
  ...keyObjectSigner(createPrivateKey(pair.privateKey)),
  certificate: certificateFor(subject),
  chain: [],
});

const pem = certificateToPem(certificateFor({ commonName: 'CA' }));

export const demoBank: BankSystem = {
  format: 1,
  id: 'demo',
  version: 1,
  bank: { ru: 'Банк', kk: 'Банк (kk)', en: 'Bank' },
  name: { ru: 'Банк', kk: 'Банк (kk)', en: 'Bank' },
  description: { ru: 'Для проверок', kk: 'Тексеруге арналған', en: 'For tests' },
  customers: 'any',
  authentication: 'initial-key',
  ca: { url: 'https://ca.example/cmp', name: 'CN=CA', anchors: [pem], registrationToken: true },
  api: { url: 'https://bank.example/api/', origin: 'https://bank.example', tlsAnchors: [pem] },
  site: 'https://bank.example/',
  subject: 'C=KZ,CN={userId}',
  keys: { bits: 2048 },
};

/** Banks of one folder, as testers have them: nobody has signed their files. */
export const unsignedBanks = (folder: string, launchFile?: string): BankDirectory =>
  new BankDirectory(folder, {
    trust: { standing: () => 'new', version: () => undefined },
    unsigned: 'accept',
    launchFile,
  });

/** Tokens on which no NUC signature is looked for. */
export const noNationalKeys = new NationalKeys([]);

/** A token that does only what a test says, and remembers what it was asked. */
export class ScriptedToken {
  /** Names of the calls, in order. */
  readonly calls: string[] = [];
  readonly #session: TokenSession;

  constructor(session: Partial<TokenSession> = {}) {
    this.#session = { serial: asTokenSerial('3A5B7C1D'), ...session } as TokenSession;
  }

  /** As the services see it. */
  watch(): TokenWatch {
    const session = new Proxy(this.#session, {
      get: (target, name: keyof TokenSession) => {
        const value = target[name];
        if (typeof value !== 'function') return value;
        return (...args: never[]) => {
          this.calls.push(name);
          return (value as (...given: never[]) => unknown)(...args);
        };
      },
    });
    return {
      start: () => Promise.resolve(),
      stop: () => Promise.resolve(),
      presence: () => 'ready',
      tokens: () => [knownToken()],
      onChange: () => () => undefined,
      withSession: async (tokenId, work) => {
        if (tokenId !== 't1') throw new KiltError('token-removed');
        return work(session);
      },
    };
  }
}
