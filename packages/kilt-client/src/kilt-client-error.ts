import type { FailureReason } from './protocol.ts';

/** Every promise of this library that fails, fails with this. */
export class KiltClientError extends Error {
  override readonly name = 'KiltClientError';
  readonly reason: FailureReason;
  /** Kilt's code of seven digits, where Kilt itself has failed. */
  readonly code: string | undefined;

  constructor(reason: FailureReason, code?: string) {
    super(code === undefined ? `Kilt: ${reason}` : `Kilt: ${reason} (${code})`);
    this.reason = reason;
    this.code = code;
  }
}
