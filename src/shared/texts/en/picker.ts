import type { TextsOf } from '../shape.ts';

export const picker: TextsOf<'picker'> = {
  title: 'Choose a profile',
  listLabel: 'Profile',
  emptyToken: 'KAZTOKEN <no label> - ?',
  namedEmptyToken: '{{label}} - ?',
  register: 'Register',
  noBank: 'No profile',
  validity: {
    left_one: 'until {{date}}, {{count, number}} day left',
    left_other: 'until {{date}}, {{count, number}} days left',
    lastDay: 'until {{date}}, the last day',
    ended: 'expired on {{date}}',
    notYet: 'valid from {{date}}',
  },
  password: 'Password',
  attempts_one: '{{count, number}} password attempt left',
  attempts_other: '{{count, number}} password attempts left',
  attemptsUnknown: 'The token does not say how many attempts are left',
  hintDefault: 'The default password of a new token is 12345678.',
  hintUnfinished: {
    old: 'The token still has its former password, the one from before the registration. On a new token it is 12345678.',
    changing:
      'The password was being changed when the registration stopped. Enter the new password; if it does not fit, the former one.',
    new: 'Enter the new password, the one you chose when creating the profile.',
  },
  unfinishedElsewhere:
    'Begun on {{date}} on the computer {{computer}}, user ID {{userId}}. It can be continued here, but not on two computers at once.',
  nextCheck: 'next check: {{time}}',
  unfinishedSince: 'Begun on {{date}}, user ID {{userId}}',
  passwordEmpty: 'Enter the token password',
  tooShort_one: 'The password has at least {{count, number}} character. No attempt was used.',
  tooShort_other: 'The password has at least {{count, number}} characters. No attempt was used.',
  sessionEnded: {
    title: 'You are logged out: the token was taken out',
    text: 'To sign in again, insert the token and enter its password.',
  },
  choose: 'Choose a token from the list.',
  signingIn: 'Signing in to the bank…',
  checking: 'Checking the password…',
  appeared: 'Token connected: {{name}}',
  disappeared: 'Token disconnected',
  lastAttempt: {
    title: 'One attempt left',
    text: 'If the password is wrong, the token will be blocked and cannot be used until an administrator unblocks it. Check the password, the keyboard layout and Caps Lock.',
    back: 'Go back',
    go: 'Use the last attempt',
  },
  onToken: 'Token “{{name}}”',
  oneMore: {
    label: 'Create one more profile on this token',
    hint: 'The profile wizard opens. The profiles that are on the token stay.',
  },
  createProfile: {
    title: 'No profile found',
    text: 'No profile on this token. Create one?',
  },
};
