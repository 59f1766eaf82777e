import { z } from 'zod';

/** What fits into the label of the token (the contract's limit). */
export const maxLabelLength = 32;

export type LabelComplaint = `controlPanel.rename.${'empty' | 'tooLong' | 'signs' | 'unchanged'}`;

const complain = (what: LabelComplaint): LabelComplaint => what;

/** Printable ASCII: what every program shows alike. An empty one is no name. */
export const tokenLabel = z
  .string()
  .trim()
  .max(maxLabelLength, complain('controlPanel.rename.tooLong'))
  .regex(/^[\x20-\x7e]*$/, complain('controlPanel.rename.signs'));

/** A name that replaces another. */
export const newTokenLabel = (present: string | null) =>
  tokenLabel
    .min(1, complain('controlPanel.rename.empty'))
    .refine((label) => label !== (present ?? '').trim(), complain('controlPanel.rename.unchanged'));
