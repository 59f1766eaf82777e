import { toHex, fromHex } from '#shared/bytes.ts';
import {
  decodeObjectAttributes,
  encodeObjectAttributes,
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
} from './der.ts';

/** One PIN of AODF (trace T2, facts §3.6 and §8). */
export interface PinEntry extends ObjectAttributes {
  /** What objects name as the PIN that protects them, lower-case hexadecimal. */
  readonly pinId: string;
  /** Bit numbers of PinFlags, ascending. */
  readonly flags: readonly number[];
  readonly reference: number;
  readonly minLength: number;
  readonly maxLength: number;
}

const pinFlag = { caseSensitive: 0, unblockDisabled: 3, initialized: 4, administrator: 7 } as const;
const asciiNumeric = encodeElement(derTag.enumerated, Uint8Array.of(1));
const referenceTag = contextTag(0, false);
const padding = encodeElement(derTag.octetString, Uint8Array.of(0));
const longestPin = 32;

/** Identifiers by which OpenSC's profile ties objects to PINs. */
export const pinIds = { administrator: '01', user: '02' } as const;

/** The two entries that let OpenSC find the PINs. */
export const standardPinEntries = (minLengths: { administrator: number; user: number }): PinEntry[] => [
  {
    label: 'Security Officer PIN',
    isPrivate: true,
    authId: '',
    pinId: pinIds.administrator,
    flags: [pinFlag.caseSensitive, pinFlag.unblockDisabled, pinFlag.initialized, pinFlag.administrator],
    reference: 1,
    minLength: minLengths.administrator,
    maxLength: longestPin,
  },
  {
    label: 'User PIN',
    isPrivate: true,
    authId: '',
    pinId: pinIds.user,
    flags: [pinFlag.caseSensitive, pinFlag.unblockDisabled, pinFlag.initialized],
    reference: 2,
    minLength: minLengths.user,
    maxLength: longestPin,
  },
];

export const pinCodec: EntryCodec<PinEntry> = {
  decode(element) {
    if (element.tag !== derTag.sequence) throw new DerError('not a PIN');
    const { common, ofClass, ofType } = entryParts(element);
    const [flags, , minLength, storedLength, ...options] = readSequence(ofType[0]);
    const maxLength = options.find((option) => option.tag === derTag.integer) ?? storedLength;
    const reference = options.find((option) => option.tag === referenceTag);
    return {
      ...decodeObjectAttributes(common),
      pinId: toHex(readOctets(readSequence(ofClass)[0])),
      flags: readNamedBits(flags),
      reference: reference?.content.at(-1) ?? 0,
      minLength: readInteger(minLength),
      maxLength: readInteger(maxLength),
    };
  },
  encode: (entry) =>
    encodeSequence(
      encodeObjectAttributes(entry),
      encodeSequence(encodeElement(derTag.octetString, fromHex(entry.pinId))),
      encodeElement(
        typeAttributesTag,
        encodeSequence(
          encodeNamedBits(entry.flags),
          asciiNumeric,
          encodeInteger(entry.minLength),
          encodeInteger(entry.maxLength),
          encodeInteger(entry.maxLength),
          encodeElement(referenceTag, Uint8Array.of(entry.reference)),
          padding,
        ),
      ),
    ),
};
