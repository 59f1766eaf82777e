import { z } from 'zod';
import type { RegistrationView } from '#shared/views.ts';
import {
  emptyRegistrationData,
  registrationDataRules,
  type RegistrationData,
} from '../wizard/registration-data.ts';
import { emptyTokenData, tokenDataRules, type TokenData } from '../wizard/token-data.ts';

/** Everything that may have to be typed again, under the names of the wizard's fields. */
export type ResumeData = RegistrationData & TokenData;

/** The user ID is filled in: it needs a look, and a correction only where it was mistyped. */
export const emptyResumeData = ({ bankId, userId }: RegistrationView): ResumeData => ({
  ...emptyRegistrationData,
  bankId,
  userId,
  ...emptyTokenData,
});

/** The wizard's rules for what `needs` names, and none for the rest. */
export function resumeRules(needs: RegistrationView['needs'], asksKeyFile: boolean, typed: ResumeData) {
  const free = z.string();
  return z.object({
    ...registrationDataRules({
      userId: needs.registrationData,
      keyFile: asksKeyFile,
      sameAsPin: typed.sameAsPin,
    }).shape,
    ...tokenDataRules(typed.newPin).shape,
    ...(needs.registrationData ? {} : { registrationPin: free }),
    ...(needs.pinOnToken === 'new' ? { newPin: free, confirmation: free } : {}),
  });
}
