import { asSecret, wipe, type SecretBytes } from '#shared/bytes.ts';
import { isKiltError, KiltError } from '#shared/errors.ts';
import type { PinRole } from './token-session.ts';

interface KeptPin {
  readonly pin: SecretBytes;
  /** How many pieces of work use it now; it does not grow old meanwhile. */
  users: number;
  idle: NodeJS.Timeout | undefined;
}

const fiveMinutes = 5 * 60 * 1000;

/** A library that crashed or hung while it had the PIN did not say whether the token took it. */
const mayBeRefused = (error: unknown): boolean =>
  (['wrong-pin', 'pin-blocked', 'driver-failed'] as const).some((id) => isKiltError(error, id));

/**
 * The only place that holds a PIN between two operations. PINs are kept by token insertion, so that they are gone
 * with the token, and are overwritten when they are forgotten: on removal, after idle time, when the program quits,
 * and at once when the card refuses them or may have, so that a wrong PIN is never sent a second time.
 */
export class PinCustody {
  readonly #idleMilliseconds: number;
  readonly #kept = new Map<string, Map<PinRole, KeptPin>>();

  /** @param options.idleMilliseconds after the last use, when a PIN is forgotten */
  constructor(options: { readonly idleMilliseconds?: number } = {}) {
    this.#idleMilliseconds = options.idleMilliseconds ?? fiveMinutes;
  }

  /** Keeps a copy of `pin`. The caller still owns, and wipes, its own buffer. */
  keep(tokenId: string, role: PinRole, pin: SecretBytes): void {
    this.#drop(tokenId, role);
    const kept: KeptPin = { pin: asSecret(Uint8Array.from(pin)), users: 0, idle: undefined };
    const ofToken = this.#kept.get(tokenId) ?? new Map<PinRole, KeptPin>();
    ofToken.set(role, kept);
    this.#kept.set(tokenId, ofToken);
    this.#startIdleTime(tokenId, role, kept);
  }

  has(tokenId: string, role: PinRole): boolean {
    return this.#kept.get(tokenId)?.has(role) === true;
  }

  /**
   * Lends a copy of the PIN to `work` and wipes it afterwards. It is a copy because the PIN may be forgotten while the
   * work is waiting for the card, and a wiped buffer sent to the card would cost a try.
   *
   * @throws KiltError `pin-needed` {role} when no PIN is kept; what `work` throws
   */
  async use<T>(tokenId: string, role: PinRole, work: (pin: SecretBytes) => Promise<T>): Promise<T> {
    const kept = this.#kept.get(tokenId)?.get(role);
    if (kept === undefined) throw new KiltError('pin-needed', { role });
    const lent = asSecret(Uint8Array.from(kept.pin));
    kept.users += 1;
    clearTimeout(kept.idle);
    try {
      return await work(lent);
    } catch (error) {
      if (mayBeRefused(error) && this.#kept.get(tokenId)?.get(role) === kept) this.#drop(tokenId, role);
      throw error;
    } finally {
      wipe(lent);
      kept.users -= 1;
      if (this.#kept.get(tokenId)?.get(role) === kept) this.#startIdleTime(tokenId, role, kept);
    }
  }

  forget(tokenId: string): void {
    for (const role of [...(this.#kept.get(tokenId)?.keys() ?? [])]) this.#drop(tokenId, role);
  }

  /** Forgets the PINs of all other tokens: those that have been pulled. */
  keepOnly(tokenIds: ReadonlySet<string>): void {
    for (const tokenId of [...this.#kept.keys()]) if (!tokenIds.has(tokenId)) this.forget(tokenId);
  }

  forgetAll(): void {
    for (const tokenId of [...this.#kept.keys()]) this.forget(tokenId);
  }

  #drop(tokenId: string, role: PinRole): void {
    const ofToken = this.#kept.get(tokenId);
    const kept = ofToken?.get(role);
    if (ofToken === undefined || kept === undefined) return;
    clearTimeout(kept.idle);
    wipe(kept.pin);
    ofToken.delete(role);
    if (ofToken.size === 0) this.#kept.delete(tokenId);
  }

  #startIdleTime(tokenId: string, role: PinRole, kept: KeptPin): void {
    clearTimeout(kept.idle);
    if (kept.users > 0) return;
    kept.idle = setTimeout(() => this.#drop(tokenId, role), this.#idleMilliseconds);
    kept.idle.unref();
  }
}
