import { z } from 'zod';
import {
  aboutView,
  bankView,
  homeView,
  keyContainerView,
  registrationView,
  settingsView,
  tokensView,
} from './views.ts';

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
  'settings.change': { input: settingsView.partial(), output: settingsView },
  'tokens.list': { input: nothing, output: tokensView },
  'banks.list': { input: nothing, output: z.array(bankView) },
  'registrations.list': { input: nothing, output: z.array(registrationView) },

  /**
   * «ОК» of the picker: one VERIFY. Registered token: signs in to its bank. Empty token: the PIN is kept in main's
   * custody for the wizard. Unfinished: says what else is needed.
   */
  'picker.open': {
    input: z.object({ tokenId: id, pin: secret }),
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
  /** «Далее» of step 2: opens the key container on this computer, nothing else. Failure is 0200040. */
  'wizard.checkData': {
    input: z.object({ bankId: id, ...registrationData }),
    output: z.object({ draftId: id, keyContainer: keyContainerView.optional() }),
  },
  /** «Далее» of step 4, after the confirmation: the first moment at which the token is changed. */
  'wizard.start': {
    input: z.object({ draftId: id, tokenId: id, label: z.string().max(32), newPin: secret }),
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
        })
        .optional(),
    }),
    output: registrationView,
  },
  'wizard.forget': { input: z.object({ draftId: id }), output: nothing },

  'clipboard.copy': { input: z.object({ text: z.string().max(4096) }), output: nothing },
} as const satisfies Record<string, { input: z.ZodType; output: z.ZodType }>;

export const events = {
  'tokens.changed': tokensView,
  'registration.changed': registrationView,
  'settings.changed': settingsView,
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
  /** Returns the function that ends the subscription. */
  on<Name extends EventName>(name: Name, listener: (payload: EventPayload<Name>) => void): () => void;
}
