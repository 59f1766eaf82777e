import type { BankPublisherStore, KeptPublisher } from '#main/store/bank-publishers.ts';
import type { BuiltInPublishers } from './built-in-publishers.ts';

/**
 * What a signer is to a bank:
 *
 * - `new`: nobody has signed for this bank yet; the user must confirm the fingerprint;
 * - `known`: the key that was confirmed, or that is built into Kilt;
 * - `successor`: the confirmed key has named this one as its next;
 * - `other`: another key than the confirmed one. Whoever signed with it, it is refused.
 */
export type SignerStanding = 'new' | 'known' | 'successor' | 'other';

/** Who may sign for which bank: keys that are built in, and keys confirmed on this computer (trust on first use). */
export class BankTrust {
  readonly #kept: Pick<BankPublisherStore, 'get' | 'keep' | 'forget'>;
  readonly #builtIn: BuiltInPublishers;

  constructor(kept: Pick<BankPublisherStore, 'get' | 'keep' | 'forget'>, builtIn: BuiltInPublishers) {
    this.#kept = kept;
    this.#builtIn = builtIn;
  }

  standing(bankId: string, fingerprint: string): SignerStanding {
    const builtIn = this.#builtInKeys(bankId);
    const confirmed = this.#confirmed(bankId);
    if (confirmed) {
      if (confirmed.fingerprint === fingerprint) return 'known';
      return confirmed.nextSigners.includes(fingerprint) ? 'successor' : 'other';
    }
    if (builtIn.length > 0) return builtIn.includes(fingerprint) ? 'known' : 'other';
    return 'new';
  }

  /** Whether Kilt itself vouches for the key, so that nobody has to compare it. */
  isBuiltIn(bankId: string, fingerprint: string): boolean {
    return this.#builtInKeys(bankId).includes(fingerprint);
  }

  /** The highest version that was taken. */
  version(bankId: string): number | undefined {
    return this.#confirmed(bankId)?.version;
  }

  /** Takes a version: from now on only its signer, or whom it names, may sign the next. */
  keep(taken: {
    readonly bankId: string;
    readonly fingerprint: string;
    readonly nextSigners: readonly string[];
    readonly version: number;
  }): void {
    const confirmed = this.#confirmed(taken.bankId);
    // What is there but does not count must not hold its place with a high version.
    if (!confirmed) this.#kept.forget(taken.bankId);
    this.#kept.keep({ ...taken, firstFingerprint: confirmed?.firstFingerprint ?? taken.fingerprint });
  }

  forget(bankId: string): void {
    this.#kept.forget(bankId);
  }

  #builtInKeys(bankId: string): readonly string[] {
    return this.#builtIn.get(bankId) ?? [];
  }

  /** What was confirmed before Kilt knew the bank's key counts only if it began with that key. */
  #confirmed(bankId: string): KeptPublisher | undefined {
    const kept = this.#kept.get(bankId);
    const builtIn = this.#builtInKeys(bankId);
    return kept && (builtIn.length === 0 || builtIn.includes(kept.firstFingerprint)) ? kept : undefined;
  }
}
