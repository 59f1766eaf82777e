import { z } from 'zod';
import { bankFileView, bankImportView } from './bank-views.ts';
import { doctorCalls } from './doctor-views.ts';
import { consentCalls, consentEvents, siteCalls, siteEvents } from './consent-views.ts';
import {
  auditView,
  certificateCheckView,
  formatPlan,
  formatSettings,
  formatView,
  importView,
  panelView,
  pinRole,
  storedObjectsView,
} from './control-panel-views.ts';
import { renewalCalls, renewalEvents } from './renewal-views.ts';
import {
  checkedSignatureView,
  documentPreview,
  signatureForm,
  signingKeyView,
  signingView,
} from './signing-views.ts';
import {
  aboutView,
  bankView,
  certificateEndView,
  homeView,
  keyContainerView,
  licenceView,
  nationalSignatureView,
  profileName,
  registrationView,
  settingsView,
  tokensView,
} from './views.ts';

/** A file that the user has chosen or dropped: the page knows it by a name of main's making. */
const chosenDocument = z.object({ documentId: z.string(), fileName: z.string() });
/** As many as one call can carry. */
const mostDocuments = 200;

/**
 * Everything the page may ask of the main process, and everything the main process tells the page. There is no
 * other channel. Each input is validated in the main process before a handler sees it.
 *
 * Secrets go one way, as bytes: page → main. The handler wipes them; nothing ever sends one back.
 */
const secret = z.instanceof(Uint8Array).refine((bytes) => bytes.length <= 256);
const nothing = z.void();
const id = z.string().min(1).max(128);

const registrationData = {
  userId: z.string().trim().min(1).max(64),
  /** «ПИН» from the OTP card. */
  registrationPin: secret,
  /** From `chooseKeyFile`; absent where the bank needs none. */
  keyFile: z.object({ id, password: secret }).optional(),
};

