import {
  condition,
  encodeAccessRules,
  fileKind,
  type FileControl,
  type FileId,
  type FilePath,
} from './file-control.ts';
import { pinReference } from './kaztoken.ts';
import type { PinStatus } from './token-session.ts';

const folder = (id: FileId, access: Uint8Array): FileControl => ({
  kind: fileKind.directory,
  id,
  size: 0,
  access,
});

/** Sec `47 02 02 01 … FF` (facts §3.2). */
export const masterFileControl = folder(
  0x3f00,
  encodeAccessRules({
    first: condition.user,
    second: condition.user,
    third: condition.administrator,
    remove: condition.never,
  }),
);

/** Sec `43 02 02 … FF` (facts §3.2). */
export const systemFolderControl = (id: FileId): FileControl =>
  folder(id, encodeAccessRules({ first: condition.user, second: condition.user, remove: condition.never }));

/**
 * The maker's folders in the order in which OpenSC makes them (facts §3.4, trace T2): places for keys, certificates and
 * local PINs, and reserves. An identifier may occur twice; a path does not.
 */
export const systemFolders: readonly { readonly parent: FilePath; readonly id: FileId }[] = [
  { parent: [], id: 0x1000 },
  { parent: [0x1000], id: 0x1000 },
  { parent: [0x1000, 0x1000], id: 0x6001 },
  { parent: [0x1000, 0x1000], id: 0x6002 },
  { parent: [0x1000, 0x1000], id: 0x6003 },
  { parent: [0x1000, 0x1000], id: 0x6004 },
  { parent: [0x1000, 0x1000], id: 0x6005 },
  { parent: [0x1000], id: 0x1001 },
  { parent: [0x1000], id: 0x1002 },
  { parent: [0x1000], id: 0x1003 },
  { parent: [0x1000], id: 0x1004 },
  { parent: [0x1000, 0x1001], id: 0x8001 },
  { parent: [0x1000, 0x1001], id: 0x8002 },
];

export interface NewPin {
  /** Bytes of the PIN that will be its first value. */
  readonly length: number;
  readonly minLength: number;
  /** 1…15; the card keeps it twice in one byte. */
  readonly attempts: number;
}

/** Tag 85 of a PIN (facts §3.1): kind "global PIN", shortest length, a constant, tries, two unused. */
const pinKind = 0x01;
const pinConstant = 0x01;
const pinProperties = ({ minLength, attempts }: NewPin): Uint8Array =>
  Uint8Array.of(pinKind, minLength, pinConstant, (attempts << 4) | attempts, 0, 0);

/** Nobody can unblock the administrator's PIN (facts §6). */
export const administratorPinControl = (pin: NewPin): FileControl => ({
  kind: fileKind.special,
  id: pinReference.administrator,
  size: pin.length,
  properties: pinProperties(pin),
  access: encodeAccessRules({
    first: condition.never,
    second: condition.administrator,
    remove: condition.never,
  }),
});

const changeCondition = {
  administrator: condition.administrator,
  user: condition.user,
  both: condition.either,
} as const satisfies Record<NonNullable<PinStatus['changedBy']>, number>;

/** The condition for "change" is what the maker calls the policy of the user PIN (facts §3.2, "key insight"). */
export const userPinControl = (pin: NewPin, changedBy: keyof typeof changeCondition): FileControl => ({
  kind: fileKind.special,
  id: pinReference.user,
  size: pin.length,
  properties: pinProperties(pin),
  access: encodeAccessRules({
    first: condition.administrator,
    second: changeCondition[changedBy],
    remove: condition.never,
  }),
});
