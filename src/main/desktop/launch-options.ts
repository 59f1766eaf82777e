import { isAbsolute } from 'node:path';
import { z } from 'zod';

/**
 * What a developer or a test may set from outside. A packaged program takes none of it: there the environment is no
 * way to point Kilt at another token, bank or page.
 */
export interface LaunchOptions {
  readonly packaged: boolean;
  readonly transport: 'pcsc' | 'virtual-reader';
  /** TCP port on 127.0.0.1 at which the virtual reader waits for a virtual token. */
  readonly virtualReaderPort: number;
  /** How many virtual tokens there can be at once, each on a port of its own from that one on. */
  readonly virtualReaderSlots: number;
  /** What the virtual reader is called; with a name it comes and goes with its token, as the one in a USB token. */
  readonly virtualReaderName: string | undefined;
  /** Folder instead of the user's own. */
  readonly userData: string | undefined;
  /** Bank system (`bank.json`) to use beside the built-in ones. */
  readonly bankFile: string | undefined;
  /** Home folder whose browsers are told where this build is; without it, none. */
  readonly browserHome: string | undefined;
  /** Development server of the page (electron-vite). */
  readonly rendererUrl: string | undefined;
}

/** The one switch that Kilt knows itself: it was started with the user's session and shows no window. */
export const backgroundSwitch = 'background';

/** Port of vpcd, which virtual tokens connect to unless told otherwise. */
const vpcdPort = 35_963;

const absolutePath = z.string().refine(isAbsolute, 'must be an absolute path');
const loopbackUrl = z.url({ protocol: /^http$/, hostname: /^(?:localhost|127\.0\.0\.1)$/ });
const portNumber = z
  .string()
  .regex(/^[1-9]\d{0,4}$/, 'must be a port number')
  .transform(Number)
  .refine((port) => port <= 65_535, 'must be a port number');

const environment = z.object({
  KILT_TRANSPORT: z.enum(['pcsc', 'virtual-reader']).default('pcsc'),
  KILT_VIRTUAL_READER_PORT: portNumber.default(vpcdPort),
  KILT_VIRTUAL_READER_SLOTS: z
    .string()
    .regex(/^[1-4]$/, 'must be 1 to 4')
    .transform(Number)
    .default(1),
  KILT_VIRTUAL_READER_NAME: z.string().max(100).optional(),
  KILT_USER_DATA: absolutePath.optional(),
  KILT_BANK_FILE: absolutePath.optional(),
  KILT_BROWSER_HOME: absolutePath.optional(),
  ELECTRON_RENDERER_URL: loopbackUrl.optional(),
});

/**
 * Reads the launch options.
 *
 * @throws Error in an unpackaged build, naming the variable that makes no sense. An empty variable counts as unset.
 */
export function readLaunchOptions(options: {
  readonly packaged: boolean;
  readonly environment: Readonly<Record<string, string | undefined>>;
}): LaunchOptions {
  const given = options.packaged
    ? {}
    : Object.fromEntries(Object.entries(options.environment).filter(([, value]) => value !== ''));
  const parsed = environment.safeParse(given);
  if (!parsed.success) throw new Error(`the environment is not usable\n${z.prettifyError(parsed.error)}`);
  return {
    packaged: options.packaged,
    transport: parsed.data.KILT_TRANSPORT,
    virtualReaderPort: parsed.data.KILT_VIRTUAL_READER_PORT,
    virtualReaderSlots: parsed.data.KILT_VIRTUAL_READER_SLOTS,
    virtualReaderName: parsed.data.KILT_VIRTUAL_READER_NAME,
    userData: parsed.data.KILT_USER_DATA,
    bankFile: parsed.data.KILT_BANK_FILE,
    browserHome: parsed.data.KILT_BROWSER_HOME,
    rendererUrl: parsed.data.ELECTRON_RENDERER_URL,
  };
}

/** Chromium's switches that open a page to other programs or take its walls down. */
export const dangerousSwitches = [
  'remote-debugging-port',
  'remote-debugging-pipe',
  'remote-debugging-address',
  'no-sandbox',
  'disable-web-security',
  'disable-site-isolation-trials',
  'load-extension',
  'js-flags',
  'log-net-log',
] as const;

/**
 * The switch for which a packaged program refuses to start, if there is one.
 *
 * Node's own switches (`--inspect`) are switched off by a fuse; Chromium's can only be looked for.
 */
export function dangerousSwitch(options: {
  readonly packaged: boolean;
  readonly hasSwitch: (name: string) => boolean;
}): string | undefined {
  return options.packaged ? dangerousSwitches.find((name) => options.hasSwitch(name)) : undefined;
}
