import type { TextsOf } from '../shape.ts';

/** The window in which a site's request is put to the user. Every word around the document is Kilt's. */
export const consent: TextsOf<'consent'> = {
  title: 'Request of the site {{site}}',
  unknownSite: 'Not a site of a bank that Kilt knows',
  bankSite: 'Site of a bank: {{name}}',
  warnings: {
    'mixed-letters': 'The address mixes letters of several alphabets',
    'other-letters': 'The address is not written in Latin letters',
    text: 'A browser may show it as “{{letters}}”. Such an address can look like that of a bank. If you are not sure, refuse.',
  },
  first: {
    title: 'This site calls for the first time',
    text: 'If you agree, its pages may call Kilt for 90 days. Kilt still asks you about every signature and every sign-in. You can take the permission back in the settings, under Sites.',
  },
  asks: {
    connect: 'The site asks whether it may call Kilt.',
    tokens: 'The site wants to know whether a token is connected.',
    certificate:
      'The site asks to see a certificate. It will learn what it says: name, IIN, organisation. The key is not used.',
    'sign-in': 'The site asks you to confirm the sign-in with the key on the token.',
    sign_one: 'The site asks you to sign a document.',
    sign_other: 'The site asks you to sign {{count, number}} documents.',
    'sign-hash_one': 'The site asks you to sign the hash of a document.',
    'sign-hash_other': 'The site asks you to sign the hashes of {{count, number}} documents.',
    timestamp: 'The site asks for a time-stamp on a signature that exists already. The key is not used.',
  },
  documents: {
    label: 'Documents: {{count, number}}. Shown',
    number: 'Document {{number}}',
    hashTitle: 'The site has not handed over the document itself',
    hashText:
      'Kilt cannot show what you are signing. Agree only if you trust this site and began this yourself.',
    hash: 'Hash from the site',
    form: 'Signature',
    place: 'Signed part',
    timestamp: 'Time-stamp',
    timestampYes: 'will be fetched over the network',
  },
  forms: {
    detached: 'apart from the document',
    attached: 'together with the document',
    xml: 'inside the XML document',
  },
  key: { label: 'Certificate', named: '{{subject}}, token {{token}}' },
  noToken: { title: 'Insert the KAZTOKEN', text: 'The window will see the token by itself; leave it open.' },
  noKey: {
    title: 'There is no suitable key on the token',
    text: 'Insert another token, or create a profile in Kilt’s main window.',
  },
  agree: {
    connect: 'Allow',
    tokens: 'Allow',
    certificate: 'Show the certificate',
    'sign-in': 'Sign in',
    sign: 'Sign',
    'sign-hash': 'Sign',
    timestamp: 'Add',
  },
  refuse: 'Refuse',
};
