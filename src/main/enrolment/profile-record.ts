import { z } from 'zod';
import type { TokenDataObject, TokenObjects } from '#main/token/token-session.ts';

/**
 * A regeneration of the profile's keys that is not finished. Which of the two sets is in use says the profile itself,
 * with `signatureKeyId` and `signInKeyId`: first the old one, and after one write the new one.
 */
export const recordedRenewal = z.object({
  id: z.string(),
  startedAt: z.iso.datetime(),
  /** Name of the computer on which it was begun. */
  computer: z.string(),
  oldSignatureKeyId: z.string(),
  oldSignInKeyId: z.string(),
  newSignatureKeyId: z.string(),
  newSignInKeyId: z.string(),
  authentication: z.enum(['old-key', 'id-and-pin']),
});
export type RecordedRenewal = z.infer<typeof recordedRenewal>;

/**
 * What a token says of its own profile: a small public data object that every Kilt on every computer can read without
 * a PIN. It is written first of all and says that a registration has begun, so that nobody formats the token in
 * between and any computer can go on.
 */
export const profileRecord = z.object({
  format: z.literal(1),
  state: z.enum(['begun', 'registered']),
  bankId: z.string(),
  userId: z.string(),
  registrationId: z.string(),
  startedAt: z.iso.datetime(),
  /** Name of the computer on which the registration was begun. */
  computer: z.string(),
  /** Which PIN the token has: written before and after the change, because a PIN cannot be asked for. */
  pin: z.enum(['old', 'changing', 'new']),
  signatureKeyId: z.string(),
  signInKeyId: z.string(),
  renewal: recordedRenewal.optional(),
});
export type ProfileRecord = z.infer<typeof profileRecord>;

const application = 'Kilt';
const label = 'profile';

export const profileRecordName = { application, label } as const;

export function encodeProfileRecord(record: ProfileRecord): TokenDataObject {
  return {
    application,
    label,
    content: new TextEncoder().encode(JSON.stringify(profileRecord.parse(record))),
  };
}

/**
 * Finds the record among a token's objects.
 *
 * @returns `undefined` when there is none, `damaged` when it was cut in the middle of a write
 */
export function readProfileRecord(objects: TokenObjects): ProfileRecord | 'damaged' | undefined {
  const found = objects.dataObjects.find(
    (object) => object.application === application && object.label === label,
  );
  if (!found) return undefined;
  try {
    const read = profileRecord.safeParse(
      JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(found.content)),
    );
    return read.success ? read.data : 'damaged';
  } catch {
    return 'damaged';
  }
}