export const calls = {
  'app.ready': { input: nothing, output: z.object({ settings: settingsView, about: aboutView }) },
  /** A path that native code is loaded from is not the page's to name: see `driver.choose`. */
  'settings.change': {
    input: settingsView
      .omit({
        driverLibrary: true,
        driverSigner: true,
        browserExtension: true,
        loopback: true,
        loopbackPort: true,
        timestampUrl: true,
      })
      .partial(),
    output: settingsView,
  },
  /** PKCS#11 libraries of known names that are installed. */
  'driver.list': { input: nothing, output: z.object({ found: z.array(z.string()) }) },
  /** One of those, or none (empty). */
  'driver.choose': { input: z.object({ library: z.string().max(1000) }), output: settingsView },
  'tokens.list': { input: nothing, output: tokensView },
  'banks.list': { input: nothing, output: z.array(bankView) },
  'registrations.list': { input: nothing, output: z.array(registrationView) },
  /** Certificates that end soon, of all tokens ever seen here, without those that were put off. */
  'ends.list': { input: nothing, output: z.array(certificateEndView) },
  /** «Напомнить позже». */
  'ends.snooze': {
    input: z.object({ id: z.string().min(1).max(512), days: z.number().int().min(1).max(30) }),
    output: nothing,
  },
  /** Where the user wants to be who has pressed something outside the window since this was last asked. */
  'pressed.take': {
    input: nothing,
    output: z.object({ tokenSerial: z.string(), leadsTo: z.enum(['keys', 'profiles']) }).optional(),
  },

  /**
   * «ОК» of the picker: one VERIFY. Registered token: signs in to its bank. Empty token: the PIN is kept in main's
   * custody for the wizard. Unfinished: says what else is needed.
   */
  'picker.open': {
    input: z.object({
      tokenId: id,
      pin: secret,
      /** Which profile where the token has several, or one more on a token that has some. */
      profile: z.union([profileName, z.literal('new')]).optional(),
    }),
    output: z.discriminatedUnion('outcome', [
      z.object({ outcome: z.literal('signed-in'), home: homeView }),
      z.object({ outcome: z.literal('create-profile'), defaultPin: z.boolean() }),
      z.object({ outcome: z.literal('continue-registration'), registration: registrationView }),
    ]),
  },
  /** Ends the profile's session and forgets its PIN. */
  'profile.leave': { input: z.object({ tokenId: id }), output: nothing },
  /** Opens the bank's page in the browser. */
  'profile.openBank': { input: z.object({ tokenId: id }), output: nothing },

  /** «Обзор…»: the system's file dialog. `null`: cancelled. */
  'wizard.chooseKeyFile': { input: nothing, output: z.object({ id, fileName: z.string() }).nullable() },
  /**
   * «Далее» of step 2: opens the key container on this computer (failure is 0200040), or looks at the NUC signature on
   * the token; nothing else.
   */
  'wizard.checkData': {
    input: z.object({
      bankId: id,
      ...registrationData,
      /** Where the bank takes a NUC signature; the number may stay away while only one fits. */
      national: z.object({ tokenId: id, serialNumber: id.optional() }).optional(),
    }),
    output: z.object({
      draftId: id,
      keyContainer: keyContainerView.optional(),
      national: nationalSignatureView.optional(),
    }),
  },
  /** «Далее» of step 4, after the confirmation: the first moment at which the token is changed. */
  'wizard.start': {
    input: z.object({ draftId: id, tokenId: id, label: z.string().max(32), newPin: secret.optional() }),
    output: registrationView,
  },
  /**
   * Goes on with an unfinished registration. The token's present PIN was typed in the picker and is in main's custody;
   * `newPin` is the one to set when `needs.pinOnToken` is not `new`.
   */
  'registration.resume': {
    input: z.object({
      journalId: id,
      tokenId: id,
      newPin: secret.optional(),
      /** While `needs.registrationData`. A user ID other than the journal's corrects a mistyped one. */
      data: z
        .object({
          userId: registrationData.userId.optional(),
          registrationPin: secret,
          keyFile: registrationData.keyFile,
          /** Which NUC signature, where the bank takes one and several fit. */
          nationalSerialNumber: id.optional(),
        })
        .optional(),
    }),
    output: registrationView,
  },
  'wizard.forget': { input: z.object({ draftId: id }), output: nothing },

  'panel.token': { input: z.object({ tokenId: id }), output: panelView },
  /** «Ввести PIN-код…»: one VERIFY. The PIN stays in main's custody for the actions that follow. */
  'panel.login': { input: z.object({ tokenId: id, role: pinRole, pin: secret }), output: panelView },
  /** «Выйти». */
  'panel.logout': { input: z.object({ tokenId: id }), output: panelView },
  /** By whoever is logged in, as the token's policy allows. A weak PIN needs `acceptWeak` where settings only warn. */
  'panel.changePin': {
    input: z.object({ tokenId: id, role: pinRole, newPin: secret, acceptWeak: z.boolean() }),
    output: panelView,
  },
  /** «Разблокировать»: gives the user PIN its tries back and leaves it as it is. */
  'panel.unblock': { input: z.object({ tokenId: id }), output: panelView },
  'panel.rename': { input: z.object({ tokenId: id, label: z.string().max(32) }), output: panelView },
  /** The format under way, for a page that was loaded while it goes on; `null`: there is none. */
  'panel.runningFormat': { input: nothing, output: formatView.nullable() },
  'panel.planFormat': { input: z.object({ tokenId: id }), output: formatPlan },
  /** «Начать». Everything on the token is destroyed; `format.changed` tells how it goes. */
  'panel.format': {
    input: z.object({
      tokenId: id,
      settings: formatSettings,
      newUserPin: secret,
      newAdministratorPin: secret,
      acceptWeak: z.boolean(),
      /** `confirmWith` of the plan, typed. */
      confirmation: z.string().max(64),
      /** Against the interlock: serial number and reason, both typed, both recorded. */
      override: z
        .object({ serial: z.string().max(32), reason: z.string().trim().min(10).max(500) })
        .optional(),
    }),
    output: formatView,
  },

  'certificates.list': { input: z.object({ tokenId: id }), output: storedObjectsView },
  /** «Проверить»: asks the certification authority about one certificate, at the addresses in the bank's file. */
  'certificates.check': {
    input: z.object({ tokenId: id, fingerprint: id }),
    output: certificateCheckView,
  },
  /** Asks where to save; `null`: cancelled. */
  'certificates.export': {
    input: z.object({ tokenId: id, fingerprint: id, format: z.enum(['pem', 'der']) }),
    output: z.object({ fileName: z.string() }).nullable(),
  },
  /** «Импортировать…»: the system's file dialog; PEM, DER or PFX. `null`: cancelled. */
  'certificates.chooseImport': {
    input: nothing,
    output: z.object({ fileId: id, fileName: z.string(), needsPassword: z.boolean() }).nullable(),
  },
  /** Opens the file on this computer, nothing else. */
  'certificates.openImport': {
    input: z.object({ tokenId: id, fileId: id, password: secret.optional() }),
    output: importView,
  },
  /** After the user's consent. */
  'certificates.import': { input: z.object({ tokenId: id, importId: id }), output: storedObjectsView },
  'certificates.forgetImport': { input: z.object({ importId: id }), output: nothing },
  /** `confirmation` is the object's label or subject name, typed. */
  'certificates.delete': {
    input: z.object({
      tokenId: id,
      target: z.discriminatedUnion('kind', [
        z.object({ kind: z.literal('certificate'), fingerprint: id }),
        /** The key and every certificate of it. */
        z.object({ kind: z.literal('key-pair'), objectId: id }),
      ]),
      confirmation: z.string().max(256),
    }),
    output: storedObjectsView,
  },

  /** Certificates on the token whose keys may sign documents. */
  'signing.keys': { input: z.object({ tokenId: id }), output: z.array(signingKeyView) },
  /** The system's file dialog; none when it was cancelled. */
  'signing.chooseDocuments': {
    input: z.object({ what: z.enum(['documents', 'signature', 'signed']) }),
    output: z.array(chosenDocument),
  },
  /**
   * Files dropped on the window. Only the preload script makes this call, with paths that the system gave it: the page
   * has no way to name a file.
   */
  'signing.drop': {
    input: z.object({ paths: z.array(z.string().max(4096)).max(mostDocuments) }),
    output: z.array(chosenDocument),
  },
  'signing.forget': { input: z.object({ documentId: id }), output: nothing },
  /** Size and digest of a document. Once told, no other is signed in its place. */
  'signing.measure': {
    input: z.object({ documentId: id }),
    output: z.object({ bytes: z.number().int(), sha256: z.string() }),
  },
  /** What is seen of a document, and the digest of the very bytes that are shown. */
  'signing.show': {
    input: z.object({ documentId: id }),
    output: z.object({ bytes: z.number().int(), sha256: z.string(), preview: documentPreview }),
  },
  /** The user's consent: one VERIFY for all documents. `signing.changed` tells how it goes. */
  'signing.sign': {
    input: z.object({
      tokenId: id,
      fingerprint: id,
      pin: secret,
      documentIds: z.array(id).min(1).max(mostDocuments),
      form: signatureForm,
      /** Address of a time-stamping authority. */
      timestampUrl: z
        .url({ protocol: /^https?$/ })
        .max(1024)
        .optional(),
    }),
    output: signingView,
  },
  /** Stops between two documents. */
  'signing.cancel': { input: nothing, output: nothing },
  /** Shows a document in the system's file manager. */
  'signing.openFolder': { input: z.object({ documentId: id }), output: nothing },
  'signing.check': {
    input: z.object({ signatureId: id, signedId: id.optional() }),
    output: checkedSignatureView,
  },

  /** Newest first. */
  'audit.list': {
    input: z.object({ offset: z.number().int().min(0), count: z.number().int().min(1).max(500) }),
    output: auditView,
  },
  /** Asks where to save; `null`: cancelled. */
  'audit.export': { input: nothing, output: z.object({ fileName: z.string() }).nullable() },

  /** Opens the folder of data or logs in the system's file manager. */
  'folders.open': { input: z.object({ folder: z.enum(['data', 'logs']) }), output: nothing },

  /** What Kilt is made of and the terms of each part, in order of names. */
  'about.licences': { input: nothing, output: z.array(licenceView) },

  /** Banks' files, those that can not be used as well. */
  'banks.files': { input: nothing, output: z.array(bankFileView) },
  /** «Импортировать файл банка…»: the system's file dialog, then what the file says. `null`: cancelled. */
  'banks.chooseImport': { input: nothing, output: bankImportView.nullable() },
  /** After the user's consent. `fingerprint`: of the signer, as the user compared it with the bank's paper. */
  'banks.import': {
    input: z.object({ importId: id, fingerprint: z.string().max(256).optional() }),
    output: z.array(bankFileView),
  },
  'banks.forgetImport': { input: z.object({ importId: id }), output: nothing },
  'banks.remove': { input: z.object({ fileName: z.string().max(256) }), output: z.array(bankFileView) },

  ...renewalCalls,
  ...siteCalls,
  ...doctorCalls,
  ...consentCalls,

  'clipboard.copy': { input: z.object({ text: z.string().max(4096) }), output: nothing },
} as const satisfies Record<string, { input: z.ZodType; output: z.ZodType }>;

