import { concatBytes } from '#shared/bytes.ts';

import { ACCESS_RULE_BYTES, type AccessRules, checkRules } from './access.ts';
import type { CardFile, FileId, KeyKind, PinFile } from './file-system.ts';
import { contentSize } from './file-system.ts';
import { demand, refuse, statusWord } from './status-word.ts';
import type { UnverifiedBehaviour } from './unverified.ts';

/** Tags of the file control parameters (facts §3.1). */
const tag = { template: 0x6f, size: 0x80, descriptor: 0x82, id: 0x83, property: 0x85, access: 0x86 } as const;
const tagsInOrder: readonly number[] = [tag.size, tag.descriptor, tag.id, tag.property, tag.access];

/** Tag 82 byte 0 (facts §3.1). */
const descriptor = { folder: 0x38, data: 0x01, special: 0x10 } as const;

/** Tag 85 byte 0 of special files (facts §3.1). */
export const specialKind = {
  pin: 0x01,
  gostPrivate: 0x03,
  gostPublic: 0x13,
  rsaPrivate: 0x23,
  rsaPublic: 0x33,
} as const;

const keyKinds: Readonly<Record<number, KeyKind>> = {
  [specialKind.gostPrivate]: 'gost-private',
  [specialKind.gostPublic]: 'gost-public',
  [specialKind.rsaPrivate]: 'rsa-private',
  [specialKind.rsaPublic]: 'rsa-public',
};

export const PROPERTY_BYTES = 6;
/** Tag 85 byte 2 of a PIN (facts §3.1). */
const PIN_FLAGS = 0x01;

interface FcpCommon {
  readonly id: FileId;
  readonly size: number;
  readonly access: AccessRules;
}
/** What CREATE FILE asks for. */
export type FileParameters =
  | (FcpCommon & { readonly type: 'folder' | 'data' })
  | (FcpCommon & {
      readonly type: 'pin';
      readonly property: Uint8Array;
      readonly minLength: number;
      readonly maxAttempts: number;
    })
  | (FcpCommon & { readonly type: 'key'; readonly property: Uint8Array; readonly kind: KeyKind });

/**
 * Reads the data field of CREATE FILE.
 *
 * @throws CardRefusal 6A80 for anything that is not exactly such a template
 */
export function parseFileParameters(
  data: Uint8Array,
  order: UnverifiedBehaviour['fcpTagOrder'],
): FileParameters {
  demand(data[0] === tag.template && data[1] === data.length - 2, statusWord.badData);
  const fields = readFields(data.subarray(2), order);
  const field = (name: number, length: number): Uint8Array => {
    const value = fields.get(name);
    demand(value?.length === length, statusWord.badData);
    return value;
  };
  const [kind, zero] = field(tag.descriptor, 2);
  demand(zero === 0, statusWord.badData);
  const access = field(tag.access, ACCESS_RULE_BYTES);
  checkRules(access);
  const common = { id: number16(field(tag.id, 2)), size: number16(field(tag.size, 2)), access };
  switch (kind) {
    case descriptor.folder:
    case descriptor.data:
      demand(!fields.has(tag.property), statusWord.badData);
      return { ...common, type: kind === descriptor.folder ? 'folder' : 'data' };
    case descriptor.special:
      return specialParameters(common, field(tag.property, PROPERTY_BYTES));
    default:
      refuse(statusWord.badData);
  }
}

function specialParameters(common: FcpCommon, property: Uint8Array): FileParameters {
  const [kind = 0, specific = 0, flags = 0, attempts = 0, ...rest] = property;
  // Bytes 4 and 5 are 00 in every special file (facts §3.1).
  demand(
    rest.every((byte) => byte === 0),
    statusWord.badData,
  );
  if (kind === specialKind.pin) {
    const high = attempts >> 4;
    demand(flags === PIN_FLAGS && specific > 0, statusWord.badData);
    demand(high === (attempts & 0xf) && high > 0, statusWord.badData);
    return { ...common, type: 'pin', property, minLength: specific, maxAttempts: high };
  }
  const keyKind = keyKinds[kind];
  demand(keyKind !== undefined, statusWord.badData);
  return { ...common, type: 'key', property, kind: keyKind };
}

function readFields(body: Uint8Array, order: UnverifiedBehaviour['fcpTagOrder']): Map<number, Uint8Array> {
  const fields = new Map<number, Uint8Array>();
  let lastPlace = -1;
  for (let at = 0; at < body.length;) {
    const name = body[at] ?? 0;
    const length = body[at + 1] ?? 0;
    const place = tagsInOrder.indexOf(name);
    const end = at + 2 + length;
    demand(at + 2 <= body.length && end <= body.length, statusWord.badData);
    demand(place >= 0 && !fields.has(name), statusWord.badData);
    if (order === 'fixed') demand(place > lastPlace, statusWord.badData);
    fields.set(name, body.slice(at + 2, end));
    lastPlace = place;
    at = end;
  }
  return fields;
}

/** The file control information that SELECT answers with: the same template as CREATE's (facts §3.1). */
export function encodeFileControl(
  file: CardFile,
  nibbles: UnverifiedBehaviour['attemptsNibbles'],
): Uint8Array {
  const kind =
    file.type === 'folder' ? descriptor.folder : file.type === 'data' ? descriptor.data : descriptor.special;
  const size = file.type === 'folder' ? file.declaredSize : contentSize(file);
  const property =
    file.type === 'pin' ? pinProperty(file, nibbles) : file.type === 'key' ? file.property : undefined;
  const body = concatBytes(
    field(tag.size, bytes16(size)),
    field(tag.descriptor, Uint8Array.of(kind, 0)),
    field(tag.id, bytes16(file.id)),
    property === undefined ? new Uint8Array() : field(tag.property, property),
    field(tag.access, file.access),
  );
  return field(tag.template, body);
}

function pinProperty(file: PinFile, nibbles: UnverifiedBehaviour['attemptsNibbles']): Uint8Array {
  const property = file.property.slice();
  const { maxAttempts, attemptsLeft } = file;
  property[3] =
    nibbles === 'both-maximum'
      ? (maxAttempts << 4) | maxAttempts
      : nibbles === 'high-maximum-low-left'
        ? (maxAttempts << 4) | attemptsLeft
        : (attemptsLeft << 4) | maxAttempts;
  return property;
}

const field = (name: number, value: Uint8Array): Uint8Array =>
  concatBytes(Uint8Array.of(name, value.length), value);
export const number16 = (bytes: Uint8Array): number => ((bytes[0] ?? 0) << 8) | (bytes[1] ?? 0);
const bytes16 = (value: number): Uint8Array => Uint8Array.of(value >> 8, value & 0xff);
