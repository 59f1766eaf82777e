import { z } from 'zod';
import { pinMeetsRules } from '#shared/pin-rules.ts';
import type { FieldComplaint } from './registration-data.ts';

/** What fits into the label of the token (the contract's limit). */
export const maxLabelLength = 32;

/** Step 3: name of the token and its new password. */
export interface TokenData {
  label: string;
  newPin: string;
  confirmation: string;
}

export const emptyTokenData: TokenData = { label: '', newPin: '', confirmation: '' };

const complain = (complaint: FieldComplaint): FieldComplaint => complaint;

/** The rules of step 3; the confirmation is compared with the password of the same values. */
export const tokenDataRules = (newPin: string) =>
  z.object({
    label: z
      .string()
      .trim()
      .max(maxLabelLength, complain('fields.tokenNameTooLong'))
      .regex(/^[A-Za-z0-9._-]*$/, complain('fields.tokenNameSigns')),
    newPin: z.string().refine(pinMeetsRules, complain('fields.rulesNotMet')),
    confirmation: z.string().refine((typed) => typed === newPin, complain('fields.confirmationDiffers')),
  });

/** The name that the token gets: the one typed, or the user ID. */
export const labelFor = (typed: string, userId: string): string =>
  (typed.trim() === '' ? userId : typed.trim()).slice(0, maxLabelLength);
