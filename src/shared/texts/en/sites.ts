import type { TextsOf } from '../shape.ts';

/** “Sites” of the settings. */
export const sites: TextsOf<'sites'> = {
  title: 'Sites',
  text: 'You have let these sites call Kilt. Kilt still asks you about every signature and every sign-in.',
  none: 'You have not let any site call Kilt.',
  ways: { extension: 'through the browser’s extension', loopback: 'through the server on this computer' },
  used: 'called on {{date}}',
  expires: 'allowed until {{date}}',
  revoke: 'Take back',
  revokeNamed: 'Take back the permission of {{site}}',
  revokeAll: 'Take back all permissions',
  extension: {
    label: 'Take requests through the browser’s extension',
    hint: 'Kilt tells this user’s browsers where it is installed. Switched off, it takes that back. The extension comes from the browser’s store.',
    failed: 'Browsers could not be told where Kilt is. The log for support knows why.',
  },
  loopback: {
    label: 'Answer pages that were made for NCALayer',
    hint: 'Kilt makes a key and a certificate for this computer only and adds the certificate to your browsers. Both are removed when this is switched off.',
    port: 'Port',
    portHint: 'Pages usually know NCALayer’s port only. It must be free: NCALayer has to be closed.',
    ports: { own: 'Kilt, 24691', ncalayer: 'NCALayer, 13579' },
    running: 'The server is running: wss://127.0.0.1:{{port}}',
    problems: {
      'port-taken': {
        title: 'Port {{port}} is taken',
        text: 'NCALayer or another program uses port {{port}}. Close it or choose the other port.',
      },
      'not-trusted': {
        title: 'Browsers do not trust Kilt’s certificate yet',
        text: 'The certificate could not be added to the browsers. On Linux install libnss3-tools, then switch the server off and on again.',
      },
      failed: {
        title: 'The server did not start',
        text: 'Switch it off and on again. If that does not help, the log for support knows why.',
      },
    },
  },
};
