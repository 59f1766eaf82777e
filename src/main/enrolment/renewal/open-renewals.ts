import type { KiltDatabase } from '#main/store/database.ts';
import { KnownKeySetStore } from '#main/store/known-key-sets.ts';
import type { OperationLog } from '#main/store/operations.ts';
import { RenewalDemandStore } from '#main/store/renewal-demands.ts';
import { RenewalJournal } from '#main/store/renewal-journal.ts';
import type { BankDirectory } from '../bank-files.ts';
import type { EnrolmentServices } from '../enrolment-context.ts';
import { KeySets } from './key-sets.ts';
import { RenewalRunner, type RenewalWatcher } from './renewal-runner.ts';
import { RenewalStatus } from './renewal-status.ts';
import { Renewals } from './renewals.ts';

export interface RenewalsParts extends EnrolmentServices {
  readonly database: KiltDatabase;
  readonly banks: BankDirectory;
  readonly operations: OperationLog;
  /** A format or a registration is under way on the token. */
  readonly isBusy: (tokenSerial: string) => boolean;
  readonly onJournalLine?: RenewalWatcher | undefined;
}

export interface OpenedRenewals {
  readonly renewals: Renewals;
  readonly runner: RenewalRunner;
  readonly journal: RenewalJournal;
}

/** Puts the services of key-set regeneration together. */
export function openRenewals(parts: RenewalsParts): OpenedRenewals {
  const { database, banks, tokens, trust, http, now, pins, isBusy } = parts;
  const journal = new RenewalJournal(database, now);
  const demands = new RenewalDemandStore(database, now);
  const runner = new RenewalRunner({
    ...parts,
    journal,
    onSignedIn: ({ bankId, userId }, { renewal }) => demands.heard(bankId, userId, renewal),
  });
  const keySets = new KeySets({ store: new KnownKeySetStore(database), tokens, banks, trust });
  const status = new RenewalStatus({
    journal,
    banks,
    http,
    now,
    isRunning: (id) => runner.isRunning(id),
    onChange: () => renewals.changed(),
  });
  const renewals = new Renewals({ keySets, runner, status, demands, tokens, pins, banks, isBusy, now });
  return { renewals, runner, journal };
}
