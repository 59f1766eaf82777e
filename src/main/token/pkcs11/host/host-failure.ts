import type { LibraryFailure } from '../library-protocol.ts';

type FailureKind = Exclude<LibraryFailure['kind'], 'library'>;

/** A request that failed for another reason than what the library returned. */
export class HostFailure extends Error {
  override readonly name = 'HostFailure';
  readonly kind: FailureKind;

  constructor(kind: FailureKind, options?: { cause?: unknown }) {
    super(kind, options);
    this.kind = kind;
  }
}

/** What a call of the library returned, from pkcs11js's error: its code, or the number after the name in its words. */
export function returnValueOf(error: unknown): number | undefined {
  if (!(error instanceof Error)) return undefined;
  const code: unknown = 'code' in error ? error.code : undefined;
  if (typeof code === 'number' && code > 0) return code;
  const inWords = /CKR_\w+:(\d+)/.exec(error.message)?.[1];
  return inWords === undefined ? undefined : Number(inWords);
}
