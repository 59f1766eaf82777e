import { KiltError } from '#shared/errors.ts';

/** Why a key container does not open, as far as that can be known; texts under `errors.causes`. */
export type ContainerCause =
  | 'not-a-key-container'
  /** The MAC does not fit: the password is wrong, or the file changed, which is the rarer case. */
  | 'password'
  | 'damaged'
  | 'no-key'
  | 'no-certificate'
  /** The key belongs to none of the certificates. */
  | 'key-mismatch';

export const wrongContainer = (likelyCause: ContainerCause, cause?: unknown): KiltError =>
  new KiltError('key-container-wrong', { likelyCause }, { cause });

/** @param what names the algorithm or form, for support */
export const unsupportedContainer = (what: string): KiltError =>
  new KiltError('key-container-unsupported', { reason: what });
