import { z } from 'zod';

/**
 * What Kilt and the process that a vendor's library runs in say to each other: one request, one answer, in turn. It knows
 * the few things that Kilt does with a token, and no way to call the library at will.
 */

const bytes = z.custom<Uint8Array>((value) => value instanceof Uint8Array);
const objectId = z.string().regex(/^(?:[0-9a-f]{2}){1,255}$/);
const slot = z.string().regex(/^(?:[0-9a-f]{2}){1,16}$/);
const label = z.string().max(255);
const keyUsage = z.enum(['sign', 'signRecover', 'decrypt', 'nonRepudiation']);

/** How bytes are signed: RSA with the padding of RFC 8017 §8.2, or GOST R 34.10 over a finished hash. */
const signing = z.enum(['rsa-sha256', 'gost']);

export const libraryRequest = z.discriminatedUnion('do', [
  z.object({ do: z.literal('load'), library: z.string() }),
  z.object({ do: z.literal('tokens') }),
  z.object({ do: z.literal('open'), slot, toWrite: z.boolean() }),
  z.object({ do: z.literal('login'), pin: bytes }),
  z.object({ do: z.literal('logout') }),
  z.object({ do: z.literal('objects') }),
  z.object({ do: z.literal('sign'), keyId: objectId, how: signing, data: bytes }),
  z.object({
    do: z.literal('generate'),
    keyId: objectId,
    label,
    bits: z.literal([2048, 4096]),
    usage: z.array(keyUsage),
  }),
  z.object({ do: z.literal('store-certificate'), keyId: objectId, label, der: bytes }),
  z.object({ do: z.literal('remove-certificate'), der: bytes }),
  z.object({ do: z.literal('remove-key'), keyId: objectId }),
  z.object({ do: z.literal('finish') }),
]);
export type LibraryRequest = z.infer<typeof libraryRequest>;
export type LibraryStep = LibraryRequest['do'];

/** A token as the library sees it. */
const libraryToken = z.object({
  slot,
  /** As the library writes it: mostly hexadecimal, without trailing blanks. */
  serial: z.string(),
  label: z.string(),
  /** CK_TOKEN_INFO flags (PKCS#11 v2.40 §3.2). */
  flags: z.int(),
  minPinLength: z.int(),
});
export type LibraryToken = z.infer<typeof libraryToken>;

const libraryKey = z.object({
  id: z.string(),
  label: z.string(),
  algorithm: z.enum(['rsa', 'gost', 'other']),
  bits: z.int(),
  usage: z.array(keyUsage),
  /** SubjectPublicKeyInfo of an RSA key whose public half can be read. */
  publicKeyInfo: bytes.nullable(),
  /** False: only the public half can be seen, as before a login. */
  privateSeen: z.boolean(),
});
export type LibraryKey = z.infer<typeof libraryKey>;

const libraryCertificate = z.object({ id: z.string(), label: z.string(), der: bytes });

/** What a request that went well is answered with. */
export const libraryAnswers = {
  load: z.undefined(),
  tokens: z.array(libraryToken),
  open: z.undefined(),
  login: z.undefined(),
  logout: z.undefined(),
  objects: z.object({ keys: z.array(libraryKey), certificates: z.array(libraryCertificate) }),
  sign: bytes,
  generate: bytes,
  'store-certificate': z.undefined(),
  'remove-certificate': z.undefined(),
  'remove-key': z.undefined(),
  finish: z.undefined(),
} as const satisfies Record<LibraryStep, z.ZodType>;
export type LibraryAnswer<Step extends LibraryStep> = z.infer<(typeof libraryAnswers)[Step]>;

/**
 * Why a request failed: `library` with the value a call returned (CKR_…) · `no-support`, the native module of Kilt is
 * missing · `not-loaded`, the file is no PKCS#11 library of this kind of computer · `no-key` · `defect`.
 */
export const libraryFailure = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('library'), returnValue: z.int() }),
  z.object({ kind: z.enum(['no-support', 'not-loaded', 'no-key', 'defect']) }),
]);
export type LibraryFailure = z.infer<typeof libraryFailure>;

export const libraryReply = z.union([
  z.object({ ok: z.literal(true), value: z.unknown() }),
  z.object({ ok: z.literal(false), failure: libraryFailure }),
]);
export type LibraryReply = z.infer<typeof libraryReply>;
