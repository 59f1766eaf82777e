import { fromHex, toHex } from '#shared/bytes.ts';
import type { FileId, FilePath } from '../file-control.ts';
import {
  derTag,
  DerError,
  encodeElement,
  encodeNamedBits,
  encodeSequence,
  encodeText,
  readElements,
  readNamedBits,
  readOctets,
  readSequence,
  readText,
  contextTag,
  type DerElement,
} from './der.ts';

/** Translates between a value and one entry of a PKCS#15 file. `decode` throws DerError on any other entry. */
export interface EntryCodec<Entry> {
  decode(element: DerElement): Entry;
  encode(entry: Entry): Uint8Array;
}

/** CommonObjectAttributes, PKCS#15 v1.1 §6.1.8. */
export interface ObjectAttributes {
  readonly label: string;
  /** Readable only after login. */
  readonly isPrivate: boolean;
  /** Which PIN protects it, lower-case hexadecimal; empty: none. */
  readonly authId: string;
}

/** CommonObjectFlags. */
const objectFlag = { private: 0, modifiable: 1 } as const;

export function encodeObjectAttributes({ label, isPrivate, authId }: ObjectAttributes): Uint8Array {
  const flags = isPrivate ? [objectFlag.private, objectFlag.modifiable] : [objectFlag.modifiable];
  return encodeSequence(
    ...(label === '' ? [] : [encodeText(label)]),
    encodeNamedBits(flags),
    ...(authId === '' ? [] : [encodeElement(derTag.octetString, fromHex(authId))]),
  );
}

export function decodeObjectAttributes(element: DerElement | undefined): ObjectAttributes {
  const fields = readSequence(element);
  const [label, flags, authId] = [derTag.utf8String, derTag.bitString, derTag.octetString].map((tag) =>
    fields.find((field) => field.tag === tag),
  );
  return {
    label: label === undefined ? '' : readText(label),
    isPrivate: flags !== undefined && readNamedBits(flags).includes(objectFlag.private),
    authId: authId === undefined ? '' : toHex(readOctets(authId)),
  };
}

const masterFileId = 0x3f00;
const applicationDirectory = 0x5000;

/** A path as PKCS#15 writes it, from the master file. */
export const pathToOctets = (path: FilePath): Uint8Array =>
  Uint8Array.from([masterFileId, ...path].flatMap((id) => [id >> 8, id & 0xff]));

/** A path that does not start at the master file is taken from the application's directory. */
export function pathFromOctets(octets: Uint8Array): FilePath {
  if (octets.length === 0 || octets.length % 2 !== 0) throw new DerError('path of odd length');
  const ids: FileId[] = [];
  for (let at = 0; at < octets.length; at += 2) ids.push(((octets[at] ?? 0) << 8) | (octets[at + 1] ?? 0));
  return ids[0] === masterFileId ? ids.slice(1) : [applicationDirectory, ...ids];
}

/** Path ::= SEQUENCE { path OCTET STRING, … }, PKCS#15 v1.1 §6.1.3. */
export const encodePath = (path: FilePath): Uint8Array =>
  encodeSequence(encodeElement(derTag.octetString, pathToOctets(path)));

export const decodePath = (element: DerElement | undefined): FilePath =>
  pathFromOctets(readOctets(readSequence(element)[0]));

/** The attributes that only this class of object has, `[1]` at the end of every entry. */
export const typeAttributesTag = contextTag(1);

/** Parts of an entry: common attributes, class attributes, and the fields of its type attributes. */
export function entryParts(element: DerElement): {
  common: DerElement | undefined;
  ofClass: DerElement | undefined;
  ofType: DerElement[];
} {
  const [common, ofClass, ...rest] = readElements(element.content);
  const ofType = rest.find((part) => part.tag === typeAttributesTag);
  if (ofType === undefined) throw new DerError('entry without type attributes');
  return { common, ofClass, ofType: readElements(ofType.content) };
}
