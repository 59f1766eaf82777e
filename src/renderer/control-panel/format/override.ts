import { z } from 'zod';

/** Against the interlock: what an administrator types. */
export interface Override {
  serial: string;
  reason: string;
}

export type OverrideComplaint =
  `controlPanel.format.override.${'serialDiffers' | 'reasonShort' | 'reasonLong'}`;

const complain = (what: OverrideComplaint): OverrideComplaint => what;

/** The serial number is typed to show that this very token is meant; a word is no reason. */
export const overrideRules = (serial: string) =>
  z.object({
    serial: z
      .string()
      .refine(
        (typed) => typed.trim().toUpperCase() === serial,
        complain('controlPanel.format.override.serialDiffers'),
      ),
    reason: z
      .string()
      .trim()
      .min(10, complain('controlPanel.format.override.reasonShort'))
      .max(500, complain('controlPanel.format.override.reasonLong')),
  });
