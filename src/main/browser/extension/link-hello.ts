import { z } from 'zod';
import { chromiumExtensionId, firefoxExtensionId } from '#shared/extension-constants.ts';

/** The first frame over the link: who the host is, and for which extension it was started. */
export const linkHello = z.strictObject({
  kind: z.literal('hello'),
  secret: z.string().max(64),
  caller: z.string().max(100),
});

/** Kilt's answer to it, once. */
export const linkReady = z.strictObject({ kind: z.literal('ready') });

/** A hello is small, whoever says it. */
export const largestHello = 1024;

/** Extensions for which the host works, as browsers name them. Browsers check it too, from the host's manifest. */
export const allowedCallers: readonly string[] = [
  `chrome-extension://${chromiumExtensionId}/`,
  firefoxExtensionId,
];

/**
 * The extension that a browser has started the host for: Chromium's first argument, Firefox's second (after the path of the
 * manifest). Other arguments, as `--parent-window` on Windows, are of no interest.
 */
export const callerIn = (commandLine: readonly string[]): string | undefined =>
  commandLine.find((argument) => allowedCallers.includes(argument));
