import { KiltError } from '#shared/errors.ts';
import type { NewTokenLayout } from './token-session.ts';

/** What the maker's tools let be chosen (facts §6). Lengths in bytes. */
const ranges = {
  userMinLength: [6, 31],
  administratorMinLength: [6, 31],
  userAttempts: [1, 10],
  administratorAttempts: [3, 10],
} as const;

/** The longest PIN that every token of the family takes (facts §6), and that AODF announces. */
const longestPin = 32;
const printableLabel = /^[\x20-\x7e]{0,32}$/;
const policies: readonly NewTokenLayout['userPinChangedBy'][] = ['administrator', 'user', 'both'];

/**
 * Refuses what would leave a token that cannot be used, while there is still something on it to lose.
 *
 * @throws KiltError `input-invalid` {field: name of the property}
 */
export function checkNewLayout(wanted: NewTokenLayout): void {
  const demand = (isRight: boolean, field: keyof NewTokenLayout): void => {
    if (!isRight) throw new KiltError('input-invalid', { field });
  };
  demand(printableLabel.test(wanted.label), 'label');
  demand(policies.includes(wanted.userPinChangedBy), 'userPinChangedBy');
  for (const [field, [least, most]] of entriesOf(ranges)) {
    const value = wanted[field];
    demand(Number.isInteger(value) && value >= least && value <= most, field);
  }
  const fits = (pin: Uint8Array, minLength: number): boolean =>
    pin.length >= minLength && pin.length <= longestPin;
  demand(fits(wanted.userPin, wanted.userMinLength), 'userPin');
  demand(fits(wanted.administratorPin, wanted.administratorMinLength), 'administratorPin');
}

const entriesOf = <Name extends string, Value>(record: Readonly<Record<Name, Value>>): [Name, Value][] =>
  // The record's type lists all its properties.
  Object.entries(record) as [Name, Value][];
