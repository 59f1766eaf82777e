/** Why a thing can not be read as a signature. */
export type CmsFailure =
  /** Not CMS at all, or damaged. */
  | 'not-cms'
  /** CMS of another kind: encrypted, compressed. */
  | 'not-signed'
  /** It ends before it is complete. */
  | 'cut-off'
  /** Deeper, larger or with more parts than any signature is: made to do harm, or not for this program. */
  | 'too-much';

/** The bytes are no signature that this program reads. Never quotes content. */
export class CmsError extends Error {
  readonly failure: CmsFailure;

  constructor(failure: CmsFailure, options?: { cause?: unknown }) {
    super(`not a signature: ${failure}`, options);
    this.name = 'CmsError';
    this.failure = failure;
  }
}
