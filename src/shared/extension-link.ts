import { z } from 'zod';

/**
 * What the browser's extension and Kilt say to each other. The extension starts Kilt's native-messaging host, which
 * hands each frame over to the Kilt that runs: 4 bytes of length, little-endian, then UTF-8 JSON
 * (developer.chrome.com/docs/extensions/develop/concepts/native-messaging). Bytes are base64.
 */
/** Checked where it is decoded: a regular expression over megabytes is no check. */
const base64 = z.string();
const requestId = z.string().regex(/^[\w.-]{1,64}$/);

/** What a page may ask through the extension, as {@link linkRequest} carries it. */
export const pageCall = z.discriminatedUnion('method', [
  z.strictObject({ method: z.literal('status'), params: z.strictObject({}) }),
  z.strictObject({ method: z.literal('connect'), params: z.strictObject({}) }),
  z.strictObject({ method: z.literal('sign-in'), params: z.strictObject({ nonce: base64 }) }),
  z.strictObject({
    method: z.literal('sign'),
    params: z.strictObject({
      form: z.enum(['attached', 'detached']),
      documents: z.array(
        z.strictObject({ name: z.string(), mediaType: z.string().max(200), content: base64 }),
      ),
    }),
  }),
  z.strictObject({
    method: z.literal('certificate'),
    params: z.strictObject({ purpose: z.enum(['signature', 'sign-in', 'any']) }),
  }),
]);
export type PageCall = z.infer<typeof pageCall>;

/** `origin` is the browser's word (`sender.origin`), put in by the extension. */
export const linkRequest = z.strictObject({
  kind: z.literal('request'),
  version: z.number().int(),
  id: requestId,
  origin: z.string().max(300),
  call: z.unknown(),
});

export const linkCancel = z.strictObject({ kind: z.literal('cancel'), id: requestId });

export const toKilt = z.discriminatedUnion('kind', [linkRequest, linkCancel]);
export type ToKilt = z.infer<typeof toKilt>;

/** `reason`: one of kilt-client's (packages/kilt-client/src/protocol.ts). */
export const fromKilt = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('answer'), id: requestId, result: z.unknown() }),
  z.strictObject({
    kind: z.literal('failure'),
    id: requestId,
    reason: z.string(),
    code: z.string().optional(),
  }),
]);
export type FromKilt = z.infer<typeof fromKilt>;
