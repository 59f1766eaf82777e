import { isKiltError } from '#shared/errors.ts';
import type { JournalledRenewal, RenewalJournal } from '#main/store/renewal-journal.ts';
import { BankClient } from '../bank-client.ts';
import type { BankDirectory } from '../bank-files.ts';
import type { BankSystem } from '../bank-system.ts';
import type { HttpClient } from '../http.ts';
import { isWaiting } from './renewal-view.ts';

/** How often requests are asked about whose token's PIN nobody has typed. */
const shortestPause = 60_000;

export interface RenewalStatusParts {
  readonly journal: RenewalJournal;
  readonly banks: BankDirectory;
  readonly http: (bank: BankSystem) => HttpClient;
  readonly now: () => Date;
  readonly isRunning: (id: string) => boolean;
  readonly onChange: (id: string) => void;
}

/**
 * Asks the bank how requests stand that nobody can ask the CA about, because that takes the token's PIN. Only where the
 * bank's file offers it. What the bank says here is told to the user; the CA itself is asked before anything is done.
 */
export class RenewalStatus {
  readonly #parts: RenewalStatusParts;
  #clock: NodeJS.Timeout | undefined;
  #asking: Promise<void> | undefined;
  #closed = false;

  constructor(parts: RenewalStatusParts) {
    this.#parts = parts;
  }

  start(): void {
    this.#clock ??= setInterval(() => void this.ask({ onlyDue: true }), shortestPause).unref();
    void this.ask({ onlyDue: false });
  }

  /** Answers that come later are not written down any more. */
  stop(): void {
    clearInterval(this.#clock);
    this.#clock = undefined;
    this.#closed = true;
  }

  /** @param options.onlyDue leaves out those of which the CA has named a later time */
  async ask({ onlyDue }: { readonly onlyDue: boolean }): Promise<void> {
    await this.#asking;
    this.#asking = this.#askAll(onlyDue).finally(() => {
      this.#asking = undefined;
    });
    await this.#asking;
  }

  async #askAll(onlyDue: boolean): Promise<void> {
    const { journal, now } = this.#parts;
    for (const renewal of journal.unfinished()) {
      if (this.#closed) return;
      const { waitingUntil, said } = renewal.facts;
      if (!isWaiting(renewal) || said?.state === 'issued') continue;
      // A run that is under way asks the CA by itself.
      if (
        onlyDue &&
        (this.#parts.isRunning(renewal.id) || (waitingUntil !== undefined && new Date(waitingUntil) > now()))
      )
        continue;
      await this.#askAbout(renewal);
    }
  }

  async #askAbout({ id, bankId, facts }: JournalledRenewal): Promise<void> {
    const { banks, http, journal, now, onChange } = this.#parts;
    const bank = banks.find(bankId);
    if (bank?.renewal?.status !== true) return;
    const client = http(bank);
    try {
      const { expectedAt, state, reason } = await new BankClient(bank, client.post, now).renewalStatus(
        facts.signatureTransactionId,
      );
      const said = { state, ...(reason === undefined ? {} : { reason }) };
      if (this.#closed) return;
      // The journal may have gone on meanwhile.
      const present = journal.find(id);
      if (!present || !isWaiting(present)) return;
      if (
        JSON.stringify(said) === JSON.stringify(present.facts.said) &&
        expectedAt === present.facts.expectedAt
      )
        return;
      journal.learn(id, { said, expectedAt });
      onChange(id);
    } catch (error) {
      // Asked again later.
      if (!isKiltError(error)) throw error;
    } finally {
      await client.close();
    }
  }
}
