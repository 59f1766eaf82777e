import type { SecretBytes } from '#shared/bytes.ts';
import { isKiltError, KiltError } from '#shared/errors.ts';
import { PinCustody } from '#main/token/pin-custody.ts';
import type { PinRole, TokenSession } from '#main/token/token-session.ts';

/** Why rights ended. */
export type RightsEnd =
  | 'logout'
  | 'removed'
  | 'idle'
  | 'locked'
  | 'refused'
  | 'swapped'
  | 'in-use'
  | 'pin-changed'
  | 'formatted'
  | 'quit';

/** Who is logged in on one insertion of one token. */
export interface Rights {
  readonly tokenId: string;
  readonly tokenSerial: string;
  readonly tokenLabel: string | null;
  readonly role: PinRole;
  readonly since: Date;
}

interface HeldRights {
  readonly rights: Rights;
  idle: NodeJS.Timeout | undefined;
  /** Actions under way; the rights do not grow old meanwhile. */
  actions: number;
}

const fiveMinutes = 5 * 60 * 1000;

/**
 * The rights that «Ввести PIN-код…» gives: a role and its PIN, for one insertion of one token, until an end of them
 * comes. The PIN is in a custody of the panel's own, apart from the picker's.
 */
export class PanelRights {
  readonly #idleMilliseconds: number;
  readonly #pins: PinCustody;
  readonly #onEnd: (rights: Rights, why: RightsEnd) => void;
  readonly #held = new Map<string, HeldRights>();
  #timesAllEnded = 0;

  /** @param options.idleMilliseconds after the last action, when the rights end */
  constructor(options: {
    readonly idleMilliseconds?: number | undefined;
    readonly onEnd: (rights: Rights, why: RightsEnd) => void;
  }) {
    this.#idleMilliseconds = options.idleMilliseconds ?? fiveMinutes;
    // These rights end first; the custody's own time is a net below them.
    this.#pins = new PinCustody({ idleMilliseconds: 2 * this.#idleMilliseconds });
    this.#onEnd = options.onEnd;
  }

  of(tokenId: string): Rights | undefined {
    return this.#held.get(tokenId)?.rights;
  }

  /** Keeps a copy of the PIN, which the token has just accepted. Rights that somebody had on the token end. */
  begin(rights: Rights, pin: SecretBytes): void {
    this.#drop(rights.tokenId);
    this.#pins.keep(rights.tokenId, rights.role, pin);
    const held: HeldRights = { rights, idle: undefined, actions: 0 };
    this.#held.set(rights.tokenId, held);
    this.#restartIdleTime(held);
  }

  /** Whoever is logged in has changed the PIN: the rights go on with the new one. */
  renewPin(tokenId: string, pin: SecretBytes): void {
    const held = this.#held.get(tokenId);
    if (held) this.#pins.keep(tokenId, held.rights.role, pin);
  }

  /** Lends the PIN of whoever is logged in. @throws KiltError `pin-needed` when the rights have ended */
  withPin<T>({ tokenId, role }: Rights, work: (pin: SecretBytes) => Promise<T>): Promise<T> {
    return this.#pins.use(tokenId, role, work);
  }

  /**
   * Does one action with rights: one VERIFY with the PIN in custody, on the token that it was typed for.
   *
   * @param session of the token in the reader now
   * @throws KiltError `token-swapped`, `pin-needed`, `wrong-pin`, `pin-blocked`; the rights have then ended
   */
  async logIn(session: TokenSession, rights: Rights): Promise<void> {
    try {
      if (session.serial !== rights.tokenSerial) throw new KiltError('token-swapped');
      await this.withPin(rights, (pin) => session.login(rights.role, pin));
    } catch (error) {
      if (isKiltError(error, 'token-swapped')) this.end(rights.tokenId, 'swapped');
      if (isKiltError(error, 'wrong-pin') || isKiltError(error, 'pin-blocked'))
        this.end(rights.tokenId, 'refused');
      throw error;
    }
  }

  /** The rights do not end by idle time while `work` goes on, and their time begins anew after it. */
  async during<T>(tokenId: string, work: () => Promise<T>): Promise<T> {
    const held = this.#held.get(tokenId);
    if (!held) return work();
    held.actions += 1;
    clearTimeout(held.idle);
    try {
      return await work();
    } finally {
      held.actions -= 1;
      this.#restartIdleTime(held);
    }
  }

  end(tokenId: string, why: RightsEnd): void {
    const rights = this.of(tokenId);
    this.#drop(tokenId);
    if (rights) this.#onEnd(rights, why);
  }

  /** Another number than before: {@link endAll} was called meanwhile, and rights asked for earlier must not begin. */
  get timesAllEnded(): number {
    return this.#timesAllEnded;
  }

  endAll(why: RightsEnd): void {
    this.#timesAllEnded += 1;
    for (const tokenId of [...this.#held.keys()]) this.end(tokenId, why);
  }

  /** Ends the rights on tokens that are not among these. */
  keepOnly(tokenIds: ReadonlySet<string>): void {
    for (const tokenId of [...this.#held.keys()]) if (!tokenIds.has(tokenId)) this.end(tokenId, 'removed');
  }

  #drop(tokenId: string): void {
    clearTimeout(this.#held.get(tokenId)?.idle);
    this.#held.delete(tokenId);
    this.#pins.forget(tokenId);
  }

  #restartIdleTime(held: HeldRights): void {
    clearTimeout(held.idle);
    if (held.actions > 0 || this.#held.get(held.rights.tokenId) !== held) return;
    held.idle = setTimeout(() => this.end(held.rights.tokenId, 'idle'), this.#idleMilliseconds);
    held.idle.unref();
  }
}
