import { z } from 'zod';
import { browserName } from './consent-views.ts';

/** The connection doctor: each link between a bank's page and Kilt, as far as Kilt itself can see it. */

export const linkName = z.enum([
  'extension-on',
  'extension-listening',
  /** All of them together, where there is none. */
  'browsers',
  'browser',
  'extension-seen',
  'loopback-on',
  'loopback-answers',
  'loopback-trusted',
  'sites-allowed',
]);
export type LinkName = z.infer<typeof linkName>;

/** Why a link does not hold, or why that can not be told. */
export const linkReason = z.enum([
  'switched-off',
  'kilt-off',
  'not-listening',
  'no-browsers',
  'host-missing',
  'host-wrong',
  'host-program-missing',
  'extension-not-seen',
  'port-taken',
  'silent',
  'not-trusted',
  'trust-unknown',
  'no-sites',
]);
export type LinkReason = z.infer<typeof linkReason>;

export const linkView = z.object({
  link: linkName,
  /** Which browser, for the link `browser`. */
  browser: browserName.optional(),
  /** `off`: the user has switched this way off, which is no fault. */
  state: z.enum(['ok', 'fails', 'unknown', 'off']),
  reason: linkReason.optional(),
  /** Kilt can put it right (`doctor.repair`). */
  repairable: z.boolean(),
});
export type LinkView = z.infer<typeof linkView>;

export const doctorView = z.object({
  links: z.array(linkView),
  /** Port of the server for pages made for NCALayer. */
  port: z.number().int(),
  checkedAt: z.iso.datetime(),
});
export type DoctorView = z.infer<typeof doctorView>;

export const doctorCalls = {
  /** Looks, and changes nothing. */
  'doctor.look': { input: z.void(), output: doctorView },
  /** Puts one link right, as the button beside it says, and looks again. */
  'doctor.repair': { input: z.object({ link: linkName }), output: doctorView },
} as const;
