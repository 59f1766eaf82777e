import { z } from 'zod';
import { certificateView, errorView, pinView } from './views.ts';

/** What the control panel, and `kilt` on the command line, see of a token. Nothing here is secret. */

export const pinRole = z.enum(['user', 'administrator']);

/** Who may change the user PIN: «Пользователь», «Администратор», «Пользователь и Администратор». */
export const pinChangedBy = z.enum(['user', 'administrator', 'both']);
export type PinChangedBy = z.infer<typeof pinChangedBy>;

export const panelPinView = pinView.extend({
  /** `null`: the token does not say. */
  changedBy: pinChangedBy.nullable(),
  /** The PIN is the one of the factory; `null` until a login in this insertion has shown it. */
  isDefault: z.boolean().nullable(),
});
export type PanelPinView = z.infer<typeof panelPinView>;

/** «Информация…». What the token does not tell is `null` and shown as not told. */
export const tokenInformationView = z.object({
  label: z.string().nullable(),
  model: z.string(),
  /** Upper-case hexadecimal; the panel of the maker prints the same number in decimal. */
  serial: z.string(),
  serialDecimal: z.string(),
  reader: z.string(),
  /** Upper-case hexadecimal. */
  atr: z.string(),
  firmware: z.string().nullable(),
  protocol: z.string().nullable(),
  totalMemory: z.number().int().nullable(),
  freeMemory: z.number().int().nullable(),
  userPin: panelPinView,
  administratorPin: panelPinView,
  /**
   * `complete`: holds the PKCS#15 application · `none`: has none, as from the factory · `half-formatted`: a format was
   * interrupted and has to be finished.
   */
  layout: z.enum(['complete', 'none', 'half-formatted']),
});
export type TokenInformationView = z.infer<typeof tokenInformationView>;

/** Why an action is not offered now, in the order in which they are told. */
export const obstacle = z.enum([
  'half-formatted',
  'needs-user',
  'needs-administrator',
  'needs-login',
  'changed-by-user-only',
  'changed-by-administrator-only',
  'pin-blocked',
  'not-blocked',
  'no-layout',
]);
export type Obstacle = z.infer<typeof obstacle>;

export const panelActions = [
  'change-user-pin',
  'change-administrator-pin',
  'unblock',
  'rename',
  'format',
  'import',
  'delete',
] as const;
export const panelAction = z.enum(panelActions);
export type PanelAction = z.infer<typeof panelAction>;

export const panelView = z.object({
  tokenId: z.string(),
  information: tokenInformationView,
  /** Who is logged in by «Ввести PIN-код…»; ends with removal, «Выйти», lock of the computer and idle time. */
  rights: z.object({ role: pinRole, since: z.iso.datetime() }).nullable(),
  /** For each action what stands in its way, or `null`: it can be done now. */
  actions: z.record(panelAction, obstacle.nullable()),
});
export type PanelView = z.infer<typeof panelView>;

/** Of a certificate on the token, more than the picker shows. */
export const storedCertificateView = certificateView.extend({
  /** SHA-256 of the DER, lower-case hexadecimal: names the certificate in calls. */
  fingerprint: z.string(),
  /** PKCS#15 identifier, shared with its key. */
  objectId: z.string(),
  objectLabel: z.string(),
  validity: z.enum(['valid', 'not-yet', 'expired']),
  /** Names of RFC 5280 §4.2.1.3, as `digitalSignature`. */
  keyUsage: z.array(z.string()),
  /** Human names of extended key usages, object identifiers where unknown. */
  extendedKeyUsage: z.array(z.string()),
  publicKey: z.string(),
  isAuthority: z.boolean(),
  /** Name of the bank in which it is registered, told by the token's own record. */
  usedByBank: z.string().optional(),
  /** From the certificate's issuer up; from the token itself and the bank files' anchors. */
  chain: z.array(z.object({ name: z.string(), notAfter: z.iso.datetime(), from: z.enum(['token', 'bank']) })),
  chainComplete: z.boolean(),
});
export type StoredCertificateView = z.infer<typeof storedCertificateView>;

export const storedKeyView = z.object({
  objectId: z.string(),
  label: z.string(),
  algorithm: z.enum(['rsa', 'gost']),
  bits: z.number().int(),
  hasCertificate: z.boolean(),
});
export type StoredKeyView = z.infer<typeof storedKeyView>;

/** Tab «Сертификаты». */
export const storedObjectsView = z.object({
  tokenId: z.string(),
  certificates: z.array(storedCertificateView),
  keys: z.array(storedKeyView),
  /** Certificates that cannot be read: by object identifier and label. */
  unreadable: z.array(z.object({ objectId: z.string(), objectLabel: z.string() })),
});
export type StoredObjectsView = z.infer<typeof storedObjectsView>;

/** What the certification authority says about a certificate, asked when the user wants to know. */
export const certificateCheckView = z.object({
  fingerprint: z.string(),
  /** `untrusted`: it leads to the roots of no bank that Kilt knows, or is not in order; nobody was asked then. */
  verdict: z.enum(['good', 'revoked', 'suspended', 'unknown', 'untrusted']),
  /** Name of the bank under whose roots it stands. */
  bank: z.string().optional(),
  checkedAt: z.string(),
  /** Revoked or suspended: since when and why (CRLReason of RFC 5280). */
  since: z.string().optional(),
  reason: z.string().optional(),
  /** Who said so; `asOf` is the moment that the answer speaks of. */
  source: z
    .object({ kind: z.enum(['crl', 'ocsp']), asOf: z.string(), until: z.string().optional() })
    .optional(),
  host: z.string().optional(),
  /** Why it is not known, or not trusted. */
  why: z.string().optional(),
  /** What was wrong with the answer, for support. */
  fault: z.string().optional(),
});
export type CertificateCheckView = z.infer<typeof certificateCheckView>;

