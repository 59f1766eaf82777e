import { z } from 'zod';

/**
 * What no public source says about the real chip (facts §7, §8 and the [U] tags). Each point is one setting, so that a
 * tester can turn it and see that Kilt does not depend on it, and so that the first real token corrects one line.
 */
export const unverifiedBehaviour = z.strictObject({
  /** The current file after CREATE FILE (§8). `keeps-folder`: nothing changes; `new-file`: the new file is selected. */
  createSelects: z.enum(['keeps-folder', 'new-file']).default('keeps-folder'),
  /** Whether `80 8A` wants the administrator (§7.4). OpenSC sends it without; Aktiv's format API checks the PIN. */
  eraseNeeds: z.enum(['nobody', 'administrator', 'administrator-unless-blocked']).default('nobody'),
  /** FCP property byte 3 in SELECT answers (§7.5): which nibble, if any, holds the tries left. */
  attemptsNibbles: z
    .enum(['both-maximum', 'high-maximum-low-left', 'high-left-low-maximum'])
    .default('both-maximum'),
  /** Whether SELECT of a PIN file works (§2 "Key insight"). */
  pinFileSelectable: z.boolean().default(true),
  /** Case-1 VERIFY of a PIN that is logged in (§7.3, §8). */
  statusQueryWhileLoggedIn: z.enum(['9000', '6F86', '63Cx']).default('9000'),
  /** VERIFY with a wrong PIN: `6300` and a question for the counter (T10a), or `63Cx` at once (§2). */
  wrongPinAnswer: z.enum(['6300', '63Cx']).default('6300'),
  /** GET DATA 0181 (§2 no. 16, §5.3): eight bytes with leading zeros, four bytes, or four bytes reversed (Rutoken S). */
  serialForm: z.enum(['eight-bytes', 'four-bytes', 'four-bytes-reversed']).default('eight-bytes'),
  /** GET DATA 0189 (§2 no. 17): documented for Rutoken S only. */
  infoAnswered: z.boolean().default(true),
  /** READ BINARY past the end (§8): `6Cxx` or the bytes that are there with `6282`. */
  readPastEnd: z.enum(['6Cxx', '6282']).default('6Cxx'),
  /** DELETE of a folder that holds files (§8). */
  deleteOfFullFolder: z.enum(['refused', 'deletes-all']).default('refused'),
  /** FCP tags of CREATE (§8): only in OpenSC's order, or in any. */
  fcpTagOrder: z.enum(['fixed', 'any']).default('fixed'),
  /** Whether INS 24 on a PIN also refills its tries; without it only success and unblock do. */
  changeRefillsAttempts: z.boolean().default(false),
  /** INS 24 on a blocked PIN (§8). */
  changeOfBlockedPin: z.enum(['6983', 'allowed']).default('6983'),
  /** RSA-4096 GENERATE without the A6 block (§2 no. 21, §8): a real one makes a malformed key; here it is refused. */
  rsa4096NeedsExponentBlock: z.boolean().default(true),
  /** GENERATE and import over a key that has a value already. */
  keyOverwrite: z.enum(['allowed', 'refused']).default('allowed'),
  /** INS 24 of a key (§8): what is no key is refused with 6A80, or taken and refused when it is used. */
  importedKeys: z.enum(['checked', 'taken-as-they-are']).default('checked'),
  /** PSO with a GOST key: how the 32 bytes of hash on the wire are read (§2 no. 25; gost/wire-form.ts). */
  gostHashOrder: z.enum(['little-endian', 'big-endian']).default('little-endian'),
  /** PSO with a GOST key: how the two numbers of the signature stand on the wire (§2 no. 25; gost/wire-form.ts). */
  gostSignatureLayout: z
    .enum(['r-s-little-endian', 's-r-little-endian', 'r-s-big-endian', 's-r-big-endian'])
    .default('r-s-little-endian'),
  /** MSE SET: OpenSC always selects the key file first (§4); `true` refuses without it. */
  keyMustBeSelected: z.boolean().default(true),
  /** A command that has an answer but no Le (§5.1, T21): `61xx` and GET RESPONSE, or the answer at once. */
  answerWithoutLe: z.enum(['61xx', 'direct']).default('61xx'),
  /** Tries and shortest length that CREATE of a PIN takes (§6): what Aktiv's call allows, or anything. */
  pinLimits: z.enum(['vendor', 'any']).default('vendor'),
  /** Longest PIN (§6): 32 in the ECP 2.0 era, 249 on ECP 3.0. */
  longestPin: z.int().min(8).max(249).default(32),
  /** Bytes of memory that a file takes beside its content. */
  fileHeaderBytes: z.int().min(0).max(256).default(32),
});

export type UnverifiedBehaviour = Readonly<z.output<typeof unverifiedBehaviour>>;
