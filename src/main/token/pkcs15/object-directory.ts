import type { FileId, FilePath } from '../file-control.ts';
import { decodePath, encodePath, type EntryCodec } from './attributes.ts';
import { contextTag, DerError, encodeElement, readElements } from './der.ts';

/** PKCS15Objects, the entries of ODF (PKCS#15 v1.1 §6.2): which directory holds which class of objects. */
export interface DirectoryReference {
  /** Number of the choice. */
  readonly objectClass: number;
  readonly path: FilePath;
}

/** Numbers of the choices of PKCS15Objects. */
export const objectClass = {
  privateKeys: 0,
  publicKeys: 1,
  trustedPublicKeys: 2,
  certificates: 4,
  trustedCertificates: 5,
  usefulCertificates: 6,
  dataObjects: 7,
  pins: 8,
} as const;

export type ObjectClass = (typeof objectClass)[keyof typeof objectClass];

const contextClass = 0xa0;
const classMask = 0xe0;

export const directoryCodec: EntryCodec<DirectoryReference> = {
  decode(element) {
    if ((element.tag & classMask) !== contextClass) throw new DerError('not a directory reference');
    return {
      objectClass: element.tag & ~classMask,
      path: decodePath(readElements(element.content)[0]),
    };
  },
  encode: ({ objectClass: number, path }) => encodeElement(contextTag(number), encodePath(path)),
};

/** Files of the application as OpenSC's `rtecp` profile names them (facts §3.4). */
export const applicationDirectory: FileId = 0x5000;
export const inApplication = (id: FileId): FilePath => [applicationDirectory, id];

export const applicationFile = {
  objectDirectory: 0x5031,
  tokenInformation: 0x5032,
  pins: 0x6005,
  privateKeys: 0x6002,
  publicKeys: 0x6001,
  certificates: 0x6004,
  dataObjects: 0x6006,
  /** What `pkcs15-init` notes of itself; nothing else reads it. */
  notes: 0x4946,
} as const satisfies Record<string, FileId>;

/** High byte of the files that hold objects; the low byte counts (facts §3.4). */
export const objectFile = {
  publicKey: 0x0200,
  certificate: 0x0300,
  data: 0x0400,
  privateData: 0x0500,
} as const;
