import { z } from 'zod';
import type { PinRole } from '../pin-role.ts';
import { checkNewPin, type NewPinPolicy } from './new-pin-rules.ts';

/** A new PIN as it is typed. */
export interface NewPinData {
  pin: string;
  confirmation: string;
  /** «Все равно использовать этот PIN-код». */
  acceptWeak: boolean;
}

/** Forms in which one or both PINs are chosen. */
export interface WithNewPins {
  user: NewPinData;
  administrator: NewPinData;
}

export const emptyNewPin: NewPinData = { pin: '', confirmation: '', acceptWeak: false };

/** What is said below a field; the key of a text. */
export type NewPinComplaint =
  `controlPanel.newPin.${'empty' | 'rulesNotMet' | 'differs' | 'sameAsUser' | 'acceptWeakNeeded'}`;

const typedPin = z.object({ pin: z.string(), confirmation: z.string(), acceptWeak: z.boolean() });

/** The rules of the PINs that are chosen; one without a policy is not asked for, and is not looked at. */
export const newPinRules = (policies: Partial<Record<PinRole, NewPinPolicy>>) =>
  z
    .object({ user: rulesOf(policies.user), administrator: rulesOf(policies.administrator) })
    .superRefine(({ user, administrator }, context) => {
      if (!policies.user || !policies.administrator || administrator.pin === '') return;
      // Whoever knows the one could unblock, and format, with the other.
      if (user.pin === administrator.pin)
        complain(context, ['administrator', 'pin'], 'controlPanel.newPin.sameAsUser');
    });

const rulesOf = (policy: NewPinPolicy | undefined) =>
  typedPin.superRefine(({ pin, confirmation, acceptWeak }, context) => {
    if (policy === undefined) return;
    const { verdict } = checkNewPin(pin, policy);
    if (pin === '') {
      complain(context, ['pin'], 'controlPanel.newPin.empty');
      return;
    }
    if (verdict === 'refused') complain(context, ['pin'], 'controlPanel.newPin.rulesNotMet');
    else if (verdict === 'weak' && !acceptWeak)
      complain(context, ['acceptWeak'], 'controlPanel.newPin.acceptWeakNeeded');
    if (confirmation !== pin) complain(context, ['confirmation'], 'controlPanel.newPin.differs');
  });

function complain(context: z.RefinementCtx, path: string[], what: NewPinComplaint): void {
  context.addIssue({ code: 'custom', path, message: what });
}
