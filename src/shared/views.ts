import { z } from 'zod';
import { errorCatalogue, type ErrorId } from './errors.ts';

/** What the page, the command line and support see. Nothing here is secret. */

const errorIds = Object.keys(errorCatalogue) as [ErrorId, ...ErrorId[]];

export const errorView = z.object({
  id: z.enum(errorIds),
  code: z.string(),
  data: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])),
});
export type ErrorView = z.infer<typeof errorView>;

export const language = z.enum(['ru', 'kk', 'en']);
export type Language = z.infer<typeof language>;
export const theme = z.enum(['system', 'light', 'dark']);
export type Theme = z.infer<typeof theme>;

/** A user of a bank: on one token there is at most one profile of each. */
export const profileName = z.object({ bankId: z.string(), userId: z.string() });
export type ProfileName = z.infer<typeof profileName>;

export const isProfileOf = (a: ProfileName, b: ProfileName): boolean =>
  a.bankId === b.bankId && a.userId === b.userId;

export const certificateView = z.object({
  /** What its key is for. */
  purpose: z.enum(['signature', 'sign-in', 'other']),
  /** Whose key it is, among the profiles on the token. */
  profile: profileName.optional(),
  subjectName: z.string(),
  subject: z.string(),
  issuerName: z.string(),
  issuer: z.string(),
  /** Lower-case hexadecimal. */
  serialNumber: z.string(),
  notBefore: z.iso.datetime(),
  notAfter: z.iso.datetime(),
  keyOnToken: z.boolean(),
});
export type CertificateView = z.infer<typeof certificateView>;

/** Steps of a registration, in the order in which they are done. Names are stored: never rename one. */
export const registrationSteps = [
  'token-prepared',
  'pin-set',
  'signature-key-made',
  'sign-in-key-made',
  'signature-certificate-received',
  'signature-certificate-stored',
  'signature-certificate-confirmed',
  'sign-in-certificate-received',
  'sign-in-certificate-stored',
  'sign-in-certificate-confirmed',
  'registered-in-bank',
  'profile-written',
] as const;
export const registrationStep = z.enum(registrationSteps);
export type RegistrationStep = z.infer<typeof registrationStep>;

/** What must be typed before an unfinished registration can go on. */
export const resumeNeeds = z.object({
  tokenPin: z.literal(true),
  /** ПИН and key file again: the CA has not issued the first certificate yet, and the token does not keep them. */
  registrationData: z.boolean(),
  /**
   * Which password the token has now, as its own record says: `old` (the one it had before; the new one must be
   * typed too), `new` (the one chosen in the wizard), `changing` (the change was cut in the middle: either).
   */
  pinOnToken: z.enum(['old', 'changing', 'new']),
});

export const registrationView = z.object({
  journalId: z.string(),
  bankId: z.string(),
  userId: z.string(),
  label: z.string(),
  tokenSerial: z.string(),
  /** One more profile on a token that has some: its name and PIN stay as they are. */
  keepsPin: z.boolean().optional(),
  startedAt: z.iso.datetime(),
  state: z.enum(['running', 'interrupted', 'finished', 'abandoned']),
  /** Steps that are done. */
  done: z.array(registrationStep),
  /** The step under way or next; absent when finished. */
  current: registrationStep.optional(),
  /** When the step under way began. */
  currentSince: z.iso.datetime().optional(),
  /** «Принят банком»: the CA has taken the request and asks to come back. */
  waitingUntil: z.iso.datetime().optional(),
  /** Why the CA could not be asked at the last attempt; it is asked again at `waitingUntil`. */
  waitingTrouble: errorView.optional(),
  error: errorView.optional(),
  needs: resumeNeeds,
});
export type RegistrationView = z.infer<typeof registrationView>;

export const pinView = z.object({
  attemptsLeft: z.number().int().nullable(),
  maxAttempts: z.number().int().nullable(),
  minLength: z.number().int().nullable(),
  blocked: z.boolean(),
});

/** Whether a bank takes a NUC signature, or what is against it. */
export const nationalFit = z.enum([
  'fits',
  'not-for-signing',
  'other-owner',
  'issuer-unknown',
  'not-yet-valid',
  'expired',
  'key-unusable',
]);
export type NationalFit = z.infer<typeof nationalFit>;