/** What an import file holds, before anything is written to the token. */
export const importView = z.object({
  importId: z.string(),
  fileName: z.string(),
  kind: z.enum(['certificates', 'key-container']),
  certificates: z.array(certificateView.extend({ fingerprint: z.string(), alreadyOnToken: z.boolean() })),
  /** Key containers only: the private key goes onto the token. */
  key: z.object({ algorithm: z.string(), alreadyOnToken: z.boolean() }).optional(),
});
export type ImportView = z.infer<typeof importView>;

export const formatSettings = z.object({
  /** Token name: printable ASCII, at most 32; empty: no name. */
  label: z.string().max(32),
  userPinChangedBy: pinChangedBy,
  /** Shortest PIN that the token will accept (6…31, facts of the maker). */
  userMinLength: z.number().int().min(6).max(31),
  administratorMinLength: z.number().int().min(6).max(31),
  /** Tries of each PIN (user 1…10, administrator 3…10). */
  userAttempts: z.number().int().min(1).max(10),
  administratorAttempts: z.number().int().min(3).max(10),
});
export type FormatSettings = z.infer<typeof formatSettings>;

/** What stands against formatting. All but `several-tokens` can be overridden by an administrator, with a reason. */
export const formatBlocker = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('several-tokens'), count: z.number().int() }),
  z.object({
    kind: z.enum(['unfinished-registration', 'unfinished-renewal']),
    startedAt: z.iso.datetime(),
    userId: z.string(),
    bankName: z.string(),
    /** Begun on another computer: its name. */
    computer: z.string().optional(),
  }),
]);
export type FormatBlocker = z.infer<typeof formatBlocker>;

export const formatPlan = z.object({
  tokenId: z.string(),
  serial: z.string(),
  label: z.string().nullable(),
  /** What has to be typed to go on: the token's name, or its serial number when it has none. */
  confirmWith: z.string(),
  blockers: z.array(formatBlocker),
  /** No administrator login is needed, because that PIN is blocked or a format was interrupted; and what that means. */
  withoutAdministrator: z.enum(['administrator-pin-blocked', 'half-formatted']).nullable(),
  certificates: z.array(storedCertificateView),
  keys: z.array(storedKeyView),
  otherObjects: z.number().int(),
  /** The settings the token has now, or those of the interrupted format. */
  settings: formatSettings,
});
export type FormatPlan = z.infer<typeof formatPlan>;

/** Stages of a format, in their order. From `wiped` on it cannot be cancelled, only finished. */
export const formatStages = [
  'checked',
  'wiped',
  'folders',
  'administrator-pin',
  'user-pin',
  'application',
  'closed',
] as const;
export const formatStage = z.enum(formatStages);
export type FormatStage = z.infer<typeof formatStage>;

export const formatView = z.object({
  tokenSerial: z.string(),
  state: z.enum(['running', 'finished', 'interrupted']),
  done: z.array(formatStage),
  startedAt: z.iso.datetime(),
  error: errorView.optional(),
});
export type FormatView = z.infer<typeof formatView>;

export const auditActions = [
  'login',
  'logout',
  'change-user-pin',
  'change-administrator-pin',
  'unblock',
  'rename',
  'format',
  'override-interlock',
  'import-certificate',
  'import-key-pair',
  'export-certificate',
  'delete-certificate',
  'delete-key-pair',
  'import-bank',
  'remove-bank',
  /** A batch, from the login to the last file. */
  'sign-documents',
  /** One document of it: a signature made and saved, or why not. */
  'sign-document',
  /** The user lets the pages of a site call Kilt, takes that back, or refuses a request of theirs. */
  'allow-site',
  'revoke-site',
  'refuse-site',
  'sign-in-to-site',
  'give-certificate',
] as const;
export const auditAction = z.enum(auditActions);
export type AuditAction = z.infer<typeof auditAction>;

/** One line of the audit: written before (`begun`) and after (`done`, `failed`) each administrative action. */
export const auditEntry = z.object({
  line: z.number().int(),
  at: z.iso.datetime(),
  action: auditAction,
  result: z.enum(['begun', 'done', 'failed']),
  /** Empty where the action is about no token. */
  tokenSerial: z.string(),
  tokenLabel: z.string().nullable(),
  role: pinRole.nullable(),
  /** What the administrator typed as the reason of an override. */
  reason: z.string().nullable(),
  /** Code of the error catalogue. */
  errorCode: z.string().nullable(),
  /** Names and numbers, as the settings of a format. Never a PIN. */
  detail: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])),
  /** SHA-256 over the entry and the hash of the line before. */
  hash: z.string(),
});
export type AuditEntry = z.infer<typeof auditEntry>;

/** Signed with a key container: no token was meant. */
export const isKeyFileEntry = ({
  action,
  tokenSerial,
}: Pick<AuditEntry, 'action' | 'tokenSerial'>): boolean =>
  tokenSerial === '' && (action === 'sign-document' || action === 'sign-documents');

export const auditView = z.object({
  entries: z.array(auditEntry),
  total: z.number().int(),
  /** The chain from the first line to the last; `brokenAt` is the first line that does not fit. */
  chain: z.discriminatedUnion('state', [
    z.object({ state: z.literal('intact') }),
    z.object({ state: z.literal('broken'), brokenAt: z.number().int() }),
  ]),
});
export type AuditView = z.infer<typeof auditView>;
