import { z } from 'zod';

import { namedFaults, removeRequest } from './fault-schemas.ts';
import { type CardOrder, cardOrder } from './card-order.ts';

/** A card to make. Checked, and kept as it was given: what is left open depends on the profile (new-card.ts). */
const givenCard = z.unknown().transform((given, context) => {
  for (const { message, path } of cardOrder.safeParse(given).error?.issues ?? [])
    context.addIssue({ code: 'custom', message, path });
  return given as CardOrder;
});

/** What testers may ask of a running token: one JSON object a line, one JSON object a line in return. */
export const controlRequest = z.discriminatedUnion('do', [
  z.strictObject({ do: z.literal('insert') }),
  removeRequest,
  ...namedFaults,
  /** Pulls the token and puts in the one of another state file. */
  z.strictObject({ do: z.literal('swap'), state: z.string().min(1) }),
  /** Makes a token in a file that is not there yet, by itself beside the present one, and puts it in. */
  z.strictObject({ do: z.literal('new'), card: givenCard, state: z.string().min(1).optional() }),
  /** Key pairs take at least this long from now on. */
  z.strictObject({ do: z.literal('keygen'), seconds: z.number().min(0).max(3600) }),
  /** The reader itself vanishes from PC/SC, and comes back (reader-world.ts). */
  z.strictObject({ do: z.literal('reader'), is: z.enum(['gone', 'back']) }),
  /** Takes back the fault of this number, or all that wait. */
  z.strictObject({ do: z.literal('disarm'), id: z.int().min(1).optional() }),
  z.strictObject({ do: z.literal('status') }),
]);

export type ControlRequest = z.output<typeof controlRequest>;
export type ControlAnswer = { readonly ok: true } & Readonly<Record<string, unknown>>;
export type ControlRefusal = { readonly ok: false; readonly error: string };

/**
 * Answers what somebody sent as a control request.
 *
 * What can not be understood or done is answered `{"ok":false,"error":…}` and changes nothing.
 */
export async function answerControl(
  text: string,
  handle: (request: ControlRequest) => Promise<ControlAnswer>,
): Promise<ControlAnswer | ControlRefusal> {
  try {
    if (text.length > LONGEST_REQUEST) throw new Error('too long');
    return await handle(controlRequest.parse(JSON.parse(text)));
  } catch (error) {
    const reason =
      error instanceof z.ZodError
        ? z.prettifyError(error)
        : error instanceof Error
          ? error.message
          : String(error);
    return { ok: false, error: reason };
  }
}

export const LONGEST_REQUEST = 4096;
