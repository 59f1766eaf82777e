import { fromHex, toHex } from '#shared/bytes.ts';
import type { FilePath } from '../file-control.ts';
import type { KeyUsage, ObjectId } from '../token-session.ts';
import {
  decodeObjectAttributes,
  decodePath,
  encodeObjectAttributes,
  encodePath,
  entryParts,
  typeAttributesTag,
  type EntryCodec,
  type ObjectAttributes,
} from './attributes.ts';
import {
  contextTag,
  derTag,
  DerError,
  encodeElement,
  encodeInteger,
  encodeNamedBits,
  encodeSequence,
  readInteger,
  readNamedBits,
  readOctets,
  readSequence,
  type DerElement,
} from './der.ts';

/** KeyUsageFlags, PKCS#15 v1.1 §6.1.9. */
export const usageBit = {
  encrypt: 0,
  decrypt: 1,
  sign: 2,
  signRecover: 3,
  verify: 6,
  verifyRecover: 7,
  nonRepudiation: 9,
} as const;

const publicHalf = {
  sign: usageBit.verify,
  signRecover: usageBit.verifyRecover,
  decrypt: usageBit.encrypt,
  nonRepudiation: usageBit.nonRepudiation,
} as const satisfies Record<KeyUsage, number>;

const privateUsages = ['sign', 'signRecover', 'decrypt', 'nonRepudiation'] as const satisfies KeyUsage[];

/** One entry of PrKDF or PuKDF. */
export interface KeyEntry extends ObjectAttributes {
  readonly id: ObjectId;
  readonly algorithm: 'rsa' | 'gost';
  /** Bit numbers of KeyUsageFlags, ascending. */
  readonly usage: readonly number[];
  /** The key's number on the card; `null` when the entry does not say. */
  readonly keyReference: number | null;
  readonly path: FilePath;
  readonly bits: number;
  /** Only when written: the key came from elsewhere. What was read does not tell. */
  readonly isImported?: boolean;
}

export const usageOf = ({ usage }: KeyEntry): KeyUsage[] =>
  privateUsages.filter((name) => usage.includes(usageBit[name]));

export const privateUsageBits = (usage: readonly KeyUsage[]): number[] =>
  usage.map((name) => usageBit[name]).sort((a, b) => a - b);

export const publicUsageBits = (usage: readonly KeyUsage[]): number[] =>
  usage.map((name) => publicHalf[name]).sort((a, b) => a - b);

/** Entry tags: RSA keys stand in a plain SEQUENCE, OpenSC's GOST keys in `[4]` (traces T6, T15a). */
const gostKeyTag = contextTag(4);
const gostKeyBits = 256;

/** KeyAccessFlags sensitive, alwaysSensitive, neverExtractable, local: made on the card (trace T6). */
const madeOnCard = [0, 2, 3, 4];
/** KeyAccessFlags sensitive: it cannot be read here, but was known elsewhere. */
const madeElsewhere = [0];

function decodeKey(element: DerElement): KeyEntry {
  if (element.tag !== derTag.sequence && element.tag !== gostKeyTag)
    throw new DerError('another kind of key');
  const { common, ofClass, ofType } = entryParts(element);
  const [id, usage, ...options] = readSequence(ofClass);
  const reference = options.find((option) => option.tag === derTag.integer);
  const [path, modulusLength] = readSequence(ofType[0]);
  const isRsa = element.tag === derTag.sequence;
  return {
    ...decodeObjectAttributes(common),
    id: toHex(readOctets(id)),
    usage: readNamedBits(usage),
    keyReference: reference === undefined ? null : readInteger(reference),
    algorithm: isRsa ? 'rsa' : 'gost',
    path: decodePath(path),
    bits: isRsa ? readInteger(modulusLength) : gostKeyBits,
  };
}

const encodeRsaKey = (key: KeyEntry, classOptions: readonly Uint8Array[]): Uint8Array =>
  encodeSequence(
    encodeObjectAttributes(key),
    encodeSequence(
      encodeElement(derTag.octetString, fromHex(key.id)),
      encodeNamedBits(key.usage),
      ...classOptions,
      ...(key.keyReference === null ? [] : [encodeInteger(key.keyReference)]),
    ),
    encodeElement(typeAttributesTag, encodeSequence(encodePath(key.path), encodeInteger(key.bits))),
  );

/** PrKDF. Only RSA keys are written. */
export const privateKeyCodec: EntryCodec<KeyEntry> = {
  decode: decodeKey,
  encode: (key) => encodeRsaKey(key, [encodeNamedBits(key.isImported === true ? madeElsewhere : madeOnCard)]),
};

/** PuKDF. OpenSC says of a public key that it is not native, because the card can not use it (trace T6). */
const notNative = encodeElement(derTag.boolean, Uint8Array.of(0));
export const publicKeyCodec: EntryCodec<KeyEntry> = {
  decode: decodeKey,
  encode: (key) => encodeRsaKey(key, [notNative]),
};
