import { isKiltError, KiltError } from '#shared/errors.ts';
import type { AuditDetail, AuditLog, AuditSubject } from '#main/store/audit-log.ts';
import type { PinRole, TokenSession } from '#main/token/token-session.ts';
import type { TokenWatch } from '#main/token/token-watch.ts';
import type { PanelRights, Rights } from './panel-rights.ts';
import type { PresentToken, TokensSeen } from './tokens-seen.ts';

export interface TokenActionsOptions {
  readonly tokens: TokenWatch;
  readonly seen: TokensSeen;
  readonly rights: PanelRights;
  readonly audit: AuditLog;
  /** A registration on this token is being carried out, here or by another Kilt on this computer. */
  readonly isRegistering: (tokenSerial: string) => boolean;
}

export interface TokenAction extends Pick<AuditSubject, 'action' | 'reason' | 'detail'> {
  readonly tokenId: string;
  /** Whose rights it takes; `null`: none, because the token has nobody to ask for them. */
  readonly as: PinRole | null;
}

/**
 * Administrative actions on a token. Each is one card session with one VERIFY, on the token that the PIN was typed
 * for, between two lines of the audit.
 */
export class TokenActions {
  readonly #options: TokenActionsOptions;
  /** Serial numbers of tokens that are being formatted. */
  readonly #formatting = new Set<string>();

  constructor(options: TokenActionsOptions) {
    this.#options = options;
  }

  isFormatting(tokenSerial: string): boolean {
    return this.#formatting.has(tokenSerial);
  }

  /** A format or a registration is under way on this token. */
  isBusy(tokenSerial: string): boolean {
    return this.isFormatting(tokenSerial) || this.#options.isRegistering(tokenSerial);
  }

  /** Refuses all other actions on this token until `work` has ended. */
  async whileFormatting<T>(tokenSerial: string, work: () => Promise<T>): Promise<T> {
    this.#formatting.add(tokenSerial);
    try {
      return await work();
    } finally {
      this.#formatting.delete(tokenSerial);
    }
  }

  /**
   * The token, when nothing is under way on it that an action would disturb.
   *
   * @throws KiltError `operation-busy`, and those of {@link TokensSeen}
   */
  freeToken(tokenId: string): PresentToken {
    const token = this.#options.seen.get(tokenId);
    if (this.isBusy(token.info.serial)) throw new KiltError('operation-busy');
    return token;
  }

  /** @throws KiltError `pin-needed` {role} unless this role is logged in */
  rightsOf<Role extends PinRole>(tokenId: string, role: Role): Rights & { readonly role: Role } {
    const rights = this.#options.rights.of(tokenId);
    if (rights?.role !== role) throw new KiltError('pin-needed', { role });
    return { ...rights, role };
  }

  /**
   * @param work with the role logged in; may tell the audit what it learnt
   * @throws KiltError `disk-full`, `storage-failed` (the token was not touched), `pin-needed`, `token-swapped`,
   *   `wrong-pin`, `pin-blocked`, and those of `work`
   */
  async run<T>(
    { tokenId, as, ...subject }: TokenAction,
    work: (session: TokenSession, learn: (detail: AuditDetail) => void) => Promise<T>,
  ): Promise<T> {
    const { tokens, seen, rights, audit } = this.#options;
    const { info } = seen.get(tokenId);
    const held = as && this.rightsOf(tokenId, as);
    const about = { tokenSerial: info.serial, tokenLabel: info.label, role: as };
    try {
      return await rights.during(tokenId, () =>
        audit.record({ ...subject, ...about }, (learn) =>
          tokens.withSession(tokenId, async (session) => {
            if (held) await rights.logIn(session, held);
            else if (session.serial !== info.serial) throw new KiltError('token-swapped');
            return work(session, learn);
          }),
        ),
      );
    } catch (error) {
      // What the other program does to the token is not known: the PIN may be another one afterwards, and a try lost.
      if (isKiltError(error, 'token-in-use')) rights.end(tokenId, 'in-use');
      if (isKiltError(error, 'token-swapped')) rights.end(tokenId, 'swapped');
      throw error;
    }
  }
}