export const events = {
  ...renewalEvents,
  'signing.changed': signingView,
  'tokens.changed': tokensView,
  'registration.changed': registrationView,
  'settings.changed': settingsView,
  'ends.changed': z.array(certificateEndView),
  /** To be asked about with `pressed.take`. */
  'pressed.changed': nothing,
  /** Rights began or ended, or the token changed. */
  'panel.changed': z.object({ tokenId: z.string() }),
  'format.changed': formatView,
  /** A bank's file came, went or changed, by whomever. */
  'banks.changed': z.array(bankView),
  ...siteEvents,
  ...consentEvents,
} as const satisfies Record<string, z.ZodType>;

export type CallName = keyof typeof calls;
export type CallInput<Name extends CallName> = z.input<(typeof calls)[Name]['input']>;
export type CallOutput<Name extends CallName> = z.output<(typeof calls)[Name]['output']>;
export type EventName = keyof typeof events;
export type EventPayload<Name extends EventName> = z.output<(typeof events)[Name]>;

/** Every call answers with a value or with an error the page can show; it never rejects. */
export type CallResult<Name extends CallName> =
  | { readonly ok: true; readonly value: CallOutput<Name> }
  | { readonly ok: false; readonly error: import('./views.ts').ErrorView };

/** What the preload script exposes as `window.kilt`, and nothing else. */
export interface KiltBridge {
  call<Name extends CallName>(name: Name, input: CallInput<Name>): Promise<CallResult<Name>>;
  /** Hands dropped files over; the page itself never sees where they lie. */
  drop(files: readonly File[]): Promise<CallResult<'signing.drop'>>;
  /** Returns the function that ends the subscription. */
  on<Name extends EventName>(name: Name, listener: (payload: EventPayload<Name>) => void): () => void;
}
