import { z } from 'zod';

/** Length of the ПИН on an OTP card (manuals S1, S3, S5). */
export const registrationPinLength = 11;

/** Keys of the sentences that stand below a field which is not filled in as it should be. */
export type FieldComplaint =
  | 'fields.required'
  | 'fields.userIdNotLatin'
  | 'fields.userIdTooLong'
  | 'fields.registrationPinLength'
  | 'fields.registrationPinSigns'
  | 'fields.keyFileMissing'
  | 'fields.tokenNameSigns'
  | 'fields.tokenNameTooLong'
  | 'fields.rulesNotMet'
  | 'fields.confirmationDiffers';

const complain = (complaint: FieldComplaint): FieldComplaint => complaint;

/** What is typed off the OTP card: capital letters, no spaces, however it was typed or pasted. */
export const asRegistrationPin = (typed: string): string => typed.replace(/\s/g, '').toUpperCase();

/** Step 2, «Регистрационные данные». */
export interface RegistrationData {
  bankId: string;
  /** Number of the NUC signature's certificate, where the bank takes one. */
  nationalSerialNumber: string;
  userId: string;
  registrationPin: string;
  keyFile: { id: string; fileName: string } | null;
  sameAsPin: boolean;
  keyFilePassword: string;
}

export const emptyRegistrationData: RegistrationData = {
  bankId: '',
  nationalSerialNumber: '',
  userId: '',
  registrationPin: '',
  keyFile: null,
  // «Белгіні сол қойылған күйінде қалдырыңыз»: the manual has it ticked.
  sameAsPin: true,
  keyFilePassword: '',
};

/** The rules of step 2; what is asked for depends on the bank and on what is ticked, so they are made from the values. */
export function registrationDataRules(asked: {
  readonly userId: boolean;
  readonly keyFile: boolean;
  readonly sameAsPin: boolean;
}) {
  return z.object({
    bankId: z.string().min(1, complain('fields.required')),
    nationalSerialNumber: z.string(),
    userId: asked.userId
      ? z
          .string()
          .trim()
          .min(1, complain('fields.required'))
          .max(64, complain('fields.userIdTooLong'))
          .regex(/^[\x21-\x7e]+$/, complain('fields.userIdNotLatin'))
      : z.string(),
    registrationPin: z
      .string()
      .min(1, complain('fields.required'))
      .regex(/^[A-Z0-9]*$/, complain('fields.registrationPinSigns'))
      .length(registrationPinLength, complain('fields.registrationPinLength')),
    keyFile: asked.keyFile
      ? z.object({ id: z.string(), fileName: z.string() }, { error: complain('fields.keyFileMissing') })
      : z.object({ id: z.string(), fileName: z.string() }).nullable(),
    sameAsPin: z.boolean(),
    keyFilePassword:
      asked.keyFile && !asked.sameAsPin ? z.string().min(1, complain('fields.required')) : z.string(),
  });
}
