import {
  context,
  der,
  integer,
  namedBits,
  octetString,
  sequence,
  tags,
  utf8String,
} from '#test/bank/asn1/der.ts';

/**
 * Entries of PrKDF, PuKDF and CDF as OpenSC 0.23 writes them (T6, T8, T15a; PKCS#15 v1.1 §6.3, §6.4, §6.6).
 */

/** Bits of KeyUsageFlags (PKCS#15 v1.1 §6.3). */
const usageBit = {
  encrypt: 0,
  decrypt: 1,
  sign: 2,
  signRecover: 3,
  verify: 6,
  verifyRecover: 7,
  nonRepudiation: 9,
} as const;
export type PrivateUsage = 'sign' | 'signRecover' | 'decrypt' | 'nonRepudiation';
const publicUsage = {
  sign: 'verify',
  signRecover: 'verifyRecover',
  decrypt: 'encrypt',
  nonRepudiation: 'nonRepudiation',
} as const satisfies Record<PrivateUsage, keyof typeof usageBit>;

/** CommonObjectFlags: bit 0 private, bit 1 modifiable. */
const objectFlags = { private: namedBits(0, 1), public: namedBits(1) } as const;
/** KeyAccessFlags sensitive, alwaysSensitive, neverExtractable, local: made on the card. */
const madeOnCard = namedBits(0, 2, 3, 4);
const USER_PIN_ID = Uint8Array.of(0x02);
/** OpenSC says of a public key that it is not native, because the card can not use it. */
const NOT_NATIVE = der(tags.boolean, Uint8Array.of(0));

export interface KeyEntry {
  readonly id: Uint8Array;
  readonly label: string;
  readonly usage: readonly PrivateUsage[];
  /** The key's number on the card. */
  readonly reference: number;
  /** Modulus bits, or the number of the GOST parameter set: 1, 2, 3 for A, B, C. */
  readonly key: { readonly rsaBits: number } | { readonly gostSet: number };
  /** Identifier of the file in 5000 with the public key. */
  readonly publicKeyFile: number;
}

const bytes16 = (value: number): number[] => [value >> 8, value & 0xff];
const path = (...ids: readonly number[]): Uint8Array =>
  sequence(octetString(Uint8Array.from([0x3f00, ...ids].flatMap(bytes16))));
const commonAttributes = (label: string, isPrivate: boolean): Uint8Array =>
  sequence(
    utf8String(label),
    isPrivate ? objectFlags.private : objectFlags.public,
    ...(isPrivate ? [octetString(USER_PIN_ID)] : []),
  );

/** Tag of the entry and what follows the path: the modulus' bits, or set, cipher and hash parameters. */
function keyForm(key: KeyEntry['key']): { tag: number; details: Uint8Array[] } {
  return 'rsaBits' in key
    ? { tag: tags.sequence, details: [integer(key.rsaBits)] }
    : { tag: 0xa4, details: [integer(key.gostSet), integer(0), integer(0)] };
}

/** An entry of PrKDF. */
export function privateKeyEntry(entry: KeyEntry): Uint8Array {
  const { tag, details } = keyForm(entry.key);
  const isRsa = 'rsaBits' in entry.key;
  return der(
    tag,
    commonAttributes(entry.label, true),
    sequence(
      octetString(entry.id),
      namedBits(...entry.usage.map((name) => usageBit[name]).sort((a, b) => a - b)),
      ...(isRsa ? [madeOnCard] : []),
      integer(entry.reference),
    ),
    context(1, sequence(path(0x1000, 0x1000, 0x6002, entry.reference), ...details)),
  );
}

/** An entry of PuKDF. */
export function publicKeyEntry(entry: KeyEntry): Uint8Array {
  const { tag, details } = keyForm(entry.key);
  return der(
    tag,
    commonAttributes(entry.label, false),
    sequence(
      octetString(entry.id),
      namedBits(...entry.usage.map((name) => usageBit[publicUsage[name]]).sort((a, b) => a - b)),
      NOT_NATIVE,
      integer(0),
    ),
    context(1, sequence(path(0x5000, entry.publicKeyFile), ...details)),
  );
}

/** An entry of CDF. */
export const certificateEntry = (id: Uint8Array, label: string, file: number): Uint8Array =>
  sequence(
    commonAttributes(label, false),
    sequence(octetString(id)),
    context(1, sequence(path(0x5000, file))),
  );

/** ODF's line for a directory file; `number` is the choice of PKCS#15Objects (v1.1 §6.2). */
export const directoryReference = (number: number, file: number): Uint8Array =>
  context(number, path(0x5000, file));