/** A signature of the national certification authority (ЭЦП НУЦ) on a token. */
export const nationalSignatureView = z.object({
  /** Of its certificate; chooses one among several. Lower-case hexadecimal. */
  serialNumber: z.string(),
  owner: z.enum(['person', 'organisation']),
  name: z.string(),
  organisation: z.string().optional(),
  algorithm: z.enum(['rsa', 'gost']),
  issuerName: z.string(),
  notBefore: z.iso.datetime(),
  notAfter: z.iso.datetime(),
  /** By the id of each known bank that takes NUC signatures. */
  fits: z.record(z.string(), nationalFit),
});
export type NationalSignatureView = z.infer<typeof nationalSignatureView>;

export const tokenView = z.object({
  /** Of this insertion: another one after the token is pulled and put back. */
  id: z.string(),
  reader: z.string(),
  state: z.enum(['reading', 'ready', 'in-use', 'unsupported', 'mute']),
  serial: z.string().optional(),
  model: z.string().optional(),
  label: z.string().nullable(),
  /**
   * `empty`: no profile · `unfinished`: a registration was begun · `registered`: has a Kilt profile ·
   * `national`: a NUC signature without profile («Зарегистрировать») · `foreign`: objects of another program ·
   * `half-formatted`: a format was interrupted and has to be finished.
   */
  kind: z.enum(['unknown', 'empty', 'unfinished', 'registered', 'national', 'foreign', 'half-formatted']),
  /** Registered ones, in the order in which they came on the token. */
  profiles: z.array(profileName.extend({ bankName: z.string().optional() })).optional(),
  certificates: z.array(certificateView),
  /** NUC signatures whose key is on the token, where there are any. */
  national: z.array(nationalSignatureView).optional(),
  userPin: pinView.optional(),
  /** Why the chosen driver (PKCS#11 library) could not be asked for what is on this token. */
  driverError: errorView.optional(),
  /** The registration begun on this token; without `journalId` it was begun on another computer. */
  unfinished: z
    .object({
      journalId: z.string().optional(),
      startedAt: z.iso.datetime(),
      computer: z.string().optional(),
      userId: z.string(),
      bankId: z.string(),
      /** See {@link resumeNeeds}: tells the user which password to type in the picker. */
      pinOnToken: z.enum(['old', 'changing', 'new']),
      /** «Принят банком»: Kilt asks again; with `waitingUntil` where this computer knows when. */
      acceptedByBank: z.boolean().optional(),
      waitingUntil: z.iso.datetime().optional(),
    })
    .optional(),
  error: errorView.optional(),
});
export type TokenView = z.infer<typeof tokenView>;

/** Why no token can be used, or `ready`. */
export const presence = z.enum([
  'starting',
  'service-off',
  'no-reader',
  'no-token',
  'unsupported',
  'in-use',
  'ready',
]);
export type Presence = z.infer<typeof presence>;

export const tokensView = z.object({
  presence,
  tokens: z.array(tokenView),
  transport: z.enum(['pcsc', 'virtual-reader']),
});
export type TokensView = z.infer<typeof tokensView>;

const bankTexts = z.record(language, z.string());

export const bankView = z.object({
  id: z.string(),
  /** Of the bank's system. */
  name: bankTexts,
  /** Of the bank itself. */
  bankName: bankTexts.optional(),
  /** One sentence, for whoever chooses among systems. */
  description: bankTexts.optional(),
  /** Where this bank prints what has to be typed. */
  help: z
    .object({
      userId: bankTexts.optional(),
      registrationPin: bankTexts.optional(),
      keyFile: bankTexts.optional(),
    })
    .optional(),
  support: z.object({ phone: z.string().optional(), site: z.string().optional() }).optional(),
  /** No new profiles are made with the bank's file any more. */
  ended: z.boolean().optional(),
  /** What the wizard must ask for. */
  authentication: z.enum(['initial-key', 'id-and-pin', 'national-signature']),
  /** Whose NUC signature it takes, where it takes one. */
  nationalOwner: z.enum(['person', 'organisation', 'any']).optional(),
  siteUrl: z.string().optional(),
});
export type BankView = z.infer<typeof bankView>;

