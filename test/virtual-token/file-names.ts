import { condition } from './access.ts';

/** Names of files that have one (facts §3.4), by path below the master file. */
const fileNames: Readonly<Record<string, string>> = {
  '': 'MF',
  '0001': 'administrator PIN',
  '0002': 'user PIN',
  '1000': 'system folder',
  '1000/1000': 'keys',
  '1000/1000/6001': 'public keys',
  '1000/1000/6002': 'private keys',
  '1000/1000/6003': 'secret keys',
  '1000/1000/6004': 'certificates',
  '1000/1000/6005': 'local PINs',
  '2F00': 'EF.DIR',
  '5000': 'PKCS#15 application',
  '5000/5031': 'ODF',
  '5000/5032': 'TokenInfo',
  '5000/6005': 'AODF',
  '5000/6002': 'PrKDF',
  '5000/6001': 'PuKDF',
  '5000/6004': 'CDF',
  '5000/6006': 'DODF',
  '5000/4946': 'pkcs15-init information',
};

const conditionNames: Readonly<Record<number, string>> = {
  [condition.always]: 'always',
  [condition.administrator]: 'administrator',
  [condition.user]: 'user',
  [condition.either]: 'either',
  [condition.never]: 'never',
};

/** Of the PKCS#15 application's objects, by the first byte of their identifier (facts §3.4). */
const objectNames: Readonly<Record<string, string>> = {
  '01': 'private key object',
  '02': 'public key object',
  '03': 'certificate object',
  '04': 'data object',
  '05': 'private data object',
};

/** What a file is for, where its place says so. @param path below the master file, such as `5000/5031` */
export function fileName(path: string): string | undefined {
  const [, kind = ''] = /^5000\/(0[1-5])[0-9A-F]{2}$/.exec(path) ?? [];
  return fileNames[path] ?? objectNames[kind];
}

/** Who may, by a condition byte of the access rules. */
export const conditionName = (value: number): string | undefined => conditionNames[value];

/** Identifiers as they are written: four hexadecimal digits. */
export const fileIdText = (id: number): string => id.toString(16).toUpperCase().padStart(4, '0');

/** The path of a file below a folder. */
export const pathBelow = (folder: string, id: number): string =>
  folder === '' ? fileIdText(id) : `${folder}/${fileIdText(id)}`;
