import type { TextsOf } from '../shape.ts';

export const errors: TextsOf<'errors'> = {
  code: 'Code {{code}}',
  checkTitle: 'Check:',
  checks: {
    userId: 'User ID: AG typed for AQ, and similar slips.',
    pinShape: 'Registration PIN: 11 characters, all letters capital.',
    pinLookalikes:
      'Registration PIN: what looks like the digit 1 may be the letter I, the digit 0 the letter O, and the other way round.',
    otherFile: 'Key file (GOST.pfx, Key.pfx): it may belong to another firm or another user.',
  },
  attempts_one: '{{count, number}} attempt left.',
  attempts_other: '{{count, number}} attempts left.',
  details: {
    field: 'Place in the file: {{value}}',
    version: 'Version of this file: {{value}}',
    newest: 'Version on this computer: {{value}}',
    reason: 'Reason: {{value}}',
    host: 'Address: {{value}}',
    httpStatus: 'Server answer: {{value}}',
    reader: 'Reader: {{value}}',
    statusWord: 'Token answer: {{value}}',
    pcscCode: 'Smart card service: {{value}}',
    returnValue: 'Driver answer: {{value}}',
    signer: 'Signed by: {{value}}',
    computer: 'Computer: {{value}}',
    since: 'Revoked: {{value}}',
    computerTime: 'Time on this computer: {{value}}',
  },
  causes: {
    password: 'Most likely the password does not fit.',
    'not-a-key-container': 'This file is not a key container.',
    damaged: 'The file is damaged: copy it from the USB stick again.',
    'no-key': 'There is no key in the file.',
    'no-certificate': 'There is no certificate in the file.',
    'key-mismatch': 'The key and the certificate in the file do not belong together.',
    'other-customer': 'This is the key file of another firm or another user.',
    unreadable: 'The file cannot be read: check that the USB stick is plugged in.',
    missing: 'No key file is chosen.',
    'driver-relative': 'A full path to a file on this computer is needed.',
    'driver-folder': 'The file is neither in a system folder nor among the installed programs.',
    'driver-link': 'A link to a file in another folder stands at this path.',
    'driver-writable': 'Others than the administrator can replace this file or its folder.',
    'driver-missing': 'There is no file at this path.',
    'driver-not-a-file': 'What stands at this path is not a file.',
    'driver-unsigned': 'The file is not signed by its maker.',
    'driver-signature-broken':
      'The signature of the file is wrong: it was changed, or Windows does not trust who signed it.',
    'driver-signature-unreadable': 'Windows did not say who has signed the file.',
    'driver-signer-unknown': 'The file is signed by somebody else than the maker of the token.',
    'driver-crashed': 'The driver crashed.',
    'driver-hung': 'The driver did not answer in time and was stopped.',
    'driver-not-loaded': 'The file is not a PKCS#11 library for this computer.',
    'driver-no-support': 'This build of Kilt lacks the part that works with a driver.',
    'driver-defect': 'The answer of the driver makes no sense.',
    'tls-other-authority':
      'The server certificate was not issued by an authority that the bank trusts: a foreign network or a program on this computer may be intercepting the connection.',
    'tls-self-signed': 'The server issued its certificate to itself: no bank does that.',
    'tls-other-name': 'The server certificate is for another address.',
    'tls-expired': 'The server certificate has expired, or the clock of this computer is fast.',
    'tls-not-yet-valid':
      'The server certificate is not valid yet: nearly always this means that the clock of this computer is slow.',
    'tls-old': 'The server only knows outdated encryption.',
    'tls-none':
      'What answers at this address is not a secure server: the network may want you to log in to it first.',
  },
  nationalCauses: {
    'not-for-signing': 'This signature only signs in to sites; documents are not signed with it.',
    'other-owner': 'The bank wants the other kind of signature: a person’s, or that of an organisation.',
    'issuer-unknown': 'The certificate was not issued by the authority whose signatures the bank takes.',
    'not-yet-valid': 'The certificate is not valid yet. Check the date of this computer.',
    expired: 'The NUC signature on the token has expired.',
    'key-unusable': 'Kilt can not use a key of this kind on the token.',
    revoked: 'The national certification authority has revoked this signature.',
    suspended: 'The national certification authority has suspended this signature.',
  },
  suspicions: {
    'pin-length': 'The registration PIN typed does not have 11 characters.',
    'pin-small': 'There are small letters in the registration PIN: on the OTP card all letters are capital.',
    'pin-letters':
      'There are letters of another alphabet in the registration PIN: switch the keyboard to EN.',
    'password-letters': 'There are letters of another alphabet in the password: check the keyboard layout.',
    'other-id-in-file-name':
      'The name of the file or folder holds another user ID: the file may be somebody else’s.',
    'pin-lookalikes':
      'There are characters in the registration PIN that are easily confused: 0 and O, 1 and I.',
    'user-id-lookalikes': 'There are letters in the ID that are easily confused: q and g.',
  },
  catalogue: {
    'pcsc-service-off': {
      title: 'Smart card service is off',
      meaning: 'Until it runs, no program can see the token. Nothing has happened to the token.',
      next: 'Start the “Smart Card” service (on Linux: pcscd) or restart the computer.',
    },
    'no-reader': {
      title: 'KAZTOKEN is not connected',
      meaning: 'The computer sees no USB token.',
      next: 'Plug KAZTOKEN into a USB port. If it is plugged in already, move it to another port.',
    },
    'reader-unavailable': {
      title: 'Reader is not available',
      meaning: 'The connection to the reader broke. The data on the token have not changed.',
      next: 'Take the token out, insert it in another port and try again.',
    },
    'pcsc-access-denied': {
      title: 'The system does not allow access to the token',
      meaning:
        'The smart card service is running, but it is closed to this user or this session. Nothing has happened to the token.',
      next: 'Log in at the computer itself, not through remote access. If that does not help, ask the administrator of the computer.',
    },
    'token-removed': {
      title: 'Token taken out',
      meaning: 'The operation was stopped. What had been written to the token is kept.',
      next: 'Insert the same token and continue.',
    },
    'token-in-use': {
      title: 'Token is in use by another program',
      meaning:
        'Another program works with the token and keeps it from being opened. The data on the token have not changed.',
      next: 'Close the bank’s applet, the KAZTOKEN control panel and other signing programs, then try again.',
    },
    'token-unsupported': {
      title: 'Token is not supported',
      meaning: 'This is not a KAZTOKEN. Kilt has not changed it.',
      next: 'Insert KAZTOKEN.',
    },
    'token-mute': {
      title: 'Token does not answer',
      meaning: 'The token stopped answering. What was written to it before is kept.',
      next: 'Take the token out and insert it again, preferably in another port, without an extension cable.',
    },
    'token-swapped': {
      title: 'This is another token',
      meaning: 'The operation was begun on another token. This one has not been changed.',
      next: 'Put back the token you began with and continue.',
    },
    'wrong-pin': {
      title: 'Wrong PIN',
      meaning: 'The token password does not fit.',
      next: 'Check the keyboard layout and Caps Lock and enter the password again.',
    },
    'pin-blocked': {
      title: 'PIN is blocked',
      meaning:
        'The token password was entered wrongly too many times. The keys and certificates on the token are intact.',
      next: 'An administrator can unblock the token: contact your bank or the administrator of your organisation.',
    },
    'pin-refused': {
      title: 'The token did not accept the new password',
      meaning:
        'The password does not meet the token’s requirements, or only an administrator may change it. The former password is in force.',
      next: 'Choose another password. If the token refuses it too, contact your bank.',
    },
    'pin-needed': {
      title: 'Token password needed',
      meaning: 'The token waits for its password to go on. The data on it have not changed.',
      next: 'Choose the token in the list of profiles and enter the password.',
    },
    'pin-not-allowed': {
      title: 'You are not allowed to change this PIN',
      meaning:
        'The token was formatted so that somebody else changes this PIN. The PIN is the same as before.',
      next: 'Log in to the control panel with the rights named beside the action.',
    },
    'pin-weak': {
      title: 'The PIN is too simple',
      meaning: 'It is easy to guess. The former PIN is still valid.',
      next: 'Choose a PIN of at least 8 characters with Latin letters and digits, without runs such as 123 or abc.',
    },
    'pin-unchanged': {
      title: 'The new PIN is the same as the old one',
      meaning: 'The PIN has not changed.',
      next: 'Enter another PIN.',
    },
    'pin-not-blocked': {
      title: 'The PIN is not blocked',
      meaning: 'There is nothing to unblock: attempts are left. Nothing on the token has changed.',
      next: 'If the user has forgotten the PIN, set a new one with Change.',
    },
    'token-memory-full': {
      title: 'Token is full',
      meaning: 'There is no room for new keys and certificates. The former data are kept.',
      next: 'Contact your bank: another token is needed, or unneeded certificates must be deleted.',
    },
    'token-answer-unexpected': {
      title: 'Unexpected answer of the token',
      meaning: 'The token did not answer as it should. Kilt stopped so as not to spoil anything.',
      next: 'Take the token out, insert it again and retry. If that does not help, tell the code to support.',
    },
    'token-layout-damaged': {
      title: 'Data on the token are damaged',
      meaning: 'The token’s directory cannot be read. Kilt has changed nothing on it.',
      next: 'Do not format the token. Tell the code to your bank’s support.',
    },
    'key-not-found': {
      title: 'Key not found on the token',
      meaning: 'The certificate is there, but its key is not on this token.',
      next: 'Check that this is the right token. If it is, ask your bank for a new certificate.',
    },
    'format-interrupted': {
      title: 'Formatting was interrupted',
      meaning:
        'The former contents of the token are gone and the new layout is not complete. Until formatting is finished the token cannot be used.',
      next: 'Insert the same token and finish formatting in the KAZTOKEN section.',
    },
    'several-tokens': {
      title: 'Several tokens are connected',
      meaning:
        'So that no other token is wiped by mistake, only a token that is connected alone can be formatted. Nothing has changed.',
      next: 'Leave only the token that is to be formatted connected.',
    },
    'confirmation-differs': {
      title: 'What was typed differs from what was asked for',
      meaning: 'Nothing was done, and nothing on the token has changed.',
      next: 'Type exactly what is shown above the field.',
    },
    'certificate-in-use': {
      title: 'This certificate is registered with the bank',
      meaning: 'Without it this token cannot sign in to the bank. The certificate was not deleted.',
      next: 'If it is really not needed any more, format the token, or ask the bank first.',
    },
    'profile-on-token': {
      title: 'Profile is already on the token',
      meaning: 'The token already holds this user’s profile at this bank. Nothing was changed.',
      next: 'Sign in with it. New keys for it are made under “Keys”.',
    },
    'import-file-unreadable': {
      title: 'There is no certificate in the file',
      meaning:
        'The file cannot be read as a certificate or key container, or its password is wrong. Nothing on the token has changed.',
      next: 'Choose a PEM, CER, CRT, DER, PFX or P12 file and check the password.',
    },
    'import-key-unsupported': {
      title: 'The key in the file cannot be stored on the token',
      meaning: 'KAZTOKEN takes RSA keys of 1024 to 4096 bits. Nothing on the token has changed.',
      next: 'Import the certificate only, or make a key on the token itself.',
    },
    'driver-not-allowed': {
      title: 'The token driver is not used',
      meaning:
        'Kilt does not load a PKCS#11 library that cannot be trusted. Nothing has happened to the token.',
      next: 'Install the driver from the token maker’s site as administrator, and choose it in the settings.',
    },
    'driver-failed': {
      title: 'The token driver failed',
      meaning:
        'The PKCS#11 library did not finish. The keys on the token are whole; a registration that was begun is not lost.',
      next: 'Pull the token out, put it back and try again. If that does not help, install the token driver anew.',
    },
    'token-failing': {
      title: 'The memory of the token is failing',
      meaning: 'The token could not write data. What was written before is most likely kept.',
      next: 'Do not format the token. Tell the code to the bank’s support: the token will probably have to be replaced.',
    },
    'key-container-wrong': {
      title: 'Wrong password or key container',
      meaning: 'The key file could not be opened. Nothing has changed on the token.',
      next: 'Check the data against the list below and press Next again.',
    },
    'key-container-expired': {
      title: 'The key file has expired',
      meaning: 'It can no longer be used to register. Nothing has changed on the token.',
      next: 'Get a new key file at your bank branch.',
    },
    'key-container-unsupported': {
      title: 'The key file is not supported',
      meaning:
        'Kilt cannot handle the way the file is protected or the key in it. Nothing has changed on the token.',
      next: 'Check that the right file is chosen. If it is, tell the code to your bank’s support.',
    },
    'registration-data-refused': {
      title: 'Registration data were not accepted',
      meaning:
        'The certification authority did not recognise the user ID or the registration PIN. The keys on the token are kept.',
      next: 'Check the user ID and the PIN on the OTP card and continue the registration.',
    },
    'registration-pin-locked': {
      title: 'Registration PIN is blocked',
      meaning:
        'The PIN from the OTP card was entered wrongly too many times. The keys on the token are kept.',
      next: 'Get a new OTP card at your bank branch and continue the registration. Do not format the token.',
    },
    'national-signature-missing': {
      title: 'No NUC signature on the token',
      meaning:
        'This bank knows its customers by a signature of the National Certification Authority (NUC). Nothing has changed on the token.',
      next: 'Obtain a NUC signature on a Kaztoken at a public service centre or on the NUC’s site, then begin the registration again.',
    },
    'national-signature-unusable': {
      title: 'The NUC signature on the token does not fit',
      meaning: 'The bank will not register you with it.',
      next: 'Choose another signature, or obtain a new NUC signature on this token at a public service centre or on the NUC’s site.',
    },
    'national-registration-refused': {
      title: 'Registration data were not accepted',
      meaning:
        'The certification authority did not recognise the user ID or the registration PIN, or the NUC signature is not of the person whom the bank has entered. The keys on the token are kept.',
      next: 'Check the user ID, the PIN on the OTP card and whose signature is on the token, and continue the registration.',
    },
    'ca-refused': {
      title: 'The certification authority refused',
      meaning: 'No certificate was issued. The keys on the token are kept.',
      next: 'Contact your bank and tell the code and the authority’s answer. Do not format the token.',
    },
    'ca-answer-invalid': {
      title: 'The certification authority’s answer did not pass the checks',
      meaning:
        'Kilt did not accept the answer: it may have been altered on the way. The keys on the token are kept.',
      next: 'Continue the registration later or from another network. If that does not help, tell the code to your bank’s support.',
    },
    'ca-certificate-wrong': {
      title: 'The certificate received is not yours',
      meaning: 'It was issued for another key or by another authority. Kilt has not accepted or stored it.',
      next: 'Tell the code to your bank’s support. Do not format the token.',
    },
    'certificate-revoked': {
      title: 'The certificate has been revoked',
      meaning:
        'The certification authority has revoked this certificate: you cannot sign in or sign with it. The data on the token have not changed.',
      next: 'Contact the bank: an unplanned key regeneration is needed. Do not format the token.',
    },
    'certificate-suspended': {
      title: 'The certificate is suspended',
      meaning:
        'The certification authority has suspended this certificate, and it cannot be used for now. The data on the token have not changed.',
      next: 'Ask the bank for the reason. Once the suspension is lifted, the certificate works again by itself.',
    },
    'revocation-unknown': {
      title: 'It could not be checked whether the certificate has been revoked',
      meaning:
        'The bank requires this check, and the certification authority gave no answer that can be believed. The data on the token have not changed.',
      next: 'Check the internet connection and try again later.',
    },
    'ca-still-waiting': {
      title: 'Accepted by the bank',
      meaning: 'The certification authority has taken the request and is still preparing the certificate.',
      next: 'There is nothing to do: Kilt will ask again by itself.',
    },
    'ca-signer-revoked': {
      title: 'The certificate that proves who you are has been revoked',
      meaning: 'The certification authority does not accept it any more. The keys on the token are kept.',
      next: 'Get a new key file from the bank’s branch and continue the registration. Do not format the token.',
    },
    'ca-request-not-understood': {
      title: 'The certification authority did not understand Kilt’s request',
      meaning:
        'Your data are not the reason: the two programs do not understand each other. No certificate has been issued, and the keys on the token are kept.',
      next: 'Update Kilt and continue the registration. If that does not help, tell the code to the bank’s support. Do not format the token.',
    },
    'registration-unfinished': {
      title: 'Registration unfinished: formatting is not allowed',
      meaning: 'A registration was begun on this token and is not finished.',
      next: 'Choose the token in the list of profiles and continue the registration.',
    },
    'registration-elsewhere': {
      title: 'The token holds another unfinished registration',
      meaning: 'It was begun on another computer. The keys on the token are kept.',
      next: 'Go back to the list of profiles, choose this token and enter its password: that registration continues here. Do not continue it on two computers at once. Do not format the token.',
    },
    'bank-refused': {
      title: 'The bank refused the registration',
      meaning: 'The certificates were received and are on the token, but the bank did not accept them.',
      next: 'Contact your bank and tell the code and the bank’s answer. Do not format the token.',
    },
    'bank-answer-invalid': {
      title: 'Unexpected answer of the bank',
      meaning: 'The bank’s server did not answer as it should. The data on the token are kept.',
      next: 'Try again in a few minutes. If that does not help, tell the code to your bank’s support.',
    },
    'sign-in-refused': {
      title: 'The bank did not allow signing in',
      meaning:
        'The token password is right, but the bank did not accept the certificate. The data on the token have not changed.',
      next: 'Try again in a minute. If that does not help, contact your bank and tell the code.',
    },
    'bank-file-invalid': {
      title: 'The bank’s description cannot be read',
      meaning:
        'The file with the bank’s addresses and certificates is missing or damaged. Nothing has changed on the token.',
      next: 'Get the file from your bank’s support and import it: “Settings”, section “Banks”.',
    },
    'bank-file-unsigned': {
      title: 'The bank’s file is not signed',
      meaning:
        'There is no telling whose file this is, so Kilt does not use it. Nothing has changed on the token.',
      next: 'Get the signed file (.kiltbank) from your bank’s support.',
    },
    'bank-signature-wrong': {
      title: 'The signature of the bank’s file is wrong',
      meaning:
        'The file is damaged or was changed after it had been signed. Kilt does not use it. Nothing has changed on the token.',
      next: 'Get the file from your bank once more. If that does not help, tell the code to your bank’s support.',
    },
    'bank-signer-changed': {
      title: 'The bank’s file is signed with another key',
      meaning:
        'Another key has signed this bank’s files until now. This may not be the bank’s file, so Kilt does not use it. Nothing has changed on the token.',
      next: 'Do not use this file. Call your bank at a number you know and tell the code.',
    },
    'bank-file-older': {
      title: 'This version of the bank’s file is out of date',
      meaning:
        'This computer has had the same version or a newer one. Kilt does not go back to an old one. Nothing has changed on the token.',
      next: 'If your bank has sent the file as a new one, ask for the latest version.',
    },
    'bank-file-ended': {
      title: 'The bank’s file has expired',
      meaning:
        'No new profiles are made with this file. Profiles that there are go on working. Nothing has changed on the token.',
      next: 'Check the date on the computer. If it is right, get a new file from your bank’s support.',
    },
    'bank-not-confirmed': {
      title: 'The bank’s file is not confirmed',
      meaning:
        'The file is signed, but nobody has confirmed on this computer whose signature it is. Nothing has changed on the token.',
      next: 'Open “Settings”, section “Banks”, and import the file: there the fingerprint can be compared with the bank’s act.',
    },
    'bank-in-use': {
      title: 'The bank is still needed',
      meaning:
        'This computer has a profile of this bank, or an unfinished registration in it. They do not work without the bank’s description.',
      next: 'Finish the registration. The description of a bank with profiles is not removed but updated with a new file.',
    },
    'sign-in-late': {
      title: 'The time for signing in has run out',
      meaning:
        'The bank waited too long for the signature. The token’s password is right, and the data on the token have not changed.',
      next: 'Sign in again.',
    },
    'sign-in-certificate-ended': {
      title: 'The bank does not accept this certificate any more',
      meaning:
        'The certificate has ended or has been revoked. The token’s password is right, and the data on the token have not changed.',
      next: 'Ask the bank for a new certificate and tell it the code.',
    },
    'network-unreachable': {
      title: 'No connection to the server',
      meaning: 'The connection could not be made. The data on the token are kept.',
      next: 'Check the internet connection and try again.',
    },
    'network-timeout': {
      title: 'The server did not answer in time',
      meaning: 'There is a connection, but no answer. The data on the token are kept.',
      next: 'Try again in a few minutes.',
    },
    'tls-untrusted': {
      title: 'The server did not prove that it is the bank',
      meaning: 'No protected connection was made and no data were sent.',
      next: 'Do not go on in a network you do not know. Check the date on the computer and try again from your own network.',
    },
    'server-failed': {
      title: 'The server could not handle the request',
      meaning: 'The trouble is on the server’s side. The data on the token are kept.',
      next: 'Try again in a few minutes.',
    },
    'document-unreadable': {
      title: 'The file cannot be read',
      meaning:
        'It is not there, another program holds it, or you have no right to it. This file was neither signed nor checked; nothing happened to the token.',
      next: 'See that the file is there and opens, and try again.',
    },
    'document-changed': {
      title: 'The document has changed',
      meaning:
        'The file is not the one that was read or shown before signing. No signature on it has been saved.',
      next: 'Save the document, close it in other programs, look at it again and sign.',
    },
    'signature-unreadable': {
      title: 'This is not a signature',
      meaning: 'The file holds no CMS (PKCS#7) signature that Kilt can read, or it is damaged.',
      next: 'Choose the signature: its name usually ends in .p7s, .p7m, .cms or .sig. If the file came by mail, get it again.',
    },
    'signed-document-missing': {
      title: 'The signed document is missing',
      meaning:
        'The signature is kept apart from its document, and there is no document beside it. Without it nothing can be checked.',
      next: 'Put the document beside the signature, or name it.',
    },
    'signing-certificate-ended': {
      title: 'The signature certificate is not valid',
      meaning: 'Its time is over or has not begun. Nothing was signed and the password was not tried.',
      next: 'Check the date of the computer. If it is right, get a new certificate.',
    },
    'timestamp-refused': {
      title: 'The time-stamping authority refused',
      meaning:
        'The document is not signed: no signature without a time-stamp was saved. Nothing changed on the token.',
      next: 'Try again later, or sign without a time-stamp.',
    },
    'timestamp-invalid': {
      title: 'The time-stamp does not fit',
      meaning:
        'The answer of the time-stamping authority is not for this signature or is not properly signed. The signature was not saved.',
      next: 'Check the address of the authority and try again, or sign without a time-stamp.',
    },
    'xml-unusable': {
      title: 'This XML cannot be signed',
      meaning:
        "The document has something that Kilt does not take: an error in its markup, a document type (DOCTYPE), an Id that stands twice, or no place where the bank's page said. Nothing was signed.",
      next: 'Tell the bank, or whoever sent the document, the code and the reason.',
    },
    'renewal-unfinished': {
      title: 'The key regeneration is unfinished',
      meaning:
        'New keys are on the token already, and the bank does not fully use them yet. The old keys are kept.',
      next: 'Open “Keys”, choose this key set and finish the regeneration. Until then do not format the token and delete no keys.',
    },
    'renewal-elsewhere': {
      title: 'The regeneration of these keys was begun on another computer',
      meaning: 'There is a request already; a second one is not needed. The old keys are in use.',
      next: 'Refresh the list in “Keys” and continue the regeneration here or on that computer. Do not continue it on two computers at once.',
    },
    'renewal-no-room': {
      title: 'There is no room on the token for new keys',
      meaning:
        'New keys are made beside the old ones, and there was not enough room. The old keys are in use, and nothing on the token has changed.',
      next: 'Delete certificates and keys that are not needed in “KAZTOKEN”, tab “Certificates”, and begin again. If there is nothing to delete, ask your bank for another token.',
    },
    'renewal-not-offered': {
      title: 'These keys can no longer sign a request',
      meaning:
        'The certificate has ended or was revoked, and without it this bank issues no new certificates through Kilt. The keys on the token are kept.',
      next: 'Contact your bank’s branch: a new registration is needed. Do not format the token yet.',
    },
    'renewal-refused': {
      title: 'The bank refused to regenerate the keys',
      meaning: 'No new certificate was issued. The old keys stay in use until they end.',
      next: 'Read the reason, and contact your bank if it is not clear. When the reason is gone, begin the regeneration again.',
    },
    'renewal-record-damaged': {
      title: 'The profile record on the token is not readable',
      meaning:
        'Keys and certificates on the token are whole, but the token does not say which of them are whose.',
      next: 'Do not format the token, and continue on the computer on which the regeneration was begun or the profile was created. If that does not help, contact your bank.',
    },
    'renewal-forgotten': {
      title: 'The bank does not remember the regeneration request',
      meaning:
        'The request was lost at the bank. The new keys on the token are kept, the old ones are in use.',
      next: 'Press “Continue” and enter the token’s password: a request with the same keys is sent again. If it happens again, contact your bank.',
    },
    'renewal-other-name': {
      title: 'The new certificate names another holder',
      meaning:
        'It does not name whom the certificate in use names. It was not accepted, and the old keys are in use.',
      next: 'Contact your bank and tell the code. Then continue the regeneration: a new certificate is asked for again.',
    },
    'loopback-port-taken': {
      title: 'Another program has the port',
      meaning:
        'Kilt’s server for pages of sites could not start: NCALayer or another program uses its port. The token is not affected.',
      next: 'Close the other program, or choose Kilt’s own port in the settings.',
    },
    'browser-trust-failed': {
      title: 'Browsers could not be told to trust Kilt’s certificate',
      meaning: 'Pages cannot reach Kilt through its server until they do. The token is not affected.',
      next: 'On Linux install libnss3-tools and switch the server off and on again, or add the certificate in the browser’s settings.',
    },
    'site-unknown': {
      title: 'There is no such site',
      meaning: 'Kilt has no permission to take back for this address. The token is not affected.',
      next: 'Look at the list of sites and write the address as it stands there.',
    },
    'page-request-void': {
      title: 'The site does not wait any more',
      meaning: 'The page was closed, or the time to answer is over. Nothing was given to the site.',
      next: 'If you still want to do it, begin again on the page.',
    },
    'disk-full': {
      title: 'The disk is full',
      meaning: 'Kilt cannot record its progress and has stopped. The data on the token are kept.',
      next: 'Free some space on the disk and continue.',
    },
    'storage-failed': {
      title: 'Kilt’s data could not be written',
      meaning: 'The data folder is not accessible or is damaged. The data on the token are kept.',
      next: 'Restart Kilt. If that does not help, tell the code to support.',
    },
    'input-invalid': {
      title: 'The data are not valid',
      meaning: 'One of the fields is not filled in as it should be. Nothing has changed on the token.',
      next: 'Check the fields and try again.',
    },
    'file-not-written': {
      title: 'The file was not saved',
      meaning: 'It could not be written to this folder. Nothing on the token has changed.',
      next: 'Choose another folder or free some disk space, and try again.',
    },
    'folder-not-opened': {
      title: 'Folder could not be opened',
      meaning: 'The program that shows folders did not answer. The files of Kilt are in their place.',
      next: 'Open the folder yourself: copy its path from the settings.',
    },
    'autostart-refused': {
      title: 'The system did not allow starting at sign-in',
      meaning:
        'You still start Kilt yourself. The rules of this computer may forbid programs to start by themselves.',
      next: 'Contact the administrator of the computer if you need it.',
    },
    'audit-damaged': {
      title: 'The audit was changed by another program',
      meaning:
        'One of its lines does not fit the others: what follows it cannot be trusted. Tokens are not concerned.',
      next: 'Export the audit and hand it to your security staff together with the code.',
    },
    'operation-cancelled': {
      title: 'Operation cancelled',
      meaning: 'You stopped the operation. What had been written is kept.',
      next: 'You can start it again at any time.',
    },
    'operation-busy': {
      title: 'Kilt is already working with the token',
      meaning: 'Only one operation runs on a token at a time.',
      next: 'Wait until it ends and try again.',
    },
    'clock-differs': {
      title: 'The clocks of computer and server differ',
      meaning:
        'The time on this computer is another one, so the server did not accept the request or Kilt could not believe the answer. The data on the token are kept.',
      next: 'Check date, time and time zone on the computer and continue. If they are right, tell the code to the bank’s support.',
    },
    internal: {
      title: 'Fault in Kilt',
      meaning: 'The operation was stopped. A registration that was begun is not lost.',
      next: 'Try again. If that does not help, restart Kilt and tell the code to support.',
    },
  },
};
