import type { TextsOf } from '../shape.ts';

export const conditions: TextsOf<'conditions'> = {
  starting: {
    state: 'Looking for tokens',
    meaning: 'Kilt is checking which tokens are connected to this computer.',
    next: 'Wait a few seconds.',
  },
  'service-off': {
    state: 'Smart card service is off',
    meaning: 'Until it runs, no program on this computer can see the token.',
    next: 'Start the “Smart Card” service (on Linux: pcscd) or restart the computer. Kilt will notice by itself.',
  },
  'no-reader': {
    state: 'KAZTOKEN is not connected',
    meaning: 'The computer sees no USB token.',
    next: 'Plug KAZTOKEN into a USB port. If it is plugged in already, move it to another port, without an extension cable.',
  },
  'no-token': {
    state: 'No token inserted',
    meaning: 'The reader is connected, but there is no token in it.',
    next: 'Insert KAZTOKEN.',
  },
  reading: {
    state: 'Reading the token',
    meaning: 'Kilt is reading the token name and the certificates.',
    next: 'Leave the token in. This takes a few seconds.',
  },
  'in-use': {
    state: 'Token is in use by another program',
    meaning: 'Another program works with the token and keeps it from being opened.',
    next: 'Close the bank’s applet, the KAZTOKEN control panel and other signing programs. Kilt will go on by itself.',
  },
  unsupported: {
    state: 'Token is not supported',
    meaning: 'This is not a KAZTOKEN. Kilt does not change it.',
    next: 'Insert KAZTOKEN, the transparent orange USB token that looks like a memory stick.',
  },
  mute: {
    state: 'Token does not answer',
    meaning: 'The token was found but could not be read.',
    next: 'Take the token out and insert it again, preferably in another port.',
  },
  blocked: {
    state: 'PIN is blocked',
    meaning:
      'The token password was entered wrongly too many times. The keys and certificates on the token are intact.',
    next: 'An administrator can unblock the token: contact your bank or the administrator of your organisation.',
  },
  empty: {
    state: 'Empty token',
    meaning: 'There is no profile on this token yet.',
    next: 'Enter the token password and press OK to start creating a profile.',
  },
  unfinished: {
    state: 'Registration unfinished',
    meaning: 'Creating the profile stopped halfway. Nothing is lost. The token must not be formatted now.',
    next: 'Enter the token password and press OK: registration goes on where it stopped.',
  },
  accepted: {
    state: 'Accepted by the bank',
    meaning:
      'The certification authority has taken the request and is preparing the certificate. The token must not be formatted now.',
    next: 'Enter the token password and press OK: Kilt goes on waiting for the bank’s decision.',
  },
  waiting: {
    state: 'Accepted by the bank',
    meaning: 'The certification authority has taken the request and is preparing the certificate.',
    next: 'Kilt waits for the decision by itself. You may take the token out.',
  },
  running: {
    state: 'Registration in progress',
    meaning: 'The profile is being created.',
    next: 'Leave the token in.',
  },
  registered: {
    state: 'Ready to sign in',
    meaning: 'There is a profile on the token.',
    next: 'Enter the token password and press OK to sign in to the bank.',
  },
  ended: {
    state: 'Certificate has ended',
    meaning:
      'The profile’s certificate is no longer valid, and the bank will not accept a sign-in with it. The keys on the token are intact.',
    next: 'Open “Keys”: it says how to get a new certificate.',
  },
  national: {
    state: 'Not registered',
    meaning: 'The token holds a signature of the National Certification Authority, but no bank profile.',
    next: 'Enter the token password and press OK to register it.',
  },
  foreign: {
    state: 'Data of another program',
    meaning: 'The token holds keys or certificates that Kilt did not make. Kilt does not change them.',
    next: 'To create a profile, insert an empty token.',
  },
  'half-formatted': {
    state: 'Formatting not finished',
    meaning:
      'Formatting of this token was interrupted halfway. Its former contents are gone and it cannot be used yet.',
    next: 'Open the KAZTOKEN section and finish formatting.',
  },
  unknown: {
    state: 'Contents not read',
    meaning: 'Kilt could not tell what is stored on the token.',
    next: 'Take the token out and insert it again.',
  },
  signedIn: {
    state: 'You are signed in',
    meaning: 'The profile is open. Kilt remembers the password until you log out or the token is taken out.',
    next: 'When you have finished, press Log out and take the token out.',
  },
};
