import { z } from 'zod';

/**
 * A call as pages written for NCALayer make it: one text frame, one JSON object. Methods of `commonUtils` have their
 * arguments in order, those of `basics` by name.
 */
const callShape = z.object({
  /** Absent: the applet's own interface, which has been switched off. */
  module: z.string().max(200).default('kz.gov.pki.knca.applet.Applet'),
  method: z.string().max(200).default(''),
  args: z.unknown().optional(),
  /** Put into the answer as it is. */
  uuid: z.union([z.string().max(200), z.number()]).optional(),
});
export type NcalayerCall = z.output<typeof callShape>;

/** @returns `undefined` for what is no such object */
export function readCall(frame: string): NcalayerCall | undefined {
  try {
    const read = callShape.safeParse(JSON.parse(frame));
    return read.success ? read.data : undefined;
  } catch {
    return undefined;
  }
}

/** What cannot even be answered in the shape of a method. */
export const jsonFailure = { success: false, code: 'COMMON_JSON_WRAPPING_EXCEPTION' } as const;
export const moduleNotFound = { success: false, errorCode: 'MODULE_NOT_FOUND' } as const;

/** The server speaks first. Pages compare the version with the one they know; it is not Kilt's. */
export const greeting = JSON.stringify({ result: { version: '1.4' } });
export const heartbeat = '--heartbeat--';

/** A token of this kind is the only storage that Kilt has. */
export const ownStorage = 'AKKaztokenStore';

/**
 * Base64 as Java's MIME decoder takes it: line breaks are nothing.
 *
 * @returns `undefined` for anything else
 */
export function readBase64(text: string): Uint8Array | undefined {
  const bare = text.replaceAll(/\s/g, '');
  if (bare.length % 4 !== 0 || !/^[A-Za-z0-9+/]*={0,2}$/.test(bare)) return undefined;
  return new Uint8Array(Buffer.from(bare, 'base64'));
}

export const writeBase64 = (bytes: Uint8Array): string => Buffer.from(bytes).toString('base64');
