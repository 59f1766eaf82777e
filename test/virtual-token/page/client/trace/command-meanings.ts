import type { CommandName } from '../../../apdu-names.ts';

/** What each command is for. */
export const commandMeanings: Readonly<Record<CommandName, string>> = {
  SELECT: 'chooses a file or folder; its control parameters are the answer',
  CREATE: 'makes a file, a folder, or the place of a PIN or key',
  DELETE: 'removes a file',
  READ: 'reads bytes of the selected file',
  UPDATE: 'writes bytes into the selected file',
  VERIFY: 'logs in with a PIN',
  'PIN-STATUS': 'asks how many tries a PIN has left',
  'CHANGE-PIN': 'sets a PIN',
  'WRITE-KEY': 'puts a key into the selected key file',
  UNBLOCK: 'gives a PIN its tries back',
  LOGOUT: 'forgets who is logged in',
  'GET-DATA': 'asks for the serial number or the kind of token',
  CHALLENGE: 'asks for random bytes',
  ERASE: 'destroys everything and begins formatting',
  'END-INIT': 'ends formatting: from here on rights count',
  GENERATE: 'makes a key pair; the public key is the answer',
  MSE: 'says which key the next operation uses',
  SIGN: 'uses a private key to sign',
  DECIPHER: 'uses a private key to decipher',
  'GET-RESPONSE': 'fetches the rest of the last answer',
  UNKNOWN: 'is no command of the token',
};
