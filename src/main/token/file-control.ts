import { KiltError } from '#shared/errors.ts';
import { concatBytes } from '#shared/bytes.ts';
import { encodeElement, readElements } from './pkcs15/der.ts';

/** File identifier, two bytes. */
export type FileId = number;

/** Path from the master file, without its own `3F00`; empty for the master file. */
export type FilePath = readonly FileId[];

export const masterFile: FilePath = [];

/** Who may do something: condition byte of the access rules (facts §3.2). */
export const condition = {
  always: 0x00,
  administrator: 0x01,
  user: 0x02,
  either: 0x03,
  never: 0xff,
} as const;

/** Bit of the access-mode byte; the condition of bit i stands in byte 1 + i (facts §3.2). */
export interface AccessRules {
  /** DF: create DF or EF. EF: read. PIN: unblock. */
  readonly first?: number;
  /** DF: create special file. EF: write. PIN: change. Key: generate or import. */
  readonly second?: number;
  /** Key: use. */
  readonly third?: number;
  readonly remove?: number;
}

/** Bytes 5–8 of the bitmap are unused; every file that OpenSC makes has 15 bytes here. */
const accessRulesLength = 15;
const accessBits = [
  ['first', 0],
  ['second', 1],
  ['third', 2],
  ['remove', 6],
] as const;

export function encodeAccessRules(rules: AccessRules): Uint8Array {
  const bytes = new Uint8Array(accessRulesLength);
  for (const [name, bit] of accessBits) {
    const value = rules[name];
    if (value === undefined) continue;
    bytes[0] = (bytes[0] ?? 0) | (1 << bit);
    bytes[1 + bit] = value;
  }
  return bytes;
}

/** Whether a transparent file can be read without login. */
export const isReadByEverybody = ({ access }: Pick<FileControl, 'access'>): boolean =>
  ((access[0] ?? 0) & 1) === 0 || access[1] === condition.always;

/** Kinds of file, first byte of tag 82 (facts §3.1). */
export const fileKind = {
  directory: 0x38,
  transparent: 0x01,
  /** Holds a PIN or a key; its value can not be read. */
  special: 0x10,
} as const;

/** What a file is: the template of CREATE FILE and of the answer to SELECT. */
export interface FileControl {
  readonly kind: number;
  readonly id: FileId;
  /** Bytes of content; 0 for most directories. */
  readonly size: number;
  /** Tag 85 of special files: kind, parameter, flags, attempts, 0, 0. */
  readonly properties?: Uint8Array;
  /** Tag 86. */
  readonly access: Uint8Array;
}

const tag = {
  template: 0x6f,
  otherTemplate: 0x62,
  size: 0x80,
  kind: 0x82,
  id: 0x83,
  properties: 0x85,
  access: 0x86,
} as const;

const twoBytes = (value: number): Uint8Array => Uint8Array.of(value >> 8, value & 0xff);
const numberOf = (bytes: Uint8Array): number => bytes.reduce((sum, byte) => sum * 256 + byte, 0);

/** File control parameters for CREATE FILE, in the order that OpenSC sends (facts §3.1). */
export const encodeFileControl = (file: FileControl): Uint8Array =>
  encodeElement(
    tag.template,
    concatBytes(
      encodeElement(tag.size, twoBytes(file.size)),
      encodeElement(tag.kind, Uint8Array.of(file.kind, 0)),
      encodeElement(tag.id, twoBytes(file.id)),
      ...(file.properties === undefined ? [] : [encodeElement(tag.properties, file.properties)]),
      encodeElement(tag.access, file.access),
    ),
  );

/**
 * Reads the answer to SELECT; unknown tags are passed over.
 *
 * @throws KiltError `token-answer-unexpected`
 */
export function parseFileControl(bytes: Uint8Array): FileControl {
  try {
    const [template] = readElements(bytes);
    if (template?.tag !== tag.template && template?.tag !== tag.otherTemplate)
      throw new RangeError('no template');
    const fields = new Map(readElements(template.content).map((field) => [field.tag, field.content]));
    const properties = fields.get(tag.properties);
    return {
      kind: fields.get(tag.kind)?.[0] ?? 0,
      id: numberOf((fields.get(tag.id) ?? new Uint8Array()).subarray(0, 2)),
      size: numberOf((fields.get(tag.size) ?? new Uint8Array()).subarray(0, 4)),
      access: fields.get(tag.access) ?? new Uint8Array(accessRulesLength),
      ...(properties === undefined ? {} : { properties }),
    };
  } catch (cause) {
    throw new KiltError('token-answer-unexpected', { step: 'select' }, { cause });
  }
}
