import type { TextsOf } from '../shape.ts';

export const registration: TextsOf<'registration'> = {
  progressTitle: 'Creating the profile',
  progressText: 'The profile is being created and registered in the bank’s system. Leave the token in.',
  closeNote:
    'You may close the window: the work goes on, and if it is interrupted, Kilt continues where it stopped at the next start.',
  stepsLabel: 'Progress',
  keyNote: 'Generating keys on the token takes up to 5 minutes',
  upTo5: 'up to 5 minutes',
  elapsed: '{{time}} elapsed',
  now: 'Now: {{step}}',
  states: { done: 'done', current: 'under way', stopped: 'stopped', waiting: 'waiting', ahead: 'to come' },
  steps: {
    'token-prepared': 'Preparing the token',
    'pin-set': 'New token password',
    'signature-key-made': 'Generating the signature key',
    'sign-in-key-made': 'Generating the sign-in key',
    'signature-certificate-received': 'Obtaining the signature certificate',
    'signature-certificate-stored': 'Writing the signature certificate to the token',
    'signature-certificate-confirmed': 'Confirming the signature certificate',
    'sign-in-certificate-received': 'Obtaining the sign-in certificate',
    'sign-in-certificate-stored': 'Writing the sign-in certificate to the token',
    'sign-in-certificate-confirmed': 'Confirming the sign-in certificate',
    'registered-in-bank': 'Registering in the bank’s system',
    'profile-written': 'Writing the profile to the token',
  },
  waitingTitle: 'Accepted by the bank',
  waitingText:
    'The certification authority has taken the request and is preparing the certificate. Next check: {{time}}.',
  waitingKept:
    'You may take the token out and close Kilt: later the token password is all it needs, on another computer too.',
  waitingNotKept:
    'You may close the window: Kilt checks by itself. But after quitting Kilt the registration data must be entered again.',
  waitingTrouble: 'The last check failed. Kilt checks again, there is nothing to do.',
  interruptedTitle: 'Registration interrupted',
  interruptedText: 'Nothing is lost: Kilt goes on with “{{step}}”.',
  doNotFormat: 'While the registration is unfinished, the token must not be formatted.',
  insertToken: 'Insert the token on which the registration was begun: No. {{serial}}.',
  resumeTitle: 'Continuing the registration',
  resumeText: 'The registration of {{userId}} was begun on {{date}}. Kilt goes on with “{{step}}”.',
  resumeData:
    'The certificate has not been received yet, so check the user ID, enter the registration PIN and choose the key file again.',
  resumeDataWithoutFile:
    'The certificate has not been received yet, so check the user ID and enter the registration PIN once more.',
  resumePin: {
    old: 'The new token password has not been set yet. Choose it again.',
    changing: 'Changing the password was interrupted. Enter the new password that the token shall have.',
  },
  continuing: 'Continuing…',
  doneTitle: 'The profile is created',
  doneText:
    'It is registered in the bank’s system. You can sign in now: choose the profile {{label}} and enter the new password.',
  abandonedTitle: 'Registration given up',
  abandonedText: 'This registration does not go on any more. The token can be registered anew.',
};
