import type { TokenSerial } from '#shared/bytes.ts';
import type { KiltError } from '#shared/errors.ts';
import type { Presence } from '#shared/views.ts';
import type { TokenInfo, TokenObjects, TokenSession } from './token-session.ts';

/** A token that is in a reader now, with what could be read of it without a PIN. */
export interface KnownToken {
  /** Of this insertion; another one after the token is pulled and put back. */
  readonly id: string;
  readonly reader: string;
  readonly state: 'reading' | 'ready' | 'in-use' | 'unsupported' | 'mute';
  readonly info?: TokenInfo;
  readonly objects?: TokenObjects;
  readonly error?: KiltError;
}

/** Follows readers and tokens, and is the only way to a {@link TokenSession}. */
export interface TokenWatch {
  start(): Promise<void>;
  stop(): Promise<void>;
  presence(): Presence;
  tokens(): readonly KnownToken[];
  onChange(listener: () => void): () => void;
  /**
   * Runs `work` in one card transaction and, whatever happens, logs out and ends it. Work on one token is queued.
   * Afterwards what is known of the token is read again if `work` wrote to it.
   *
   * @throws KiltError `token-removed` when this insertion has ended, `token-in-use` after waiting in vain
   */
  withSession<T>(tokenId: string, work: (session: TokenSession) => Promise<T>): Promise<T>;
}

/** For what goes to the reader on its own: a vendor's library. */
export interface TokenRelease {
  /**
   * Runs `work` while Kilt itself has no connection to the token, in the same queue as the sessions.
   *
   * @param work is given the serial number that was read of this insertion, and a signal that is aborted when it ends
   * @param options.changes `work` may spend tries or write: what is known of the token is read again afterwards
   * Listeners of {@link TokenWatch.onChange} are told afterwards, whatever came of it.
   *
   * @throws KiltError `token-removed`, `token-mute` (nothing was read of it yet), and those of `work`
   */
  whileReleased<T>(
    tokenId: string,
    options: { readonly changes: boolean },
    work: (serial: TokenSerial, signal: AbortSignal) => Promise<T>,
  ): Promise<T>;
}