export const keyContainerView = z.object({
  fileName: z.string(),
  subjectName: z.string(),
  issuerName: z.string(),
  notAfter: z.iso.datetime(),
});
export type KeyContainerView = z.infer<typeof keyContainerView>;

/** The home screen of a profile. */
export const homeView = z.object({
  tokenId: z.string(),
  label: z.string(),
  serial: z.string(),
  bank: bankView,
  userId: z.string(),
  customerName: z.string(),
  signedInAt: z.iso.datetime(),
  certificates: z.array(certificateView),
  defaultPin: z.boolean(),
  operations: z.array(
    z.object({
      at: z.iso.datetime(),
      kind: z.enum(['registered', 'signed-in', 'renewed']),
      result: z.enum(['done', 'failed']),
    }),
  ),
});
export type HomeView = z.infer<typeof homeView>;

/**
 * That a certificate ends soon or has just ended: its key is on a token that this computer has seen, whether that token
 * is in a reader now or not.
 */
export const certificateEndView = z.object({
  /** Names the certificates that are told of together. */
  id: z.string(),
  tokenSerial: z.string(),
  tokenName: z.string(),
  tokenPresent: z.boolean(),
  subjectName: z.string(),
  notAfter: z.iso.datetime(),
  ended: z.boolean(),
  /** Whole days; 0 on the last day, negative after it. */
  daysLeft: z.number().int(),
});
export type CertificateEndView = z.infer<typeof certificateEndView>;

export const settingsView = z.object({
  language,
  theme,
  /** Starts with the user's session. */
  autostart: z.boolean(),
  /** The window's cross leaves Kilt in the notification area. */
  closeToTray: z.boolean(),
  /** Tells when a certificate is about to end. */
  reminders: z.boolean(),
  /** What the control panel does about a weak new PIN. */
  weakPins: z.enum(['warn', 'forbid']),
  logLevel: z.enum(['info', 'debug']),
  /** Path of the PKCS#11 library of the token's maker; empty: none is used. Not the page's to name. */
  driverLibrary: z.string().max(1000),
  /** A firm whose signature under such a library counts beside the known makers'; empty: none. */
  driverSigner: z.string().max(200),
  /** Browsers are told where Kilt is, for its extension. See `sites.switchExtension`. */
  browserExtension: z.boolean(),
  /** Pages written for NCALayer reach Kilt through a server on this computer. See `sites.switchLoopback`. */
  loopback: z.boolean(),
  /** Its port: Kilt's own, or the one that such pages know (13579). */
  loopbackPort: z.enum(['own', 'ncalayer']),
  /** Time-stamping authority (RFC 3161) for pages that ask for a time-stamp without naming one. */
  timestampUrl: z.string().max(1024),
});
export type SettingsView = z.infer<typeof settingsView>;

/** What holds until the user chooses otherwise. */
export const defaultSettings: SettingsView = {
  language: 'ru',
  theme: 'system',
  autostart: false,
  closeToTray: false,
  reminders: true,
  weakPins: 'warn',
  logLevel: 'info',
  driverLibrary: '',
  driverSigner: '',
  browserExtension: true,
  loopback: false,
  loopbackPort: 'own',
  timestampUrl: 'http://tsp.pki.gov.kz',
};

export const aboutView = z.object({
  version: z.string(),
  electron: z.string(),
  chromium: z.string(),
  node: z.string(),
  /** The system's name, version and processor, as `Windows 10.0.22631 (x64)`. */
  system: z.string(),
  transport: z.enum(['pcsc', 'virtual-reader']),
  dataFolder: z.string(),
  logFolder: z.string(),
});

export type AboutView = z.infer<typeof aboutView>;

/** A part of the program that others have written, and on which terms. */
export const licenceView = z.object({
  name: z.string(),
  version: z.string(),
  /** SPDX expression; `null`: the part does not name one. */
  licence: z.string().nullable(),
  /** The terms in full; `null`: the part brings none along. */
  text: z.string().nullable(),
});
export type LicenceView = z.infer<typeof licenceView>;
