import type { ErrorView, RegistrationView } from '#shared/views.ts';
import type { KeySetView } from '#shared/renewal-views.ts';

/** What a bank has decided about a request that had to wait, and what has come of it. */
export type BankDecision =
  | ({
      readonly about: 'keys';
      readonly tokenSerial: string;
      readonly tokenName: string;
      readonly name: string;
    } & {
      readonly outcome: 'issued' | 'refused';
    })
  | ({ readonly about: 'registration'; readonly tokenSerial: string; readonly userId: string } & (
      { readonly outcome: 'registered' } | { readonly outcome: 'stopped'; readonly error: ErrorView }
    ));

/**
 * Notices in what is told of regenerations and registrations that the bank has decided: days after it was asked, as a rule,
 * while nobody looks on.
 */
export class BankDecisions {
  readonly #accepted = new Set<string>();
  readonly #waiting = new Set<string>();

  /** @returns decisions that were not there when the key sets were told of last */
  amongKeySets(sets: readonly KeySetView[]): readonly BankDecision[] {
    return sets.flatMap((set): readonly BankDecision[] => {
      const { id, status, renewal, tokenSerial, tokenName, profileName } = set;
      if (status === 'accepted') this.#accepted.add(id);
      const isDecided = status === 'new-certificate' || status === 'refused';
      // A request that was lost is sent again, and waits on.
      if (!isDecided && renewal) return [];
      if (!this.#accepted.delete(id) || !isDecided) return [];
      const outcome = status === 'refused' ? 'refused' : 'issued';
      return [{ about: 'keys', tokenSerial, tokenName, name: profileName, outcome }];
    });
  }

  /** @returns the end that a registration has come to which had to wait */
  ofRegistration(registration: RegistrationView): BankDecision | undefined {
    const { journalId, state, waitingUntil, tokenSerial, userId, error } = registration;
    if (waitingUntil !== undefined) this.#waiting.add(journalId);
    else if (state !== 'running' && this.#waiting.delete(journalId)) {
      const about = { about: 'registration', tokenSerial, userId } as const;
      if (state === 'finished') return { ...about, outcome: 'registered' };
      if (error) return { ...about, outcome: 'stopped', error };
    }
    return undefined;
  }
}
