import type { TextsOf } from '../shape.ts';

export const common: TextsOf<'common'> = {
  ok: 'OK',
  cancel: 'Cancel',
  next: 'Next',
  back: 'Back',
  done: 'Done',
  clearField: 'Clear the field',
  close: 'Close',
  continue: 'Continue',
  checkAgain: 'Check again',
  checkedAt: 'Checked at {{time}}',
  copy: 'Copy',
  copied: 'Copied',
  copyCode: 'Copy the code and details',
  pleaseWait: 'Please wait',
  loading: 'Loading',
  whatNext: 'What to do:',
  toProfiles: 'Back to the profiles',
};
