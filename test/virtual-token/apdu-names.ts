import { toHex } from '#shared/bytes.ts';

import { CHAINING_BIT, headerOf } from './apdu.ts';

/** Names of the token's commands, as traces show them and faults use them. */
export const commandNames = [
  'SELECT',
  'CREATE',
  'DELETE',
  'READ',
  'UPDATE',
  'VERIFY',
  'PIN-STATUS',
  'CHANGE-PIN',
  'WRITE-KEY',
  'UNBLOCK',
  'LOGOUT',
  'GET-DATA',
  'CHALLENGE',
  'ERASE',
  'END-INIT',
  'GENERATE',
  'MSE',
  'SIGN',
  'DECIPHER',
  'GET-RESPONSE',
  'UNKNOWN',
] as const;

export type CommandName = (typeof commandNames)[number];

const HEADER_BYTES = 4;
const LONGEST_SHOWN = 48;
/** Instructions whose data is a PIN or a key, whatever class byte they come with. */
const VERIFY = 0x20;
const CHANGE = 0x24;
const DECIPHER_P1 = 0x80;

/** Which command this is, by class, instruction and parameters (facts §2). Never fails. */
export function commandName(apdu: Uint8Array): CommandName {
  const { cla, ins, p1, p2 } = headerOf(apdu);
  if (apdu.length < HEADER_BYTES) return 'UNKNOWN';
  if (cla === 0x80) return ({ 0x40: 'LOGOUT', 0x84: 'END-INIT', 0x8a: 'ERASE' } as const)[ins] ?? 'UNKNOWN';
  if ((cla & ~CHAINING_BIT) !== 0) return 'UNKNOWN';
  if (ins === VERIFY) return apdu.length > HEADER_BYTES + 1 ? 'VERIFY' : 'PIN-STATUS';
  if (ins === CHANGE) return p2 === 0 ? 'WRITE-KEY' : 'CHANGE-PIN';
  if (ins === 0x2a) return p1 === DECIPHER_P1 ? 'DECIPHER' : 'SIGN';
  return interindustry[ins] ?? 'UNKNOWN';
}

const interindustry: Readonly<Record<number, CommandName>> = {
  0x22: 'MSE',
  0x2c: 'UNBLOCK',
  0x46: 'GENERATE',
  0x84: 'CHALLENGE',
  0xa4: 'SELECT',
  0xb0: 'READ',
  0xc0: 'GET-RESPONSE',
  0xca: 'GET-DATA',
  0xd6: 'UPDATE',
  0xe0: 'CREATE',
  0xe4: 'DELETE',
};

/** A command in a line for people, without any PIN or key. */
export function describeCommand(apdu: Uint8Array): string {
  const name = commandName(apdu);
  const [cla = 0, , p1 = 0, p2 = 0, lc = 0] = apdu;
  const data = apdu.subarray(HEADER_BYTES + 1, HEADER_BYTES + 1 + lc);
  const more = (cla & CHAINING_BIT) !== 0 && cla < 0x80 ? ', more follows' : '';
  const offset = `at ${(p1 << 8) | p2}`;
  switch (name) {
    case 'SELECT':
      return `SELECT ${describeSelect(p1, p2, data)}`;
    case 'CREATE':
      return `CREATE ${describeTemplate(data)}`;
    case 'DELETE':
      return `DELETE ${data.length === 0 ? 'current file' : hexUpper(data)}`;
    case 'READ':
      return `READ ${offset}, ${apdu[HEADER_BYTES] || 256} bytes`;
    case 'UPDATE':
      return `UPDATE ${offset}, ${data.length} bytes`;
    case 'VERIFY':
    case 'PIN-STATUS':
    case 'CHANGE-PIN':
    case 'UNBLOCK':
      return `${name} ${pinName(p2)}${more}`;
    case 'GET-DATA':
      return `GET-DATA ${hexUpper(apdu.subarray(2, 4))}`;
    case 'GENERATE':
      return `GENERATE key ${p2}`;
    case 'MSE':
      return `MSE ${p2 === 0xb6 ? 'sign' : 'decipher'} with key ${data[2] ?? '?'}`;
    case 'UNKNOWN':
      return `UNKNOWN ${hexUpper(apdu.subarray(0, HEADER_BYTES))}`;
    default:
      return `${name}${more}`;
  }
}

const pinName = (reference: number): string =>
  reference === 1 ? 'administrator' : reference === 2 ? 'user' : `PIN ${reference}`;

function describeSelect(p1: number, p2: number, data: Uint8Array): string {
  const id = hexUpper(data);
  if (p1 === 0 && p2 === 2) return `next after ${id}`;
  if (p1 === 0) return data.length === 0 ? 'first child' : id;
  if (p1 === 3) return 'parent';
  if (p1 === 8) return (id.match(/.{4}/g) ?? []).join('/');
  return p1 === 4 ? `application ${id}` : `P1P2 ${hexUpper(Uint8Array.of(p1, p2))} ${id}`;
}

/** The template of CREATE has its fields at fixed places (facts §3.1); anything else is shown as it is. */
function describeTemplate(data: Uint8Array): string {
  const kind = { 0x38: 'folder', 0x01: 'file', 0x10: 'special file' }[data[8] ?? 0];
  if (data.length < 14 || kind === undefined) return hexUpper(data);
  const size = ((data[4] ?? 0) << 8) | (data[5] ?? 0);
  return `${kind} ${hexUpper(data.subarray(12, 14))}, ${size} bytes`;
}

/** True when the data of this command is a PIN or a key. */
const carriesSecret = (apdu: Uint8Array): boolean => apdu[1] === VERIFY || apdu[1] === CHANGE;

/** The command in hexadecimal; PINs and keys are counted, not shown. Malformed ones are hidden the same way. */
export function redactedCommand(apdu: Uint8Array): string {
  const header = HEADER_BYTES + 1;
  if (!carriesSecret(apdu) || apdu.length <= header) return shownHex(apdu);
  return `${hexUpper(apdu.subarray(0, header))} (${apdu.length - header} bytes hidden)`;
}

/** The answer in hexadecimal; what DECIPHER brought out is counted, not shown. */
export function redactedAnswer(answer: Uint8Array, secret: boolean): string {
  const data = answer.length - 2;
  if (!secret || data <= 0) return shownHex(answer);
  return `(${data} bytes hidden) ${hexUpper(answer.subarray(data))}`;
}

function shownHex(bytes: Uint8Array): string {
  if (bytes.length <= LONGEST_SHOWN) return hexUpper(bytes);
  const rest = bytes.length - LONGEST_SHOWN;
  return `${hexUpper(bytes.subarray(0, LONGEST_SHOWN - 2))} (${rest} bytes) ${hexUpper(bytes.subarray(-2))}`;
}

const hexUpper = (bytes: Uint8Array): string => toHex(bytes).toUpperCase();
