import { KiltError } from '#shared/errors.ts';
import { longestLabel } from '#main/enrolment/registration-opening.ts';

/**
 * A token's name as it is written: without spaces around it.
 *
 * Printable ASCII, as the manuals ask («латинскими буквами»): other programs show anything else as rubbish.
 *
 * @throws KiltError `input-invalid` {field: `label`}
 */
export function tokenLabel(typed: string): string {
  const label = typed.trim();
  if (label.length > longestLabel || !/^[\x20-\x7e]*$/.test(label))
    throw new KiltError('input-invalid', { field: 'label' });
  return label;
}
