import { KiltError } from '#shared/errors.ts';
import type { TokenInfo } from '#main/token/token-session.ts';
import type { KnownToken, TokenWatch } from '#main/token/token-watch.ts';

/** A token that is in a reader and has told about itself. */
export type PresentToken = KnownToken & { readonly info: TokenInfo };

/**
 * The tokens in the readers as they were seen last. Who follows the readers reads a token when it comes and after
 * Kilt's own work; what other programs do to it in between is found out by {@link readAgain}.
 */
export class TokensSeen {
  readonly #tokens: TokenWatch;
  /** By insertion: what was read again, and what those who follow the readers knew then. */
  readonly #again = new Map<string, { readonly info: TokenInfo; readonly then: TokenInfo }>();

  constructor(tokens: TokenWatch) {
    this.#tokens = tokens;
  }

  /**
   * The token of this insertion.
   *
   * @throws KiltError `token-removed`, `token-in-use`, `token-unsupported`, `token-mute`, `operation-busy` while it is
   *   being read
   */
  get(tokenId: string): PresentToken {
    const token = this.#tokens.tokens().find(({ id }) => id === tokenId);
    if (!token) throw new KiltError('token-removed');
    const { state, reader, info } = token;
    if (state === 'in-use') throw new KiltError('token-in-use', { reader });
    if (state === 'unsupported') throw new KiltError('token-unsupported', { reader });
    if (state === 'mute') throw new KiltError('token-mute', { reader });
    if (!info) throw token.error ?? new KiltError('operation-busy');
    const again = this.#again.get(tokenId);
    return { ...token, info: again?.then === info ? again.info : info };
  }

  /** Asks the token what it tells without a PIN. @throws as {@link get}, and what the token answers with */
  async readAgain(tokenId: string): Promise<PresentToken> {
    this.get(tokenId);
    const info = await this.#tokens.withSession(tokenId, (session) => session.info());
    const then = this.#tokens.tokens().find(({ id }) => id === tokenId)?.info;
    if (then) this.#again.set(tokenId, { info, then });
    return this.get(tokenId);
  }

  /** Forgets insertions that have ended. */
  follow(): void {
    const present = new Set(this.#tokens.tokens().map(({ id }) => id));
    for (const id of this.#again.keys()) if (!present.has(id)) this.#again.delete(id);
  }
}
