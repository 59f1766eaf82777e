import { z } from 'zod';

import { profileNames, virtualCardOptions } from './profiles.ts';

/** Profiles with keys and certificates. They take a second or two, and load what they need only when asked for. */
export const preparedProfileNames = [
  /** `formatted`, with a citizen's RSA and GOST keys and certificates of a demo national authority. */
  'national',
  /** `default-pins`, registered by Kilt itself at the demo bank. */
  'registered',
  /** `registered`, with certificates that end soon or have ended. */
  'expiring',
] as const;
export type PreparedProfile = (typeof preparedProfileNames)[number];

export const allProfileNames = [...profileNames, ...preparedProfileNames] as const;

/** User PIN of `registered` and `expiring`: it meets Kilt's rules, which a vendor's default does not. */
export const registeredUserPin = 'Tulpar7Asyq';

/** What a new card of any profile is to be: {@link virtualCardOptions}, and what prepared profiles can be told. */
export const cardOrder = virtualCardOptions.extend({
  profile: z.enum(allProfileNames),
  /** `registered`, `expiring`: the demo bank's data folder. A bank started on it later knows the customer. */
  bankData: z.string().min(1).optional(),
  /** `national`: where the demo authority keeps keys and certificates; absent: it is forgotten. */
  authorityData: z.string().min(1).optional(),
  /** `national`: whose keys they are; a citizen's where absent. */
  nationalOwner: z.enum(['person', 'organisation']).optional(),
  /** Prepared profiles: days from today on which the certificates end; 0 or less: they have ended. */
  expiresInDays: z.int().min(-1000).max(2000).optional(),
});
export type CardOrder = z.input<typeof cardOrder>;
export type PreparedOrder = CardOrder & { readonly profile: PreparedProfile };

export const isPrepared = (order: CardOrder): order is PreparedOrder =>
  preparedProfileNames.some((name) => name === order.profile);
