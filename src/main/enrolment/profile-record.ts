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
 * What a token says of one of its profiles: a small public data object that every Kilt on every computer can read without
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
const firstLabel = 'profile';

/** `profile`, `profile 2`, `profile 3`, …: one object a profile. */
const labelPattern = /^profile(?: [1-9]\d*)?$/;

type Held = Pick<TokenObjects, 'dataObjects'>;

/** What a token says of its profiles. */
export interface TokenProfiles {
  readonly records: readonly ProfileRecord[];
  /** One more was cut in the middle of a write, and can not be read. */
  readonly damaged: boolean;
}

/** Finds the records among a token's objects, in the order in which their profiles came on it. */
export function readProfiles(objects: Held): TokenProfiles {
  const slots = slotsOf(objects);
  return {
    records: slots.flatMap(({ record }) => record ?? []),
    damaged: slots.some(({ record }) => record === undefined),
  };
}

/** Those that a bank has confirmed: the keys of each are in use. */
export const registeredProfiles = (objects: Held): readonly ProfileRecord[] =>
  readProfiles(objects).records.filter(({ state }) => state === 'registered');

/** The registration that is not finished, of which a token holds one at most. */
export const begunProfile = ({ records }: TokenProfiles): ProfileRecord | undefined =>
  records.find(({ state }) => state === 'begun');

/**
 * The data object that a record is to be written as: in place of the same profile's, else of one that can not be read, else
 * beside those that are there.
 */
export function encodeProfileRecord(record: ProfileRecord, present: Held): TokenDataObject {
  const slots = slotsOf(present);
  const own =
    slots.find((slot) => slot.record?.registrationId === record.registrationId) ??
    slots.find((slot) => slot.record === undefined);
  return {
    application,
    label: own?.label ?? freeLabel(slots.map(({ label }) => label)),
    content: new TextEncoder().encode(JSON.stringify(profileRecord.parse(record))),
  };
}

/** Of the keys that a regeneration is about, old and new. */
export const renewalKeyIds = (renewal: RecordedRenewal): readonly string[] => [
  renewal.oldSignatureKeyId,
  renewal.oldSignInKeyId,
  renewal.newSignatureKeyId,
  renewal.newSignInKeyId,
];

/** Identifiers of all keys and certificates that the records name, whether they are on the token yet or not. */
export const recordedKeyIds = (objects: Held): readonly string[] =>
  readProfiles(objects).records.flatMap(({ signatureKeyId, signInKeyId, renewal }) => [
    signatureKeyId,
    signInKeyId,
    ...(renewal ? renewalKeyIds(renewal) : []),
  ]);

/** Whether an object belongs to this profile or registration: a key, or what stands beside it. */
export const belongsTo = (
  { signatureKeyId, signInKeyId }: Pick<ProfileRecord, 'signatureKeyId' | 'signInKeyId'>,
  objectId: string,
): boolean => objectId === signatureKeyId || objectId === signInKeyId;

interface Slot {
  readonly label: string;
  /** Absent when it can not be read. */
  readonly record: ProfileRecord | undefined;
}

const slotsOf = ({ dataObjects }: Held): readonly Slot[] =>
  dataObjects
    .filter((object) => object.application === application && labelPattern.test(object.label))
    .map(({ label, content }) => ({ label, record: decoded(content) }))
    .toSorted((a, b) => numberOf(a.label) - numberOf(b.label));

const numberOf = (label: string): number => Number(label.slice(firstLabel.length) || 1);

function freeLabel(used: readonly string[]): string {
  for (let number = 1; ; number += 1) {
    const label = number === 1 ? firstLabel : `${firstLabel} ${String(number)}`;
    if (!used.includes(label)) return label;
  }
}

function decoded(content: Uint8Array): ProfileRecord | undefined {
  try {
    return profileRecord.safeParse(JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(content)))
      .data;
  } catch {
    return undefined;
  }
}
