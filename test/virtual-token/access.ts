import { demand, statusWord } from './status-word.ts';

/**
 * Access rules of a file: the 15 bytes of FCP tag 86 (facts §3.2).
 *
 * Byte 0 is a bitmap of the modes that have a condition, byte 1+i the condition of mode i.
 */
export type AccessRules = Uint8Array;

export const ACCESS_RULE_BYTES = 15;

/** Mode bits by file type (facts §3.2). A mode whose bit is off is never granted. */
export const accessMode = {
  folder: { createFile: 0, createSpecialFile: 1, putData: 2, delete: 6 },
  data: { read: 0, update: 1, delete: 6 },
  pin: { unblock: 0, change: 1, delete: 6 },
  key: { write: 1, use: 2, delete: 6 },
} as const;

export type AccessMode = 0 | 1 | 2 | 6;
const KNOWN_MODES = 0b0100_0111;

/** Conditions (facts §3.2); SO and user are bits of a mask, so `either` is both bits. */
export const condition = {
  always: 0x00,
  administrator: 0x01,
  user: 0x02,
  either: 0x03,
  never: 0xff,
} as const;
const knownConditions: ReadonlySet<number> = new Set(Object.values(condition));

/** PIN references (facts §2 no. 11). They are also the login bits that conditions name. */
export const pinReference = { administrator: 1, user: 2 } as const;

/** Who is logged in, as a mask of {@link pinReference}. */
export type Logins = number;

/** True when `rules` let the holder of `logins` do what `mode` stands for. */
export function isGranted(rules: AccessRules, mode: AccessMode, logins: Logins): boolean {
  const bitmap = rules[0] ?? 0;
  if ((bitmap & (1 << mode)) === 0) return false;
  const wanted = rules[1 + mode] ?? condition.never;
  if (wanted === condition.never) return false;
  return wanted === condition.always || (wanted & logins) !== 0;
}

/** @throws CardRefusal 6A80 when the bytes are not access rules the token knows */
export function checkRules(rules: Uint8Array): asserts rules is AccessRules {
  demand(rules.length === ACCESS_RULE_BYTES, statusWord.badData);
  const bitmap = rules[0] ?? 0;
  demand((bitmap & ~KNOWN_MODES) === 0, statusWord.badData);
  rules.subarray(1).forEach((wanted, mode) => {
    // "Rest 00" (facts §3.1): what has no mode has no condition.
    const known = (bitmap & (1 << mode)) === 0 ? wanted === 0 : knownConditions.has(wanted);
    demand(known, statusWord.badData);
  });
}

/** Builds the 15 bytes from conditions by mode. */
export function accessRules(conditions: Partial<Record<AccessMode, number>>): AccessRules {
  const rules = new Uint8Array(ACCESS_RULE_BYTES);
  for (const [mode, value] of Object.entries(conditions)) {
    rules[0] = (rules[0] ?? 0) | (1 << Number(mode));
    rules[1 + Number(mode)] = value;
  }
  return rules;
}
