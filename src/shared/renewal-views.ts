import { z } from 'zod';
import { certificateView, errorView } from './views.ts';

/**
 * Key-set regeneration («Перегенерация комплекта ключей», manual 003): what the page, the command line and support see.
 * Nothing here is secret.
 */

/** Statuses of a key set, in the manual's words (003, Статья 2, рис. 2). */
export const keySetStatus = z.enum([
  /** «В эксплуатации» */
  'in-use',
  /** «Необходима плановая перегенерация»: ends within 30 days, or has ended. */
  'planned-renewal',
  /** «Необходима внеплановая перегенерация»: revoked, suspended, or the bank demands it. */
  'unplanned-renewal',
  /** «Принят банком» */
  'accepted',
  /** «Получен новый сертификат» */
  'new-certificate',
  /** «Получен отказ в регистрации» */
  'refused',
]);
export type KeySetStatus = z.infer<typeof keySetStatus>;

/** Steps of a regeneration, in the order in which they are done. Names are stored: never rename one. */
export const renewalSteps = [
  'renewal-recorded',
  'new-signature-key-made',
  'new-sign-in-key-made',
  'new-signature-certificate-received',
  'new-signature-certificate-stored',
  'new-signature-certificate-confirmed',
  'new-sign-in-certificate-received',
  'new-sign-in-certificate-stored',
  'new-sign-in-certificate-confirmed',
  'new-keys-registered-in-bank',
  'new-keys-in-use',
  'signed-in-with-new-keys',
  'old-keys-removed',
] as const;
export const renewalStep = z.enum(renewalSteps);
export type RenewalStep = z.infer<typeof renewalStep>;

export const renewalView = z.object({
  journalId: z.string(),
  startedAt: z.iso.datetime(),
  state: z.enum(['running', 'interrupted', 'finished', 'abandoned']),
  done: z.array(renewalStep),
  /** The step under way or next; absent when finished. */
  current: renewalStep.optional(),
  currentSince: z.iso.datetime().optional(),
  /** «Принят банком»: when the CA is asked again. */
  waitingUntil: z.iso.datetime().optional(),
  waitingTrouble: errorView.optional(),
  /** «Расчетное время получения нового сертификата», where the bank has named one. */
  expectedAt: z.iso.datetime().optional(),
  /** The CA has issued: it waits for «Получить сертификат». */
  readyToTake: z.boolean(),
  error: errorView.optional(),
  needs: z.object({
    /** The token's PIN must be typed before it goes on. */
    tokenPin: z.boolean(),
    /** User ID and a new ПИН: the old certificate no longer authenticates. */
    registrationPin: z.boolean(),
  }),
});
export type RenewalView = z.infer<typeof renewalView>;

/** One profile's keys on one token: what is regenerated together. */
export const keySetView = z.object({
  id: z.string(),
  tokenSerial: z.string(),
  tokenName: z.string(),
  /** Of the insertion, while the token is in a reader. */
  tokenId: z.string().optional(),
  bankId: z.string(),
  /** «Наименование профиля» */
  profileName: z.string(),
  /** «Идентификатор»: the user ID at the bank. */
  userId: z.string(),
  /** «Криптография», as `RSA 2048, SHA-256`. */
  cryptography: z.string(),
  status: keySetStatus,
  /** Whole days until the first of the certificates ends; negative after it. */
  daysLeft: z.number().int(),
  /** Why regeneration is needed out of turn, or the bank's reason for refusing. */
  reason: z
    .object({
      kind: z.enum(['revoked', 'suspended', 'bank-demand', 'refused']),
      /** In the bank's words, where it gave any. */
      text: z.string().optional(),
    })
    .optional(),
  certificates: z.array(certificateView),
  /** The regeneration that is not closed. */
  renewal: renewalView.optional(),
  /** `journalId` of the last one that has brought new keys into use, as this computer knows. */
  lastFinished: z.string().optional(),
});
export type KeySetView = z.infer<typeof keySetView>;

/** What will happen, before the user consents. */
export const renewalPlan = z.object({
  keySetId: z.string(),
  /** How the CA is shown that the user may: the old key signs, or user ID and a new ПИН. */
  authentication: z.enum(['old-key', 'id-and-pin']),
  /** What is against it now; empty: it can begin. */
  obstacles: z.array(errorView),
  /** Bytes that the new keys take and that are free on the token, where the token says. */
  room: z.object({ needed: z.number().int(), free: z.number().int() }).optional(),
  /** When the bank will have decided about a request sent now, as it usually does, where its file tells. */
  expectedAt: z.iso.datetime().optional(),
});
export type RenewalPlan = z.infer<typeof renewalPlan>;

const secret = z.instanceof(Uint8Array).refine((bytes) => bytes.length <= 256);
const id = z.string().min(1).max(128);

/** The part of the bridge's contract that is about regeneration. */
export const renewalCalls = {
  'renewals.list': { input: z.void(), output: z.array(keySetView) },
  /** «Обновить»: asks the bank and the revocation services now. */
  'renewals.refresh': { input: z.void(), output: z.array(keySetView) },
  /** «Новый»: what will happen. Nothing is changed. */
  'renewals.plan': { input: z.object({ keySetId: id }), output: renewalPlan },
  /**
   * «Отправить документ в банк», after the consent: one VERIFY, new keys beside the old ones, then the request.
   * `registrationPin` where the plan says `id-and-pin`.
   */
  'renewals.send': {
    input: z.object({ keySetId: id, tokenId: id, pin: secret, registrationPin: secret.optional() }),
    output: keySetView,
  },
  /** «Получить сертификат», «Продолжить», and whatever else was interrupted. */
  'renewals.continue': {
    input: z.object({ journalId: id, tokenId: id, pin: secret, registrationPin: secret.optional() }),
    output: keySetView,
  },
  /** The reason of a refusal was read: the new keys are gone, the old ones are in use. */
  'renewals.close': { input: z.object({ journalId: id }), output: z.array(keySetView) },
} as const satisfies Record<string, { input: z.ZodType; output: z.ZodType }>;

export const renewalEvents = {
  'renewals.changed': z.array(keySetView),
} as const satisfies Record<string, z.ZodType>;
