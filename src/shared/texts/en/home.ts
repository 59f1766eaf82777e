import type { TextsOf } from '../shape.ts';

export const home: TextsOf<'home'> = {
  title: 'You are signed in to {{bank}}',
  customer: '{{name}}, user ID {{userId}}',
  signedInAt: 'Signed in on {{date}} at {{time}}',
  certificates: 'Certificates',
  noCertificates: 'There are no certificates of this profile on the token.',
  purpose: { signature: 'Signing documents', 'sign-in': 'Signing in to the bank', other: 'Another purpose' },
  owner: 'Owner',
  issuer: 'Issued by',
  validity: 'Validity',
  serialNumber: 'Certificate number',
  keyOnToken: 'Key is on the token',
  keyMissing: 'Key is not on the token',
  operations: 'Last operations',
  noOperations: 'No operations yet.',
  operation: {
    registered: 'Profile registered',
    'signed-in': 'Signed in to the bank',
    renewed: 'Keys regenerated',
  },
  result: { done: 'done', failed: 'failed' },
  openBank: 'Open the bank’s page',
  leave: 'Log out',
  defaultPin: 'The token has the default password',
  defaultPinText: 'Everybody knows it. Replace it: in the control panel it is called the user PIN.',
  changePin: 'Change it in the control panel',
};
