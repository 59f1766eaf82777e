import type { TextsOf } from '../shape.ts';

export const help: TextsOf<'help'> = {
  title: 'Help',
  noToken: {
    question: 'Kilt does not see the token',
    answer:
      'Plug KAZTOKEN straight into a USB port of the computer, without an extension cable, and wait a few seconds: the list refreshes by itself. If the token is still missing, try another port and close other signing programs. The top of the window always says what is missing and what to do.',
  },
  blocked: {
    question: 'The PIN is forgotten or blocked',
    answer:
      'The keys and certificates are intact. The administrator of the token opens the section KAZTOKEN, enters the administrator PIN and presses Unblock: the user PIN itself stays as it was. If it is forgotten, the administrator can set a new one where that was allowed when the token was formatted.',
  },
  twoPins: {
    question: 'How the user PIN and the administrator PIN differ',
    answer:
      'The user PIN is for signing in to the bank and signing documents. The administrator PIN is for unblocking the token and formatting it. A new token has the standard 12345678 and 87654321: everybody knows them, so change them.',
  },
  interrupted: {
    question: 'Registration was interrupted',
    answer:
      'Nothing is lost. Insert the same token, choose it in the section Profiles and enter its password: registration goes on where it stopped. Do not format the token, or you will have to ask the bank for new data.',
  },
  keyFile: {
    question: 'Code 0200040: wrong password or key container',
    answer:
      'Check the user ID (AQ for AG) and the registration PIN from the OTP card: it has 11 characters, its letters are capital, and 1 and I, 0 and O are easily confused. The key file must be that of the same firm and the same user.',
  },
  ending: {
    question: 'A certificate is about to end',
    answer:
      'Kilt warns from 30 days before the end. Ask your bank for a new certificate in good time: once it has ended you can neither sign in nor sign a document. The section KAZTOKEN shows the dates, tab Certificates.',
  },
  noKey: {
    question: 'What “No key on the token” means',
    answer:
      'There is only the certificate on the token. Signing and signing in work only with the token on which the key was made: a key cannot be copied from it. Check that this is the right token.',
  },
  format: {
    question: 'When to format a token',
    answer:
      'Only when the bank asks you to register anew, or when both PINs are forgotten. All certificates and keys are erased and cannot be brought back. While a registration is unfinished the token must not be formatted.',
  },
  support: {
    question: 'What to tell support',
    answer:
      'The error code: it stands below the message and can be copied. And the details for support: section Settings, Copy details. Tell nobody your PINs and passwords.',
  },
};
