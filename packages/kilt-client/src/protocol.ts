/**
 * What a page and Kilt's browser extension say to each other, over a `MessagePort` of the page's own. Version 1.
 *
 * The page opens the conversation with one `window.postMessage` that carries the port ({@link PageHello}); everything
 * after it goes over the port, where no other script of the page listens. Bytes are base64. What a page says about itself
 * (an `origin` member, say) is refused: the browser knows better.
 */
export const protocolVersion = 1;

/** The only message that goes over the window. */
export interface PageHello {
  readonly kiltClient: 'hello';
  /** Highest version that the page speaks. */
  readonly version: number;
}

/** The extension's first message over the port. */
export interface ExtensionHello {
  readonly kind: 'hello';
  readonly version: number;
}

export const methods = ['status', 'connect', 'sign-in', 'sign', 'certificate'] as const;
export type Method = (typeof methods)[number];

export interface RequestMessage {
  readonly kind: 'request';
  /** The page's own, unique among its requests. */
  readonly id: string;
  readonly method: Method;
  readonly params: unknown;
}

export interface CancelMessage {
  readonly kind: 'cancel';
  readonly id: string;
}

export type FromPage = RequestMessage | CancelMessage;

export interface AnswerMessage {
  readonly kind: 'answer';
  readonly id: string;
  readonly result: unknown;
}

export interface FailureMessage {
  readonly kind: 'failure';
  readonly id: string;
  readonly reason: FailureReason;
  /** Kilt's own code, seven digits, as its user sees it: for the bank's support. */
  readonly code?: string | undefined;
}

export type FromExtension = ExtensionHello | AnswerMessage | FailureMessage;

/**
 * Why a request came to nothing.
 *
 * On the way to Kilt:
 * - `no-extension`: nothing in this browser answers; also where the extension may not run on this site
 * - `no-host`: the extension is there, but this browser does not know where Kilt is (not installed, switched off, moved)
 * - `kilt-off`: Kilt does not run and could not be started
 * - `browser-refuses`: the page may not ask at all: not https, or inside a frame
 * - `version`: page and extension, or extension and Kilt, are too far apart; one of them must be updated
 * - `aborted`: the page's own `AbortSignal`
 *
 * From Kilt:
 * - `not-approved`: the user does not let this site ask
 * - `user-refused`, `timed-out`: the user said no, or nothing
 * - `busy`: the user is being asked about another request
 * - `rate-limited`: too many requests; wait a minute
 * - `malformed`, `unsupported`: the page's mistake
 * - `too-large`: the documents, or the signatures with their documents inside, do not fit
 * - `token-missing`: no token with a key for this
 * - `failed`: Kilt could not do it; `code` says why
 */
export const failureReasons = [
  'no-extension',
  'no-host',
  'kilt-off',
  'browser-refuses',
  'version',
  'aborted',
  'not-approved',
  'user-refused',
  'timed-out',
  'busy',
  'rate-limited',
  'malformed',
  'unsupported',
  'too-large',
  'token-missing',
  'failed',
] as const;
export type FailureReason = (typeof failureReasons)[number];
